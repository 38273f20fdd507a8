package io.tidegate.reverse.resilience;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ExchangeSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * Time-outs of a route; those of the proxy where it says nothing.
 *
 * @param connect how long name look-up, connection and TLS handshake may take together
 * @param response how long an endpoint may take from the end of the request to the head of its
 *     response; each endpoint that is tried
 * @param idle how long either side may neither send nor take an octet of a body
 * @param exchange how long all of it may take, with all attempts
 */
public record TimeoutSettings(
    Optional<Duration> connect,
    Optional<Duration> response,
    Optional<Duration> idle,
    Optional<Duration> exchange) {
  /** Those of the proxy. */
  public static final TimeoutSettings OF_PROXY =
      new TimeoutSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Rejects what cannot work. */
  public TimeoutSettings {
    Checks checks = new Checks();
    connect.ifPresent(timeout -> checks.duration("connectTimeout", timeout));
    response.ifPresent(timeout -> checks.duration("responseTimeout", timeout));
    idle.ifPresent(timeout -> checks.duration("idleTimeout", timeout));
    exchange.ifPresent(timeout -> checks.duration("exchangeTimeout", timeout));
    checks.done();
  }

  /** The settings of the proxy with these time-outs. */
  public ExchangeSettings over(ExchangeSettings proxy) {
    return new ExchangeSettings(
        connect.orElse(proxy.connectTimeout()),
        response.orElse(proxy.responseTimeout()),
        idle.orElse(proxy.idleTimeout()),
        exchange.orElse(proxy.exchangeTimeout()),
        proxy.maxBodyBytes(),
        proxy.minBodyRate(),
        proxy.tunnelIdleTimeout(),
        proxy.tunnelHalfCloseTimeout(),
        proxy.hideServerSoftware(),
        proxy.tunnelTimeout());
  }
}
