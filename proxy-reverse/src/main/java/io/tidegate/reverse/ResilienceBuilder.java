package io.tidegate.reverse;

import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.resilience.BudgetSettings;
import io.tidegate.reverse.resilience.FallbackSettings;
import io.tidegate.reverse.resilience.HedgeSettings;
import io.tidegate.reverse.resilience.ResilienceSettings;
import io.tidegate.reverse.resilience.RetrySettings;
import io.tidegate.reverse.resilience.TimeoutSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Describes what a route does about endpoints that fail or are slow. */
public final class ResilienceBuilder {
  private Optional<Duration> connectTimeout = Optional.empty();
  private Optional<Duration> responseTimeout = Optional.empty();
  private Optional<Duration> idleTimeout = Optional.empty();
  private Optional<Duration> exchangeTimeout = Optional.empty();
  private int attempts = RetrySettings.DEFAULT.attempts();
  private Set<Integer> statuses = RetrySettings.DEFAULT.statuses();
  private Duration backOff = RetrySettings.DEFAULT.backOff();
  private Duration maxBackOff = RetrySettings.DEFAULT.maxBackOff();
  private Optional<Supplier<HedgeSettings>> hedge = Optional.empty();
  private Optional<Supplier<FallbackSettings>> fallback = Optional.empty();
  private Optional<String> fallbackCluster = Optional.empty();

  ResilienceBuilder() {}

  /** Starts from what {@code settings} say. */
  ResilienceBuilder(ResilienceSettings settings) {
    connectTimeout = settings.timeouts().connect();
    responseTimeout = settings.timeouts().response();
    idleTimeout = settings.timeouts().idle();
    exchangeTimeout = settings.timeouts().exchange();
    attempts = settings.retry().attempts();
    statuses = settings.retry().statuses();
    backOff = settings.retry().backOff();
    maxBackOff = settings.retry().maxBackOff();
    hedge = settings.hedge().map(given -> () -> given);
    fallback = settings.fallback().map(given -> () -> given);
    fallbackCluster = settings.fallbackCluster();
  }

  /** How long name look-up, connection and TLS handshake may take together. */
  public ResilienceBuilder connectTimeout(Duration timeout) {
    this.connectTimeout = Optional.of(timeout);
    return this;
  }

  /**
   * How long each endpoint that is tried may take from the end of the request to the head of its
   * response.
   */
  public ResilienceBuilder responseTimeout(Duration timeout) {
    this.responseTimeout = Optional.of(timeout);
    return this;
  }

  /** How long either side may neither send nor take an octet of a body. */
  public ResilienceBuilder idleTimeout(Duration timeout) {
    this.idleTimeout = Optional.of(timeout);
    return this;
  }

  /** How long an exchange may take in all, with all its attempts; tunnels are exempt. */
  public ResilienceBuilder exchangeTimeout(Duration timeout) {
    this.exchangeTimeout = Optional.of(timeout);
    return this;
  }

  /**
   * How often a request is sent at most, to one endpoint after another, if it is safe to repeat; 3
   * unless called, 1 for never again.
   */
  public ResilienceBuilder attempts(int count) {
    this.attempts = count;
    return this;
  }

  /**
   * Responses with these status codes count as failures while there is another endpoint to try;
   * 502, 503 and 504 unless called, none if called without any.
   */
  public ResilienceBuilder retryOn(int... codes) {
    this.statuses = Arrays.stream(codes).boxed().collect(Collectors.toSet());
    return this;
  }

  /**
   * The longest pause before the second attempt, twice that before the third, up to {@code most};
   * chance picks one between nothing and that. 25 and 250 ms unless called.
   */
  public ResilienceBuilder backOff(Duration first, Duration most) {
    this.backOff = first;
    this.maxBackOff = most;
    return this;
  }

  /**
   * Asks a second endpoint besides one that takes longer than this percentage of requests did
   * lately; whichever responds first serves the client. Of requests that are safe and have no
   * content; at most 5% of all.
   */
  public ResilienceBuilder hedge(double percentile) {
    HedgeSettings given = HedgeSettings.DEFAULT;
    return hedge(percentile, given.leastDelay(), given.budget().percent());
  }

  /**
   * As {@link #hedge(double)}; not before {@code leastDelay}, and at most {@code percent} of all
   * requests.
   */
  public ResilienceBuilder hedge(double percentile, Duration leastDelay, int percent) {
    this.hedge =
        Optional.of(
            () -> new HedgeSettings(percentile, leastDelay, new BudgetSettings(percent, 0)));
    return this;
  }

  /** Another cluster serves the request in the end, if it is safe to repeat. */
  public ResilienceBuilder fallback(String cluster) {
    this.fallback = Optional.of(() -> new FallbackSettings.ToCluster(cluster));
    this.fallbackCluster = Optional.of(cluster);
    return this;
  }

  /** This response serves the request in the end; {@code content} is sent in UTF-8. */
  public ResilienceBuilder fallback(int status, String contentType, String content) {
    this.fallback =
        Optional.of(() -> new FallbackSettings.WithResponse(status, contentType, content));
    this.fallbackCluster = Optional.empty();
    return this;
  }

  Optional<String> fallbackCluster() {
    return fallbackCluster;
  }

  /** What was said; defaults stand in for what is noted in {@code checks} as wrong. */
  ResilienceSettings settings(Checks checks) {
    TimeoutSettings timeouts =
        checks.collect(
            () ->
                new TimeoutSettings(connectTimeout, responseTimeout, idleTimeout, exchangeTimeout));
    RetrySettings retry =
        checks.collect(() -> new RetrySettings(attempts, statuses, backOff, maxBackOff));
    return new ResilienceSettings(
        timeouts == null ? TimeoutSettings.OF_PROXY : timeouts,
        retry == null ? RetrySettings.DEFAULT : retry,
        hedge.flatMap(given -> Optional.ofNullable(checks.collect(given))),
        fallback.flatMap(given -> Optional.ofNullable(checks.collect(given))));
  }
}
