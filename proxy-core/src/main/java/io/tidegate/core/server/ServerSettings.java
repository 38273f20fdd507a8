package io.tidegate.core.server;

import io.tidegate.core.h2.Http2Settings;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.wire.HeadLimits;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits and time-outs of client connections.
 *
 * @param headTimeout how long a request head may take from the first octet (or from accepting the
 *     connection) to its end
 * @param keepAliveTimeout how long a connection may be idle between requests
 * @param maxHeadBytes the longest request head; 431 beyond
 * @param maxFields the most field lines in a head; 431 beyond
 * @param maxTargetBytes the longest request target; 414 beyond
 * @param maxConnections the most client connections in all; further ones are closed at once
 * @param maxConnectionsPerClient the most connections of one client address; further ones are
 *     closed at once
 * @param http2 what HTTP/2 grants clients; empty if it is not spoken
 */
public record ServerSettings(
    Duration headTimeout,
    Duration keepAliveTimeout,
    int maxHeadBytes,
    int maxFields,
    int maxTargetBytes,
    int maxConnections,
    int maxConnectionsPerClient,
    Optional<Http2Settings> http2) {
  /** What an uncalled builder method means. */
  public static final ServerSettings DEFAULT =
      new ServerSettings(
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          32 << 10,
          100,
          16 << 10,
          50_000,
          50_000,
          Optional.of(Http2Settings.DEFAULT));

  /** Rejects what cannot work. */
  public ServerSettings {
    new Checks()
        .duration("headTimeout", headTimeout)
        .duration("keepAliveTimeout", keepAliveTimeout)
        .between("maxHeadBytes", maxHeadBytes, 512, 1 << 20)
        .between("maxFields", maxFields, 8, 10_000)
        .between("maxTargetBytes", maxTargetBytes, 128, 1 << 20)
        .atLeast("maxConnections", maxConnections, 1)
        .atLeast("maxConnectionsPerClient", maxConnectionsPerClient, 1)
        .done();
  }

  /** The limits of a request head; its first line has room for more than the target. */
  HeadLimits headLimits() {
    int line = Math.min(maxTargetBytes + 48, maxHeadBytes);
    return new HeadLimits(maxHeadBytes, line, maxFields);
  }
}
