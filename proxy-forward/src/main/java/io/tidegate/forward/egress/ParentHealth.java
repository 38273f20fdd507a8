package io.tidegate.forward.egress;

import java.util.function.LongSupplier;

/**
 * Whether a parent proxy is worth a try: one that has failed is left out for a time that doubles
 * with each failure, until it succeeds. Thread-safe.
 */
final class ParentHealth {
  private final long pauseNanos;
  private final long longestNanos;
  private final LongSupplier nanoTime;

  /** How long it is left out next, 0 as long as it is well. */
  private volatile long nextPause;

  private volatile long outUntil;

  /** A healthy one; {@code nanoTime} is like {@link System#nanoTime}. */
  ParentHealth(long pauseNanos, long longestNanos, LongSupplier nanoTime) {
    this.pauseNanos = pauseNanos;
    this.longestNanos = longestNanos;
    this.nanoTime = nanoTime;
  }

  boolean isLeftOut() {
    return nextPause != 0 && nanoTime.getAsLong() - outUntil < 0;
  }

  /** Several attempts that fail together count as one failure. */
  synchronized void failed() {
    if (isLeftOut()) {
      return;
    }
    long pause = nextPause == 0 ? pauseNanos : nextPause;
    outUntil = nanoTime.getAsLong() + pause;
    nextPause = pause > longestNanos / 2 ? longestNanos : pause * 2;
  }

  void succeeded() {
    if (nextPause != 0) {
      nextPause = 0;
    }
  }
}
