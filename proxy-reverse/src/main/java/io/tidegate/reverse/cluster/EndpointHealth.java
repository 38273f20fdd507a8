package io.tidegate.reverse.cluster;

import io.tidegate.reverse.health.Draining;
import io.tidegate.reverse.health.EjectionTime;
import io.tidegate.reverse.health.HealthState;
import io.tidegate.reverse.health.Healthy;
import io.tidegate.reverse.health.OnTrial;

/** The health of one endpoint: read by any thread, changed under the lock of its cluster. */
final class EndpointHealth {
  final RequestOutcomes outcomes = new RequestOutcomes();
  private volatile HealthState state = Healthy.INSTANCE;
  private volatile String reason = "";
  private EjectionTime ejections = EjectionTime.NONE;

  HealthState state() {
    return state;
  }

  /** Whether it gets one request at a time. */
  boolean onTrial() {
    return state instanceof OnTrial;
  }

  /** Whether a request may go to it, of a {@code session} that it has served before or not. */
  boolean takesRequests(boolean session) {
    return !(state instanceof Draining draining) || (session && draining.sessions());
  }

  /** Whether it drains, and still serves the sessions it has begun. */
  boolean servesSessionsToTheirEnd() {
    return state instanceof Draining draining && draining.sessions();
  }

  /** Why it gets no requests, or empty. */
  String reason() {
    return state.shown().isAvailable() ? "" : reason;
  }

  EjectionTime ejections() {
    return ejections;
  }

  void become(HealthState next, String why) {
    reason = why; // first: who sees the state finds its reason
    state = next;
  }

  void ejections(EjectionTime counted) {
    ejections = counted;
  }
}
