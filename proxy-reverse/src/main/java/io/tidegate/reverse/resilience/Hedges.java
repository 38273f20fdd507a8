package io.tidegate.reverse.resilience;

import io.tidegate.core.spi.Hedging;

/** Asks a second endpoint when the first takes longer than most requests do. For all threads. */
public final class Hedges implements Hedging {
  private final Latencies latencies;
  private final RetryBudget budget;
  private final long leastMillis;

  /** Hedges of one route. */
  public Hedges(HedgeSettings settings) {
    this.latencies = new Latencies(settings.percentile());
    this.budget = new RetryBudget(settings.budget());
    this.leastMillis = settings.leastDelay().toMillis();
  }

  /** A request begins. */
  public void began() {
    budget.deposit();
  }

  @Override
  public void responded(long nanos) {
    latencies.record(nanos);
  }

  @Override
  public long delayMillis() {
    long micros = latencies.percentileMicros();
    return micros < 0 ? -1 : Math.max(leastMillis, (micros + 999) / 1000);
  }

  @Override
  public boolean permits() {
    return budget.withdraw();
  }
}
