package io.tidegate.core.admin;

/**
 * Durations in buckets whose width grows with them: four to each power of two of microseconds, up
 * to about a minute. The middle of a bucket is off by at most an eighth.
 */
final class LatencyBuckets {
  private static final int PARTS = 4;
  private static final int PART_BITS = 2;
  private static final int HIGHEST_BIT = 25;

  /** How many there are. */
  static final int COUNT = (HIGHEST_BIT - PART_BITS + 2) * PARTS;

  private LatencyBuckets() {}

  /** The bucket of a duration in nanoseconds. */
  static int of(long nanos) {
    long micros = Math.max(0, nanos / 1000);
    if (micros < PARTS) {
      return (int) micros;
    }
    int bit = 63 - Long.numberOfLeadingZeros(micros);
    if (bit > HIGHEST_BIT) {
      return COUNT - 1;
    }
    int part = (int) (micros >>> (bit - PART_BITS)) & (PARTS - 1);
    return (bit - PART_BITS + 1) * PARTS + part;
  }

  /** The middle of a bucket in milliseconds. */
  static double middle(int bucket) {
    return (lowest(bucket) + lowest(bucket + 1)) / 2000.0;
  }

  /** The lowest duration of a bucket in microseconds. */
  private static long lowest(int bucket) {
    if (bucket < PARTS) {
      return bucket;
    }
    int bit = bucket / PARTS - 1 + PART_BITS;
    return (long) (PARTS + bucket % PARTS) << (bit - PART_BITS);
  }
}
