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

  /** Whether one attempt after a pause is under way. */
  private boolean onTrial;

  /** A healthy one; {@code nanoTime} is like {@link System#nanoTime}. */
  ParentHealth(long pauseNanos, long longestNanos, LongSupplier nanoTime) {
    this.pauseNanos = pauseNanos;
    this.longestNanos = longestNanos;
    this.nanoTime = nanoTime;
  }

  boolean isLeftOut() {
    return nextPause != 0 && nanoTime.getAsLong() - outUntil < 0;
  }

  /**
   * Whether the caller may try it. After a pause one may, and the others wait for what comes of it,
   * as long as the first pause takes if nothing does.
   */
  boolean mayTry() {
    return nextPause == 0 || (!isLeftOut() && takeTurn());
  }

  private synchronized boolean takeTurn() {
    if (isLeftOut()) {
      return false; // another one was faster
    }
    outUntil = nanoTime.getAsLong() + pauseNanos;
    onTrial = nextPause != 0;
    return true;
  }

  /** An attempt has ended without telling how it is: after a pause the next one may try. */
  synchronized void learntNothing() {
    if (onTrial) {
      onTrial = false;
      outUntil = nanoTime.getAsLong();
    }
  }

  /** Several attempts that fail together count as one failure. */
  synchronized void failed() {
    if (isLeftOut() && !onTrial) {
      return;
    }
    onTrial = false;
    long pause = nextPause == 0 ? pauseNanos : nextPause;
    outUntil = nanoTime.getAsLong() + pause;
    nextPause = pause > longestNanos / 2 ? longestNanos : pause * 2;
  }

  void succeeded() {
    if (nextPause != 0) {
      wellAgain();
    }
  }

  private synchronized void wellAgain() {
    nextPause = 0;
    onTrial = false;
  }
}
