package io.tidegate.reverse.cluster;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How long an endpoint lately took to answer. A longer time counts at once, a shorter one by and
 * by; what is old is forgotten, so that an endpoint that was slow gets another chance. Shared by
 * all IO threads.
 */
final class Latency {
  /** In this time a value falls to about a third. */
  static final long DECAY_NANOS = 10_000_000_000L;

  private static final int TICK_BITS = 20;
  private static final double TICKS_PER_DECAY = (double) DECAY_NANOS / (1 << TICK_BITS);

  /** A failed attempt counts as one that took at least this long: failing fast is no merit. */
  private static final long LEAST_OF_FAILURE = 1_000_000_000L;

  /** Each further failure doubles the latency up to this. */
  private static final long MOST_OF_DOUBLING = 60_000_000_000L;

  /*
   * Both numbers change together, in one word: nanoseconds as a float, and the tick of about a
   * millisecond at which they were noted. Most answers come in the tick of another one and are no
   * longer than it, and so only read the word. Ticks wrap in seven weeks, which makes a value that
   * old look young once.
   */
  private final AtomicLong word = new AtomicLong();

  /** The latency at {@code now} in nanoseconds, 0 if nothing is known any more. */
  long nanos(long now) {
    long seen = word.get();
    return (long) (nanosOf(seen) * kept(seen, tick(now)));
  }

  /** Counts an answer that took {@code nanos}. */
  void add(long nanos, long now) {
    note((double) Math.max(1, nanos), 0, now);
  }

  /** Counts a failure that took {@code nanos}. */
  void addFailure(long nanos, long now) {
    note((double) Math.max(nanos, LEAST_OF_FAILURE), (double) MOST_OF_DOUBLING, now);
  }

  private void note(double sample, double mostOfDoubling, long now) {
    int tick = tick(now);
    while (true) {
      long seen = word.get();
      double before = nanosOf(seen);
      double value = Math.max(sample, Math.min(2 * before, mostOfDoubling));
      double kept = kept(seen, tick);
      double next = Math.max(value, before * kept + value * (1 - kept));
      long word = (long) Float.floatToRawIntBits((float) next) << 32 | (tick & 0xffffffffL);
      if (word == seen || this.word.compareAndSet(seen, word)) {
        return;
      }
    }
  }

  private static int tick(long now) {
    return (int) (now >> TICK_BITS);
  }

  private static float nanosOf(long word) {
    return Float.intBitsToFloat((int) (word >>> 32));
  }

  /** What share of a value is left at {@code tick}: near enough to e to the power of -x. */
  private static double kept(long word, int tick) {
    int age = tick - (int) word;
    if (age <= 0) {
      return 1; // now, or noted by a thread whose look at the clock was later
    }
    double x = age / TICKS_PER_DECAY;
    return 1 / (1 + x + x * x / 2);
  }
}
