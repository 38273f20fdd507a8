package io.tidegate.core.h2;

/**
 * How often something may happen: so many times at once, and once more in each interval. All its
 * state is the time at which it will be whole again.
 */
final class Budget {
  private final long interval;
  private final long depth;
  private long wholeAt;

  /**
   * A whole budget.
   *
   * @param tokens how many there are at the most
   * @param interval the milliseconds in which one comes back
   */
  Budget(int tokens, int interval, long now) {
    this.interval = interval;
    this.depth = (long) tokens * interval;
    this.wholeAt = now;
  }

  /** Takes so many tokens; false if there are less, and it remains so until they have come back. */
  boolean spend(int tokens, long now) {
    wholeAt = Math.max(wholeAt, now) + tokens * interval;
    return wholeAt - now <= depth;
  }

  /** Gives back one token before its time; it is never more than whole. */
  void earn() {
    wholeAt -= interval;
  }
}
