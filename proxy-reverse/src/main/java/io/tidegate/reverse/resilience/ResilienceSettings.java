package io.tidegate.reverse.resilience;

import java.util.Optional;

/**
 * How a route deals with endpoints that fail or are slow.
 *
 * @param timeouts how long things may take
 * @param retry when a request is sent again
 * @param hedge when a second endpoint is asked besides a slow one; empty for never
 * @param fallback what serves the request in the end; empty for an error
 */
public record ResilienceSettings(
    TimeoutSettings timeouts,
    RetrySettings retry,
    Optional<HedgeSettings> hedge,
    Optional<FallbackSettings> fallback) {
  /** What uncalled builder methods mean. */
  public static final ResilienceSettings DEFAULT =
      new ResilienceSettings(
          TimeoutSettings.OF_PROXY, RetrySettings.DEFAULT, Optional.empty(), Optional.empty());

  /** The name of the cluster that serves requests in the end, if one does. */
  public Optional<String> fallbackCluster() {
    return fallback.map(
        last -> last instanceof FallbackSettings.ToCluster to ? to.cluster() : null);
  }
}
