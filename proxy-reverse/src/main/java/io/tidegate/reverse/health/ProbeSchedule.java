package io.tidegate.reverse.health;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * When the probes of one endpoint are due, in nanoseconds. All endpoints are asked soon after the
 * start, and evenly from then on: the second probe of each comes anywhere within an interval.
 */
public final class ProbeSchedule {
  private static final long SOON = TimeUnit.SECONDS.toNanos(1);

  private final long interval;
  private final int jitter;
  private final RandomGenerator random;
  private boolean begun;

  /** Of probes like {@code settings} say. */
  public ProbeSchedule(HealthCheckSettings settings, RandomGenerator random) {
    this.interval = settings.interval().toNanos();
    this.jitter = settings.jitter();
    this.random = random;
  }

  /** How long to wait for the first probe of endpoint {@code index} of {@code count} new ones. */
  public long first(int index, int count) {
    return Math.min(SOON, interval) / count * index;
  }

  /** From the begin of a probe to that of the next. */
  public long next() {
    if (!begun) {
      begun = true;
      return 1 + random.nextLong(interval);
    }
    long most = interval / 100 * jitter;
    return interval - most + random.nextLong(2 * most + 1);
  }
}
