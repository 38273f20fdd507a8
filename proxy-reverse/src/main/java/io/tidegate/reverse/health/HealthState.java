package io.tidegate.reverse.health;

/**
 * What is known about the health of an endpoint. Immutable: every event yields the state after it,
 * which is the same one if nothing has changed. Events that mean nothing to a state leave it alone.
 *
 * <p>Times are nanoseconds of an arbitrary origin.
 */
public sealed interface HealthState permits Unproven, Healthy, Down, Ejected, OnTrial, Draining {
  /** As others see it. */
  EndpointState shown();

  /** A probe has passed. */
  HealthState probePassed(ProbeThresholds thresholds);

  /** A probe has failed. */
  HealthState probeFailed(ProbeThresholds thresholds);

  /** The requests to it are reason to send it none until {@code until}. */
  default HealthState ejected(long until) {
    return this;
  }

  /** A request to it has succeeded. */
  default HealthState requestSucceeded() {
    return this;
  }

  /** It is {@code now}. */
  default HealthState timePassed(long now) {
    return this;
  }

  /** It is not probed any more: what probes have found out does not count. */
  default HealthState unprobed() {
    return Healthy.INSTANCE;
  }

  /** It is to get no new requests; {@code sessions} that it has begun may go on. */
  default HealthState drained(boolean sessions) {
    return new Draining(this, sessions);
  }

  /** It is to get requests again. */
  default HealthState resumed() {
    return this;
  }
}
