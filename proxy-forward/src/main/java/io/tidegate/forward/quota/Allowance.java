package io.tidegate.forward.quota;

import io.tidegate.core.spi.Checks;
import java.time.Duration;

/**
 * So much in a time.
 *
 * <p>Up to an hour it comes back evenly: after a client has used all of it, there is more after
 * {@code per / most}, and all of it again after {@code per} without any use. What is for a longer
 * time comes back all at once when that is over; it begins with the first use.
 *
 * @param most how much
 * @param per the time, at most a year
 */
public record Allowance(long most, Duration per) {
  private static final Duration LONGEST_SMOOTH = Duration.ofHours(1);
  private static final long MOST = 1L << 50;

  /** Whether it comes back evenly, not all at once. */
  boolean isSmooth() {
    return per.compareTo(LONGEST_SMOOTH) <= 0;
  }

  /** What counts by it; nothing has been used. */
  Meter meter(long now) {
    return isSmooth() ? new SmoothMeter(this, now) : new WindowMeter(this);
  }

  void check(Checks checks, String what) {
    checks.between(what, most, 1, MOST).duration(what + " per", per);
    boolean sound = most <= MOST && !per.isNegative() && !per.isZero();
    if (sound && isSmooth() && most > per.toNanos() * 1000) {
      checks.reject(what, most + " in " + per, "at most 1000 in a nanosecond");
    }
  }

  /** {@code 1000 requests in 1 minute}, of {@code requests}. */
  String text(String what) {
    return most + " " + what + " in " + text(per);
  }

  private static String text(Duration time) {
    long seconds = time.toSeconds();
    if (seconds == 0 || time.toMillis() % 1000 != 0) {
      return time.toMillis() + " ms";
    }
    return seconds % 86_400 == 0
        ? count(seconds / 86_400, "day")
        : seconds % 3600 == 0
            ? count(seconds / 3600, "hour")
            : seconds % 60 == 0 ? count(seconds / 60, "minute") : count(seconds, "second");
  }

  private static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }
}
