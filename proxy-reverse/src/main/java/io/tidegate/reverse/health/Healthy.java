package io.tidegate.reverse.health;

/**
 * Nothing is held against it.
 *
 * @param failedProbes how many probes in a row have failed
 */
public record Healthy(int failedProbes) implements HealthState {
  /** After a success. */
  public static final Healthy INSTANCE = new Healthy(0);

  @Override
  public EndpointState shown() {
    return EndpointState.HEALTHY;
  }

  @Override
  public HealthState probePassed(ProbeThresholds thresholds) {
    return failedProbes == 0 ? this : INSTANCE;
  }

  @Override
  public HealthState probeFailed(ProbeThresholds thresholds) {
    int failed = failedProbes + 1;
    return failed >= thresholds.fall() ? Down.INSTANCE : new Healthy(failed);
  }

  @Override
  public HealthState ejected(long until) {
    return new Ejected(until, failedProbes);
  }
}
