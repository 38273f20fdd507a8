package io.tidegate.core.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * Limits and time-outs of one exchange.
 *
 * @param connectTimeout how long name look-up, TCP connection and TLS handshake may take together
 * @param responseTimeout how long the upstream may take from the end of the request to the head of
 *     its response
 * @param idleTimeout how long either side may neither send nor take an octet of a body
 * @param exchangeTimeout how long an exchange may take in all; tunnels are exempt
 * @param maxBodyBytes the longest request content; 413 beyond
 * @param minBodyRate octets per second that a client must send on average while a body is due,
 *     after the first five seconds; 0 for any
 * @param tunnelIdleTimeout how long a tunnel may be silent both ways
 * @param tunnelHalfCloseTimeout how long a tunnel may be silent after one side has closed
 * @param hideServerSoftware whether Server and X-Powered-By are removed from responses
 * @param tunnelTimeout how long a tunnel may last in all; empty for as long as it is used
 */
public record ExchangeSettings(
    Duration connectTimeout,
    Duration responseTimeout,
    Duration idleTimeout,
    Duration exchangeTimeout,
    long maxBodyBytes,
    int minBodyRate,
    Duration tunnelIdleTimeout,
    Duration tunnelHalfCloseTimeout,
    boolean hideServerSoftware,
    Optional<Duration> tunnelTimeout) {
  /** What an uncalled builder method means. */
  public static final ExchangeSettings DEFAULT =
      new ExchangeSettings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofHours(24),
          10L << 30,
          240,
          Duration.ofMinutes(10),
          Duration.ofSeconds(60),
          false,
          Optional.empty());

  /** The same with another limit for the content of requests. */
  public ExchangeSettings withMaxBodyBytes(long bytes) {
    return new ExchangeSettings(
        connectTimeout,
        responseTimeout,
        idleTimeout,
        exchangeTimeout,
        bytes,
        minBodyRate,
        tunnelIdleTimeout,
        tunnelHalfCloseTimeout,
        hideServerSoftware,
        tunnelTimeout);
  }

  /** Rejects what cannot work. */
  public ExchangeSettings {
    Checks checks = new Checks();
    checks
        .duration("connectTimeout", connectTimeout)
        .duration("responseTimeout", responseTimeout)
        .duration("idleTimeout", idleTimeout)
        .duration("exchangeTimeout", exchangeTimeout)
        .atLeast("maxBodyBytes", maxBodyBytes, 0)
        .atLeast("minBodyRate", minBodyRate, 0)
        .duration("tunnelIdleTimeout", tunnelIdleTimeout)
        .duration("tunnelHalfCloseTimeout", tunnelHalfCloseTimeout);
    tunnelTimeout.ifPresent(timeout -> checks.duration("tunnelTimeout", timeout));
    checks.done();
  }
}
