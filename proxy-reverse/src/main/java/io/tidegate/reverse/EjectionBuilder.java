package io.tidegate.reverse;

import io.tidegate.reverse.health.EjectionSettings;
import io.tidegate.reverse.health.EjectionSettings.FailureRate;
import io.tidegate.reverse.health.EjectionSettings.Slowness;
import io.tidegate.reverse.health.StatusRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Describes when an endpoint gets no requests for a while because of how those before have ended.
 * After that while it gets one at a time, and all its share when three have succeeded.
 *
 * <p>A connection that fails, a response that does not come in time and one that is invalid or
 * incomplete are always failures. What the client or a limit of the proxy causes never is.
 */
public final class EjectionBuilder {
  private int consecutiveFailures;
  private final List<int[]> failureStatuses = new ArrayList<>();
  private boolean statusesSaid;
  private Supplier<Optional<FailureRate>> failureRate;
  private Supplier<Optional<Slowness>> slowness;
  private int maxShare;
  private Duration base;
  private Duration longest;

  EjectionBuilder() {
    this(EjectionSettings.DEFAULT);
    this.failureStatuses.clear();
    this.statusesSaid = false;
  }

  EjectionBuilder(EjectionSettings settings) {
    this.consecutiveFailures = settings.consecutiveFailures();
    settings.failureStatuses().forEach(range -> failureStatuses(range.from(), range.to()));
    this.statusesSaid = true;
    this.failureRate = settings::failureRate;
    this.slowness = settings::slowness;
    this.maxShare = settings.maxShare();
    this.base = settings.base();
    this.longest = settings.longest();
  }

  /** Ejects after so many failures in a row; 5 unless called, 0 for never. */
  public EjectionBuilder consecutiveFailures(int count) {
    this.consecutiveFailures = count;
    return this;
  }

  /**
   * Status codes from one to the other, both included, count as failures; 500 to 599 unless called.
   * Repeated calls accumulate.
   */
  public EjectionBuilder failureStatuses(int from, int to) {
    failureStatuses.add(new int[] {from, to});
    statusesSaid = true;
    return this;
  }

  /**
   * Ejects when so many of a hundred requests have failed within the window, if there were at least
   * {@code minRequests}. Not unless called.
   */
  public EjectionBuilder failureRate(int percent, int minRequests, Duration window) {
    this.failureRate = () -> Optional.of(new FailureRate(percent, minRequests, window));
    return this;
  }

  /**
   * Ejects an endpoint whose mean time to the head of a response is so many times the median of all
   * endpoints, if it has sent at least {@code minRequests} in the ten seconds that are compared.
   * Not unless called.
   */
  public EjectionBuilder slowness(double times, int minRequests) {
    this.slowness = () -> Optional.of(new Slowness(times, minRequests));
    return this;
  }

  /**
   * Percentage of the endpoints that may be out of service, this one included, for another one to
   * be ejected; 50 unless called. One is always allowed if there is another.
   */
  public EjectionBuilder maxShare(int percent) {
    this.maxShare = percent;
    return this;
  }

  /**
   * How long the first ejection lasts, give or take a tenth; the second twice as long, and so on;
   * 10 s unless called. As long without one makes the next one shorter again.
   */
  public EjectionBuilder base(Duration duration) {
    this.base = duration;
    return this;
  }

  /** How long an ejection lasts at most; 5 minutes unless called. */
  public EjectionBuilder longest(Duration duration) {
    this.longest = duration;
    return this;
  }

  EjectionSettings settings() {
    List<StatusRange> ranges =
        failureStatuses.stream().map(r -> new StatusRange(r[0], r[1])).toList();
    return new EjectionSettings(
        consecutiveFailures,
        statusesSaid ? ranges : EjectionSettings.DEFAULT.failureStatuses(),
        failureRate.get(),
        slowness.get(),
        maxShare,
        base,
        longest);
  }
}
