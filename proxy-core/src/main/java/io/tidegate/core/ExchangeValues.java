package io.tidegate.core;

import io.tidegate.core.spi.ExchangeSettings;
import java.time.Duration;
import java.util.Optional;

/** The {@link ExchangeSettings} of a proxy, as said so far. */
final class ExchangeValues {
  Duration connectTimeout = ExchangeSettings.DEFAULT.connectTimeout();
  Duration responseTimeout = ExchangeSettings.DEFAULT.responseTimeout();
  Duration idleTimeout = ExchangeSettings.DEFAULT.idleTimeout();
  Duration exchangeTimeout = ExchangeSettings.DEFAULT.exchangeTimeout();
  long maxBodyBytes = ExchangeSettings.DEFAULT.maxBodyBytes();
  int minBodyRate = ExchangeSettings.DEFAULT.minBodyRate();
  Duration tunnelIdleTimeout = ExchangeSettings.DEFAULT.tunnelIdleTimeout();
  Duration tunnelHalfCloseTimeout = ExchangeSettings.DEFAULT.tunnelHalfCloseTimeout();
  boolean hideServerSoftware;
  Optional<Duration> tunnelTimeout = Optional.empty();

  /** Says everything that {@code settings} say. */
  void settings(ExchangeSettings settings) {
    this.connectTimeout = settings.connectTimeout();
    this.responseTimeout = settings.responseTimeout();
    this.idleTimeout = settings.idleTimeout();
    this.exchangeTimeout = settings.exchangeTimeout();
    this.maxBodyBytes = settings.maxBodyBytes();
    this.minBodyRate = settings.minBodyRate();
    this.tunnelIdleTimeout = settings.tunnelIdleTimeout();
    this.tunnelHalfCloseTimeout = settings.tunnelHalfCloseTimeout();
    this.hideServerSoftware = settings.hideServerSoftware();
    this.tunnelTimeout = settings.tunnelTimeout();
  }

  /**
   * What was said.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  ExchangeSettings settings() {
    return new ExchangeSettings(
        connectTimeout,
        responseTimeout,
        idleTimeout,
        exchangeTimeout,
        maxBodyBytes,
        minBodyRate,
        tunnelIdleTimeout,
        tunnelHalfCloseTimeout,
        hideServerSoftware,
        tunnelTimeout);
  }
}
