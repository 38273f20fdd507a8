package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Failure;
import io.tidegate.reverse.health.EjectionSettings;
import io.tidegate.reverse.health.EjectionSettings.FailureRate;
import io.tidegate.reverse.health.EjectionSettings.Slowness;
import io.tidegate.reverse.health.EjectionTime;
import io.tidegate.reverse.health.HealthState;
import io.tidegate.reverse.health.RequestFailures;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws from the requests to the endpoints of a cluster the conclusion that one of them should get
 * none for a while. For all IO threads; takes the lock of the cluster only to change something.
 */
final class HealthMonitor {
  private final Membership membership;
  private final @Nullable EjectionSettings settings;
  private final @Nullable FailureRate rate;
  private final @Nullable Slowness slowness;
  private final LongSupplier nanos;
  private final RandomGenerator random;

  /** Without {@code settings}, requests tell nothing. */
  HealthMonitor(
      Membership membership,
      @Nullable EjectionSettings settings,
      LongSupplier nanos,
      RandomGenerator random) {
    this.membership = membership;
    this.settings = settings;
    this.rate = settings == null ? null : settings.failureRate().orElse(null);
    this.slowness = settings == null ? null : settings.slowness().orElse(null);
    this.nanos = nanos;
    this.random = random;
  }

  /** Whether {@link #answeredAfter} matters. */
  boolean measures() {
    return slowness != null;
  }

  /** The head of a response has come after so many nanoseconds. */
  void answeredAfter(Endpoint endpoint, long duration) {
    endpoint.health().outcomes.answeredAfter(duration);
  }

  /**
   * An attempt has ended.
   *
   * @param status the status code of the response, or 0 if none came
   * @param failure why the attempt failed, or null
   */
  void finished(Endpoint endpoint, int status, @Nullable Failure failure) {
    EjectionSettings rules = settings;
    if (rules == null) {
      return;
    }
    if (failure != null && RequestFailures.areOfEndpoint(failure.error())) {
      failed(rules, endpoint, failure.error().token());
    } else if (status != 0 && rules.countsAsFailure(status)) {
      failed(rules, endpoint, "status " + status);
    } else if (failure == null) {
      succeeded(endpoint);
    }
  }

  private void succeeded(Endpoint endpoint) {
    EndpointHealth health = endpoint.health();
    health.outcomes.succeeded();
    count(endpoint, false);
    if (health.onTrial()) {
      membership.change(() -> membership.become(endpoint, health.state().requestSucceeded(), ""));
    }
  }

  private void failed(EjectionSettings rules, Endpoint endpoint, String how) {
    int inRow = endpoint.health().outcomes.failed();
    count(endpoint, true);
    if (endpoint.health().onTrial()) {
      eject(rules, endpoint, "on trial: " + how);
    } else if (rules.consecutiveFailures() > 0 && inRow >= rules.consecutiveFailures()) {
      eject(rules, endpoint, inRow + " failures in a row, the last: " + how);
    } else {
      checkRate(rules, endpoint, how);
    }
  }

  private void count(Endpoint endpoint, boolean failure) {
    FailureRate counted = rate;
    if (counted != null) {
      long length = counted.window().toNanos();
      endpoint.health().outcomes.window.count(failure, nanos.getAsLong(), length);
    }
  }

  private void checkRate(EjectionSettings rules, Endpoint endpoint, String how) {
    FailureRate most = rate;
    if (most == null) {
      return;
    }
    RequestWindow window = endpoint.health().outcomes.window;
    long now = nanos.getAsLong();
    long length = most.window().toNanos();
    int requests = window.requests(now, length);
    int failures = window.failures(now, length);
    if (most.exceeded(failures, requests)) {
      eject(rules, endpoint, failures + " of " + requests + " requests failed, the last: " + how);
    }
  }

  /** Ends ejections whose time is over, and looks for endpoints that are slow beside the others. */
  void look() {
    long now = nanos.getAsLong();
    for (Endpoint endpoint : membership.members().all()) {
      HealthState state = endpoint.health().state();
      if (state.timePassed(now) != state) {
        endpoint.health().outcomes.clear();
        membership.change(
            () -> {
              EndpointHealth health = endpoint.health();
              membership.become(endpoint, health.state().timePassed(now), "");
            });
      }
    }
  }

  /** Ejects endpoints that have been slow beside the others since this was called last. */
  void compare() {
    EjectionSettings rules = settings;
    Slowness most = slowness;
    if (rules == null || most == null) {
      return;
    }
    List<Endpoint> measured =
        membership.members().selectable().stream()
            .filter(one -> one.health().outcomes.takeAnswered() >= most.minRequests())
            .toList();
    double[] means =
        measured.stream().mapToDouble(one -> one.health().outcomes.meanNanos()).toArray();
    Arrays.sort(means);
    for (Endpoint endpoint : measured) {
      double median = means[(means.length - 1) / 2];
      double mean = endpoint.health().outcomes.meanNanos();
      if (mean >= most.times() * median) {
        eject(rules, endpoint, "answers after " + millis(mean) + ", the median: " + millis(median));
      }
    }
  }

  private static String millis(double nanos) {
    return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }

  private boolean mayEject(EjectionSettings rules, Endpoint endpoint) {
    Members members = membership.members();
    HealthState state = endpoint.health().state();
    return state.ejected(0) != state
        && members.all().contains(endpoint)
        && rules.permits(members.available(), members.staying());
  }

  private void eject(EjectionSettings rules, Endpoint endpoint, String reason) {
    if (!mayEject(rules, endpoint)) {
      return; // without the lock: while all fail, every failed request comes here
    }
    membership.change(
        () -> {
          if (mayEject(rules, endpoint)) {
            long now = nanos.getAsLong();
            EjectionTime time = endpoint.health().ejections().next(rules, now, random);
            HealthState ejected = endpoint.health().state().ejected(time.free());
            endpoint.health().ejections(time);
            endpoint.health().outcomes.clear();
            membership.become(endpoint, ejected, reason);
          }
        });
  }
}
