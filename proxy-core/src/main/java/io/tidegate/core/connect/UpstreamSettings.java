package io.tidegate.core.connect;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.tls.UpstreamTlsSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits and time-outs of upstream connections.
 *
 * @param maxConnections the most connections to one destination, per IO thread
 * @param maxPending the most requests that wait for a connection to one destination, per IO thread;
 *     503 beyond
 * @param pendingTimeout how long a request waits for a connection
 * @param maxIdle the most unused connections to all destinations together, per IO thread
 * @param idleTimeout how long an unused connection is kept
 * @param maxAge how long a connection is used at all
 * @param maxRequests how many requests a connection serves
 * @param nameTtl how long the addresses of a name are remembered
 * @param maxLookupsPerClient the most look-ups of names under way that one client of a forward
 *     proxy has caused; 429 beyond
 * @param maxStreamsPerConnection the most requests at a time on one HTTP/2 connection; fewer if the
 *     server says so (RFC 9113 §5.1.2)
 * @param tls how TLS is spoken where nothing else is said; empty for the trust and keys of the
 *     platform
 */
public record UpstreamSettings(
    int maxConnections,
    int maxPending,
    Duration pendingTimeout,
    int maxIdle,
    Duration idleTimeout,
    Duration maxAge,
    long maxRequests,
    Duration nameTtl,
    int maxLookupsPerClient,
    int maxStreamsPerConnection,
    Optional<UpstreamTlsSettings> tls) {
  /** What an uncalled builder method means. */
  public static final UpstreamSettings DEFAULT =
      new UpstreamSettings(
          1024,
          1024,
          Duration.ofSeconds(5),
          2048,
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          1_000_000,
          Duration.ofSeconds(30),
          256,
          100,
          Optional.empty());

  /** Rejects what cannot work. */
  public UpstreamSettings {
    new Checks()
        .atLeast("maxUpstreamConnections", maxConnections, 1)
        .atLeast("maxPendingRequests", maxPending, 0)
        .duration("pendingTimeout", pendingTimeout)
        .atLeast("maxIdleUpstreamConnections", maxIdle, 0)
        .duration("upstreamIdleTimeout", idleTimeout)
        .duration("upstreamMaxAge", maxAge)
        .atLeast("upstreamMaxRequests", maxRequests, 1)
        .duration("nameTtl", nameTtl)
        .atLeast("maxLookupsPerClient", maxLookupsPerClient, 1)
        .atLeast("maxStreamsPerConnection", maxStreamsPerConnection, 1)
        .done();
  }
}
