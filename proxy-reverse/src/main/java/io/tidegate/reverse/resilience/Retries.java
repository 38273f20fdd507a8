package io.tidegate.reverse.resilience;

import io.tidegate.core.http.RequestHead;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.RetryPolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends a failed request to another endpoint after a pause, as often as the settings and the budget
 * of its cluster allow.
 */
public final class Retries implements RetryPolicy {
  private final RetrySettings settings;
  private final RetryBudget budget;
  private final RandomGenerator random;

  /** {@code budget} is shared by all routes to a cluster, {@code random} by all threads. */
  public Retries(RetrySettings settings, RetryBudget budget, RandomGenerator random) {
    this.settings = settings;
    this.budget = budget;
    this.random = random;
  }

  @Override
  public boolean isFailure(int status) {
    return settings.statuses().contains(status);
  }

  @Override
  public @Nullable Retry after(RequestHead request, Attempt attempt) {
    if (!attempt.isRepeatable(request)) {
      return null;
    }
    if (attempt.isStaleConnection() || (attempt.isUntouched() && attempt.number() == 1)) {
      return budget.withdraw() ? Retry.AT_ONCE : null; // a new connection cannot be stale
    }
    boolean again =
        attempt.number() < settings.attempts()
            && attempt.elsewhere()
            && isWorth(attempt)
            && budget.withdraw();
    return again ? new Retry(true, pause(attempt.number())) : null;
  }

  private boolean isWorth(Attempt attempt) {
    Failure failure = attempt.failure();
    return failure == null
        ? settings.statuses().contains(attempt.status())
        : failure.status() >= 502; // what an upstream or the way to it is to blame for
  }

  private Duration pause(int number) {
    long longest = settings.backOff().toMillis() << Math.min(number - 1, 16);
    longest = Math.min(longest, settings.maxBackOff().toMillis());
    return Duration.ofMillis(longest == 0 ? 0 : random.nextLong(longest + 1));
  }
}
