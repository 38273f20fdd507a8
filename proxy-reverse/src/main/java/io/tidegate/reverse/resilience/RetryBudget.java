package io.tidegate.reverse.resilience;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts how many additional requests a cluster may get: each request of a client pays in a share
 * of one, each additional request takes one out. However bad it gets, there are never more of them
 * than the share of all requests, and the reserve. For all threads.
 *
 * <p>What is not used is saved up, so that the requests which one endpoint loses when it dies can
 * all be made up for; up to {@link #MOST_SAVED}, so that old savings do not feed a storm.
 */
public final class RetryBudget {
  /** How many additional requests can be saved up at most. */
  static final int MOST_SAVED = 1000;

  private static final long ONE = 100;

  private final long share;
  private final long most;

  /** What may be taken out, in hundredths of a request. */
  private final AtomicLong balance;

  /** A budget of so much, with its reserve still untouched. */
  public RetryBudget(BudgetSettings settings) {
    this.share = settings.percent();
    this.most = ONE * Math.max(settings.reserve(), MOST_SAVED);
    this.balance = new AtomicLong(ONE * settings.reserve());
  }

  /** A client has sent a request. */
  public void deposit() {
    if (share > 0 && balance.get() < most) {
      balance.addAndGet(share);
    }
  }

  /** Takes out one additional request; false if there is none left. */
  public boolean withdraw() {
    while (true) {
      long before = balance.get();
      if (before < ONE) {
        return false;
      }
      if (balance.compareAndSet(before, before - ONE)) {
        return true;
      }
    }
  }
}
