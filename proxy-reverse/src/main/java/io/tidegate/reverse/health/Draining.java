package io.tidegate.reverse.health;

/**
 * It gets no new requests. What it would be otherwise goes on underneath, so that it comes back as
 * what it has become.
 *
 * @param underneath its state without the drain
 * @param sessions whether requests of sessions that it serves still go to it
 */
public record Draining(HealthState underneath, boolean sessions) implements HealthState {
  @Override
  public EndpointState shown() {
    return EndpointState.DRAINING;
  }

  @Override
  public HealthState probePassed(ProbeThresholds thresholds) {
    return with(underneath.probePassed(thresholds));
  }

  @Override
  public HealthState probeFailed(ProbeThresholds thresholds) {
    return with(underneath.probeFailed(thresholds));
  }

  @Override
  public HealthState timePassed(long now) {
    return with(underneath.timePassed(now));
  }

  @Override
  public HealthState unprobed() {
    return with(underneath.unprobed());
  }

  @Override
  public HealthState drained(boolean sessions) {
    return sessions == this.sessions ? this : new Draining(underneath, sessions);
  }

  @Override
  public HealthState resumed() {
    return underneath;
  }

  private HealthState with(HealthState next) {
    return next == underneath ? this : new Draining(next, sessions);
  }
}
