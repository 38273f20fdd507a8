package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.ProxyEvent;
import java.util.Locale;

/**
 * Something has changed about the endpoints of a cluster.
 *
 * @param cluster the name of the cluster
 * @param kind what has happened
 * @param endpoint which endpoint it has happened to; empty if to the cluster as a whole
 * @param detail why, in a phrase made by us; may be empty
 */
public record ClusterEvent(String cluster, Kind kind, String endpoint, String detail)
    implements ProxyEvent {
  /** What can happen. */
  public enum Kind {
    /** The endpoint now belongs to the cluster. */
    ADDED,
    /** It does not any more; requests under way end as they would have. */
    REMOVED,
    /** Its probes fail: it gets no requests. */
    DOWN,
    /** Its probes pass again. */
    UP,
    /** Its requests fail or take too long: it gets none for a while. */
    EJECTED,
    /** The while is over: it gets one request at a time, and all its share if they succeed. */
    RETURNED,
    /** It gets no new requests. */
    DRAINING,
    /** It has been draining, and serves no request of ours any more. */
    DRAINED,
    /** It has been draining, and gets requests again. */
    RESUMED,
    /** Too few endpoints are available: all are used. */
    PANIC_BEGAN,
    /** Enough are available again. */
    PANIC_ENDED,
    /** Requests wait or are refused: the endpoints for them serve as many as they may. */
    FULL_BEGAN,
    /** For a second none has had to wait. */
    FULL_ENDED
  }

  @Override
  public String name() {
    String what = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return (endpoint.isEmpty() ? "cluster-" : "endpoint-") + what;
  }

  @Override
  public String subject() {
    return endpoint.isEmpty() ? cluster : cluster + " " + endpoint;
  }
}
