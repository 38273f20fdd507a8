package io.tidegate.reverse.resilience;

import io.tidegate.core.spi.Checks;

/**
 * How many additional requests a cluster may get, in proportion to those that clients send.
 *
 * @param percent additional requests for 100 requests of clients, 0 to 100
 * @param reserve how many there may be besides, so that a cluster with few requests can have any
 */
public record BudgetSettings(int percent, int reserve) {
  /** What an uncalled builder method means for requests that are sent again. */
  public static final BudgetSettings RETRIES = new BudgetSettings(20, 10);

  /** What an uncalled builder method means for requests that are sent twice at a time. */
  public static final BudgetSettings HEDGES = new BudgetSettings(5, 0);

  /** Rejects what cannot work. */
  public BudgetSettings {
    new Checks()
        .between("budget percent", percent, 0, 100)
        .between("budget reserve", reserve, 0, 1_000_000)
        .done();
  }
}
