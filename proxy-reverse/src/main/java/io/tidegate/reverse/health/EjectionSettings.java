package io.tidegate.reverse.health;

import io.tidegate.core.spi.Checks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When an endpoint gets no requests for a while because of how those before have ended.
 *
 * @param consecutiveFailures how many failures in a row; 0 for any number
 * @param failureStatuses status codes that count as failures; a connection that fails and a
 *     response that does not come or is invalid always count
 * @param failureRate the failures among many requests, if they matter
 * @param slowness the time to the head of the response beside that of other endpoints, if it
 *     matters
 * @param maxShare percentage of the endpoints that may be out of service for another one to be
 *     ejected; one is always allowed if there is another
 * @param base how long the first ejection lasts; each further one as much longer
 * @param longest how long it lasts at most
 */
public record EjectionSettings(
    int consecutiveFailures,
    List<StatusRange> failureStatuses,
    Optional<FailureRate> failureRate,
    Optional<Slowness> slowness,
    int maxShare,
    Duration base,
    Duration longest) {
  /** The settings of a cluster that is given none. */
  public static final EjectionSettings DEFAULT =
      new EjectionSettings(
          5,
          List.of(new StatusRange(500, 599)),
          Optional.empty(),
          Optional.empty(),
          50,
          Duration.ofSeconds(10),
          Duration.ofMinutes(5));

  /** Copies the list; rejects what cannot work. */
  public EjectionSettings {
    failureStatuses = List.copyOf(failureStatuses);
    Checks checks =
        new Checks()
            .atLeast("ejection: consecutiveFailures", consecutiveFailures, 0)
            .between("ejection: maxShare", maxShare, 1, 100)
            .duration("ejection: base", base)
            .duration("ejection: longest", longest);
    if (longest.compareTo(base) < 0) {
      checks.reject("ejection: longest", longest, "at least the base, " + base);
    }
    checks.done();
  }

  /** Whether a response with this status counts as a failure. */
  public boolean countsAsFailure(int status) {
    return StatusRange.holds(failureStatuses, status);
  }

  /**
   * Whether another endpoint of {@code all} may be ejected, of which {@code available} get
   * requests. The last one never is.
   */
  public boolean permits(int available, int all) {
    int out = all - available;
    return available > 1 && (out == 0 || (out + 1) * 100L <= (long) maxShare * all);
  }

  /**
   * Failures among the requests of a while.
   *
   * @param percent how many of a hundred, from which on the endpoint is ejected
   * @param minRequests how many requests there must have been
   * @param window how far back they count
   */
  public record FailureRate(int percent, int minRequests, Duration window) {
    /** Rejects what cannot work. */
    public FailureRate {
      new Checks()
          .between("ejection: failureRate", percent, 1, 100)
          .atLeast("ejection: minRequests of failureRate", minRequests, 1)
          .duration("ejection: window of failureRate", window)
          .done();
    }

    /** Whether so many failures among so many requests are too many. */
    public boolean exceeded(int failed, int requests) {
      return requests >= minRequests && failed * 100L >= (long) percent * requests;
    }
  }

  /**
   * An endpoint that is slow beside the others.
   *
   * @param times how many times the median of the cluster its mean time to the head of a response
   *     is, from which on it is ejected
   * @param minRequests how many requests it must have answered since it was last looked at
   */
  public record Slowness(double times, int minRequests) {
    /** Rejects what cannot work. */
    public Slowness {
      Checks checks = new Checks().atLeast("ejection: minRequests of slowness", minRequests, 1);
      if (!(times > 1) || Double.isInfinite(times)) {
        checks.reject("ejection: slowness", times, "more than 1");
      }
      checks.done();
    }
  }
}
