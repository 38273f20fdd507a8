package io.tidegate.reverse.health;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long the next ejection of an endpoint lasts: as many times the base as it has been ejected
 * lately. Every base that passes without one takes one back.
 *
 * @param times how often it has been ejected lately
 * @param free since when it has not been any more, in nanoseconds
 */
public record EjectionTime(int times, long free) {
  /** Of an endpoint that was never ejected. */
  public static final EjectionTime NONE = new EjectionTime(0, 0);

  private static final int MOST = 1_000_000;

  /** After another ejection at {@code now}, which lasts until {@link #free}. */
  public EjectionTime next(EjectionSettings settings, long now, RandomGenerator random) {
    long base = settings.base().toNanos();
    long healthy = Math.max(0, now - free) / base;
    int count = (int) Math.min(MOST, Math.max(0, times - healthy) + 1);
    return new EjectionTime(count, now + pause(settings.longest(), base, count, random));
  }

  /** Lengthened by up to a tenth, so that several proxies do not all come back in one moment. */
  private static long pause(Duration longest, long base, int count, RandomGenerator random) {
    long most = longest.toNanos();
    long pause = base > most / count ? most : base * count;
    return pause + random.nextLong(pause / 10 + 1);
  }
}
