package io.tidegate.reverse.cluster;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many requests have ended and failed in the last while, which moves on by tenths. For many
 * threads, without locks. Time is in nanoseconds of an arbitrary origin.
 */
final class RequestWindow {
  private static final int SLOTS = 10;
  private static final int COUNT_BITS = 20;
  private static final long COUNT = (1 << COUNT_BITS) - 1;
  private static final long PERIOD = (1 << (64 - 2 * COUNT_BITS)) - 1;

  /*
   * A slot is one number: the tenth that it counts, its requests, its failures. So one exchange of
   * values does all, and who comes first in a new tenth clears what is left of an old one.
   */
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  /** Counts a request that has ended {@code now}; {@code length} is that of the window. */
  void count(boolean failed, long now, long length) {
    long period = period(now, length);
    slots.updateAndGet(
        (int) (period % SLOTS),
        slot -> {
          boolean current = slot >>> (2 * COUNT_BITS) == period;
          long requests = current ? requests(slot) : 0;
          long failures = current ? failures(slot) : 0;
          if (requests == COUNT) { // both halved: the share stays
            requests /= 2;
            failures /= 2;
          }
          return period << (2 * COUNT_BITS)
              | (requests + 1) << COUNT_BITS
              | (failures + (failed ? 1 : 0));
        });
  }

  /** How many requests have ended. */
  int requests(long now, long length) {
    return (int) Math.min(Integer.MAX_VALUE, sum(now, length, false));
  }

  /** How many of them have failed. */
  int failures(long now, long length) {
    return (int) Math.min(Integer.MAX_VALUE, sum(now, length, true));
  }

  /** Forgets all. */
  void clear() {
    for (int i = 0; i < SLOTS; i++) {
      slots.set(i, 0);
    }
  }

  private long sum(long now, long length, boolean failed) {
    long period = period(now, length);
    long sum = 0;
    for (int i = 0; i < SLOTS; i++) {
      long slot = slots.get(i);
      long age = (period - (slot >>> (2 * COUNT_BITS))) & PERIOD;
      if (age < SLOTS) {
        sum += failed ? failures(slot) : requests(slot);
      }
    }
    return sum;
  }

  private static long period(long now, long length) {
    return Math.floorDiv(now, Math.max(1, length / SLOTS)) & PERIOD;
  }

  private static long requests(long slot) {
    return (slot >>> COUNT_BITS) & COUNT;
  }

  private static long failures(long slot) {
    return slot & COUNT;
  }
}
