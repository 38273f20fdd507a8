package io.tidegate.reverse.health;

/**
 * No probe has ended yet: the first one decides at once, there is nothing to weigh it against.
 *
 * @param available whether it gets requests meanwhile
 */
public record Unproven(boolean available) implements HealthState {
  @Override
  public EndpointState shown() {
    return available ? EndpointState.HEALTHY : EndpointState.DOWN;
  }

  @Override
  public HealthState probePassed(ProbeThresholds thresholds) {
    return Healthy.INSTANCE;
  }

  @Override
  public HealthState probeFailed(ProbeThresholds thresholds) {
    return Down.INSTANCE;
  }

  @Override
  public HealthState ejected(long until) {
    return available ? new Ejected(until, 0) : this;
  }
}
