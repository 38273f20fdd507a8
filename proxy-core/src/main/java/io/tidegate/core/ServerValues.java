package io.tidegate.core;

import io.tidegate.core.server.ServerSettings;
import java.time.Duration;

/** The {@link ServerSettings} of a proxy, as said so far. */
final class ServerValues {
  Duration headTimeout = ServerSettings.DEFAULT.headTimeout();
  Duration keepAliveTimeout = ServerSettings.DEFAULT.keepAliveTimeout();
  int maxHeadBytes = ServerSettings.DEFAULT.maxHeadBytes();
  int maxFields = ServerSettings.DEFAULT.maxFields();
  int maxTargetBytes = ServerSettings.DEFAULT.maxTargetBytes();
  int maxConnections = ServerSettings.DEFAULT.maxConnections();
  int maxConnectionsPerClient = ServerSettings.DEFAULT.maxConnectionsPerClient();
  final Http2Builder http2 = new Http2Builder();

  /** Says everything that {@code settings} say. */
  void settings(ServerSettings settings) {
    this.headTimeout = settings.headTimeout();
    this.keepAliveTimeout = settings.keepAliveTimeout();
    this.maxHeadBytes = settings.maxHeadBytes();
    this.maxFields = settings.maxFields();
    this.maxTargetBytes = settings.maxTargetBytes();
    this.maxConnections = settings.maxConnections();
    this.maxConnectionsPerClient = settings.maxConnectionsPerClient();
    http2.settings(settings.http2());
  }

  /**
   * What was said.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  ServerSettings settings() {
    return new ServerSettings(
        headTimeout,
        keepAliveTimeout,
        maxHeadBytes,
        maxFields,
        maxTargetBytes,
        maxConnections,
        maxConnectionsPerClient,
        http2.settings());
  }
}
