package io.tidegate.core.spi;

import io.tidegate.core.coding.Compression;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes and how it is rewritten on the way. One immutable snapshot serves the whole
 * exchange.
 */
public non-sealed interface Route extends Resolution {
  /** What logs and metrics call it: one of a few names, made of settings alone; may be empty. */
  default String name() {
    return "";
  }

  /** The name of the cluster it leads to; empty if to none. */
  default String clusterName() {
    return "";
  }

  /** The destinations to try for one exchange. */
  Destinations destinations(ClientRequest request);

  /** The raw path and query for the upstream request; CONNECT has none. */
  default String pathAndQuery(ClientRequest request) {
    return request.pathAndQuery();
  }

  /** How fields are rewritten. */
  HeaderPolicy headers();

  /** Which content is buffered for slow clients; null for what the proxy says. */
  default @Nullable BufferingSettings buffering() {
    return null;
  }

  /** Limits and time-outs of the exchanges on this route; null for those of the proxy. */
  default @Nullable ExchangeSettings settings() {
    return null;
  }

  /** Who else decides whether a request may pass; null for nobody. */
  default @Nullable Authorization authorization() {
    return null;
  }

  /** Where copies of requests go; null for nowhere. */
  default @Nullable Mirroring mirroring() {
    return null;
  }

  /** When a request is sent again. */
  default RetryPolicy retry() {
    return RetryPolicy.STALE_CONNECTIONS;
  }

  /** When a second destination is asked besides a slow one; null for never. */
  default @Nullable Hedging hedging() {
    return null;
  }

  /** Which responses are compressed; null for none. */
  default @Nullable Compression compression() {
    return null;
  }

  /** How fast the octets of an exchange may pass; null for as fast as they come. Asked once. */
  default @Nullable Pace pace(ClientRequest request) {
    return null;
  }

  /**
   * What of the cache is for the requests of this route, beside the partition that the proxy gives
   * them. Routes that share one share stored responses; so a route needs its own if something else
   * than the target URI decides that it is taken. Empty for what is shared with all that say so.
   */
  default String cachePartition() {
    return "";
  }

  /**
   * Whether the cache is passed by: whether the client may have a response is known only where it
   * comes from, so none that is stored is given to it, nor is its own given to others.
   */
  default boolean passesCache() {
    return false;
  }

  /**
   * Whether requests get credentials on the way that their clients do not have. To the cache they
   * have an Authorization then (RFC 9111 §3.5).
   */
  default boolean addsCredentials() {
    return false;
  }

  /**
   * What serves the request in place of an error, when nothing else could: another route, or a
   * response of our own; null for the error. Asked once for each exchange.
   */
  default @Nullable Resolution instead(ClientRequest request, Failure failure) {
    return null;
  }
}
