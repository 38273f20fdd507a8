package io.tidegate.reverse.resilience;

import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.Resolution;
import org.jspecify.annotations.Nullable;

/**
 * How one route deals with endpoints that fail or are slow.
 *
 * @param settings limits and time-outs of its exchanges
 * @param budget how many requests may be sent again
 * @param retries when one is
 * @param hedges when a second endpoint is asked; null for never
 * @param fallback what serves a request in the end; null for an error
 */
public record Resilience(
    ExchangeSettings settings,
    RetryBudget budget,
    Retries retries,
    @Nullable Hedges hedges,
    @Nullable Resolution fallback) {
  /** A request of a client begins. */
  public void began() {
    budget.deposit();
    if (hedges != null) {
      hedges.began();
    }
  }
}
