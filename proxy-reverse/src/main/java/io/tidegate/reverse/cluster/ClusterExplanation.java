package io.tidegate.reverse.cluster;

import java.util.List;
import java.util.Locale;

/**
 * Where in a cluster a request could go now.
 *
 * @param name the cluster
 * @param affinity whether the client stays with an endpoint
 * @param panicking whether unhealthy endpoints are used because too few are healthy
 * @param waitingRequests how many requests wait for an endpoint with room; then this one would wait
 *     behind them
 * @param endpoints all endpoints
 */
public record ClusterExplanation(
    String name,
    Affinity affinity,
    boolean panicking,
    int waitingRequests,
    List<EndpointExplanation> endpoints) {
  /** What affinity says. */
  public enum Affinity {
    /** Clients do not stay with endpoints. */
    OFF,
    /** The client has no cookie that tells of an endpoint; it gets one. */
    NEW,
    /** It stays with its endpoint. */
    KEPT,
    /** Its endpoint is gone or unavailable, or the cookie is none of ours: it gets another. */
    MOVED,
    /** As before, but it may go nowhere else: 503. */
    REFUSED
  }

  /** Copies the list. */
  public ClusterExplanation {
    endpoints = List.copyOf(endpoints);
  }

  /** A line for the cluster and one for each endpoint. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("cluster ").append(name);
    text.append(", affinity ").append(affinity.name().toLowerCase(Locale.ROOT));
    text.append(panicking ? ", in panic" : "");
    text.append(waitingRequests > 0 ? ", " + waitingRequests + " requests wait" : "");
    endpoints.forEach(endpoint -> text.append("\n  ").append(endpoint));
    return text.toString();
  }
}
