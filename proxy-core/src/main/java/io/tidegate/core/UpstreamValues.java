package io.tidegate.core;

import io.tidegate.core.connect.UpstreamSettings;
import io.tidegate.core.tls.UpstreamTlsSettings;
import java.time.Duration;
import java.util.Optional;

/** The {@link UpstreamSettings} of a proxy, as said so far, without TLS. */
final class UpstreamValues {
  int maxConnections = UpstreamSettings.DEFAULT.maxConnections();
  int maxPending = UpstreamSettings.DEFAULT.maxPending();
  Duration pendingTimeout = UpstreamSettings.DEFAULT.pendingTimeout();
  int maxIdle = UpstreamSettings.DEFAULT.maxIdle();
  Duration idleTimeout = UpstreamSettings.DEFAULT.idleTimeout();
  Duration maxAge = UpstreamSettings.DEFAULT.maxAge();
  long maxRequests = UpstreamSettings.DEFAULT.maxRequests();
  Duration nameTtl = UpstreamSettings.DEFAULT.nameTtl();
  int maxLookupsPerClient = UpstreamSettings.DEFAULT.maxLookupsPerClient();
  int maxStreamsPerConnection = UpstreamSettings.DEFAULT.maxStreamsPerConnection();

  /** Says everything that {@code settings} say, but for TLS. */
  void settings(UpstreamSettings settings) {
    this.maxConnections = settings.maxConnections();
    this.maxPending = settings.maxPending();
    this.pendingTimeout = settings.pendingTimeout();
    this.maxIdle = settings.maxIdle();
    this.idleTimeout = settings.idleTimeout();
    this.maxAge = settings.maxAge();
    this.maxRequests = settings.maxRequests();
    this.nameTtl = settings.nameTtl();
    this.maxLookupsPerClient = settings.maxLookupsPerClient();
    this.maxStreamsPerConnection = settings.maxStreamsPerConnection();
  }

  /**
   * What was said, with this TLS.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  UpstreamSettings settings(Optional<UpstreamTlsSettings> tls) {
    return new UpstreamSettings(
        maxConnections,
        maxPending,
        pendingTimeout,
        maxIdle,
        idleTimeout,
        maxAge,
        maxRequests,
        nameTtl,
        maxLookupsPerClient,
        maxStreamsPerConnection,
        tls);
  }
}
