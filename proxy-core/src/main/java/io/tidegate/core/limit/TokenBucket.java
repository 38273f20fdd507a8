package io.tidegate.core.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket of tokens: one is taken for each request, and one comes back every {@code interval}
 * until there are {@code capacity}. Without locks, and exact under contention.
 *
 * <p>All its state is the time at which it will be full again: each token taken puts that off by
 * one interval. So nothing has to be filled by a timer, and a bucket that is full is like a new
 * one.
 */
public final class TokenBucket {
  private final AtomicLong fullAt;

  /** A full bucket; times are those of {@link System#nanoTime}. */
  public TokenBucket(long now) {
    this.fullAt = new AtomicLong(now);
  }

  /**
   * Takes a token.
   *
   * @param now the time
   * @param interval nanoseconds in which a token comes back
   * @param capacity tokens of a full bucket
   * @return 0 if there was one, else the nanoseconds until there will be
   */
  public long take(long now, long interval, long capacity) {
    while (true) {
      long before = fullAt.get();
      long missing = Math.max(0, before - now);
      long wait = missing - (capacity - 1) * interval;
      if (wait > 0) {
        return wait;
      }
      if (fullAt.compareAndSet(before, now + missing + interval)) {
        return 0;
      }
    }
  }

  /** Gives back a token that was taken, which comes back in {@code interval}. */
  public void giveBack(long interval) {
    fullAt.addAndGet(-interval);
  }

  /**
   * Takes something that has its own price, whether it is there or not: then the bucket owes it.
   *
   * @param price the nanoseconds in which it comes back
   * @return the nanoseconds until the bucket is full
   */
  public long spend(long now, long price) {
    while (true) {
      long before = fullAt.get();
      long missing = Math.max(0, before - now) + price;
      if (fullAt.compareAndSet(before, now + missing)) {
        return missing;
      }
    }
  }

  /** The nanoseconds until the bucket is full. */
  public long untilFull(long now) {
    return Math.max(0, fullAt.get() - now);
  }
}
