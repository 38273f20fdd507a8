package io.tidegate.reverse.cluster;

/** An endpoint gets its share by and by, from {@code since} on, in nanoseconds. */
record SlowStart(long since) {
  /** No endpoint gets less than this share, in percent: it has to get warm. */
  private static final int LEAST_PERCENT = 10;

  /** The share at {@code now} when it grows over {@code rampNanos}. */
  int percent(long rampNanos, long now) {
    long passed = Math.max(0, now - since);
    return passed >= rampNanos
        ? 100
        : (int) Math.max(LEAST_PERCENT, 100 * ((double) passed / rampNanos));
  }
}
