package io.tidegate.reverse.resilience;

import io.tidegate.core.spi.Checks;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * When a request that was sent is sent again, to another endpoint. Only requests that are safe to
 * repeat ever are: with an idempotent method, and without content that has gone and is not kept.
 *
 * @param attempts how often a request is sent at most, the first time included; 1 for never again
 * @param statuses responses with these status codes count as failures while there is another
 *     endpoint to try
 * @param backOff the longest pause before the second attempt; twice that before the third, and so
 *     on. The pause is chosen by chance between nothing and that
 * @param maxBackOff the longest pause there is
 */
public record RetrySettings(
    int attempts, Set<Integer> statuses, Duration backOff, Duration maxBackOff) {
  /** What an uncalled builder method means. */
  public static final RetrySettings DEFAULT =
      new RetrySettings(3, Set.of(502, 503, 504), Duration.ofMillis(25), Duration.ofMillis(250));

  /** Copies the set; rejects what cannot work. */
  public RetrySettings {
    statuses = Set.copyOf(statuses);
    Checks checks = new Checks().between("retry attempts", attempts, 1, 100);
    for (int status : new TreeSet<>(statuses)) {
      checks.between("retry on status", status, 400, 599);
    }
    checkPause(checks, "retry backOff", backOff);
    checkPause(checks, "retry maxBackOff", maxBackOff);
    checks.done();
  }

  private static void checkPause(Checks checks, String name, Duration pause) {
    if (pause.isNegative() || pause.compareTo(Duration.ofMinutes(1)) > 0) {
      checks.reject(name, pause, "0 to 1 minute");
    }
  }
}
