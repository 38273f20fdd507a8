package io.tidegate.reverse.resilience;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How long responses have taken lately, to a quarter of a power of two: exact enough to tell a slow
 * one. For all threads, without locks; a count lost in a race does no harm.
 */
public final class Latencies {
  /** With fewer samples than this nothing is known. */
  static final int ENOUGH = 100;

  /** After so many samples the old ones count half. */
  private static final int WINDOW = 4096;

  private static final int RECOMPUTED_AFTER = 64;

  private final double share;
  private final AtomicIntegerArray counts = new AtomicIntegerArray(64 << 2);
  private final AtomicInteger samples = new AtomicInteger();
  private volatile long percentileMicros = -1;

  /** Keeps track of the {@code percentile}, more than 0 and less than 100. */
  public Latencies(double percentile) {
    this.share = percentile / 100;
  }

  /** A response took so long. */
  public void record(long nanos) {
    counts.incrementAndGet(bucket(Math.max(nanos / 1000, 1)));
    int count = samples.incrementAndGet();
    if (count % RECOMPUTED_AFTER == 0 || count == ENOUGH) {
      recompute();
    }
    if (count == WINDOW) {
      halve();
    }
  }

  /** The percentile in microseconds, rounded up; -1 while too little is known. */
  public long percentileMicros() {
    return percentileMicros;
  }

  private static int bucket(long micros) {
    int exponent = 63 - Long.numberOfLeadingZeros(micros);
    int quarter = exponent < 2 ? 0 : (int) (micros >> (exponent - 2)) & 3;
    return exponent << 2 | quarter;
  }

  /** The least value that is above those of {@code bucket}. */
  private static long above(int bucket) {
    int exponent = bucket >> 2;
    return exponent < 2 ? 2L << exponent : (long) (5 + (bucket & 3)) << (exponent - 2);
  }

  private void recompute() {
    long total = 0;
    for (int i = 0; i < counts.length(); i++) {
      total += counts.get(i);
    }
    if (total < ENOUGH) {
      return;
    }
    long below = 0;
    for (int i = 0; i < counts.length(); i++) {
      below += counts.get(i);
      if (below >= total * share) {
        percentileMicros = above(i);
        return;
      }
    }
  }

  private void halve() {
    for (int i = 0; i < counts.length(); i++) {
      counts.set(i, counts.get(i) / 2);
    }
    samples.set(WINDOW / 2);
  }
}
