package io.tidegate.reverse.resilience;

import io.tidegate.core.spi.Checks;
import java.time.Duration;

/**
 * When a second endpoint is asked besides a slow one. For safe requests without content.
 *
 * @param percentile a request is slow if it takes longer than this percentage of the latest
 *     requests of its route, 50 to 99.9
 * @param leastDelay no second endpoint is asked before this time
 * @param budget how many second requests there may be
 */
public record HedgeSettings(double percentile, Duration leastDelay, BudgetSettings budget) {
  /** What uncalled methods of the builder mean. */
  public static final HedgeSettings DEFAULT =
      new HedgeSettings(95, Duration.ofMillis(2), BudgetSettings.HEDGES);

  /** Rejects what cannot work. */
  public HedgeSettings {
    Checks checks = new Checks().duration("hedge leastDelay", leastDelay);
    if (!(percentile >= 50 && percentile <= 99.9)) {
      checks.reject("hedge percentile", percentile, "50 to 99.9");
    }
    checks.done();
  }
}
