package io.tidegate.reverse.health;

/**
 * Probes have failed.
 *
 * @param passedProbes how many in a row have passed since
 */
public record Down(int passedProbes) implements HealthState {
  /** After a failure. */
  public static final Down INSTANCE = new Down(0);

  @Override
  public EndpointState shown() {
    return EndpointState.DOWN;
  }

  @Override
  public HealthState probePassed(ProbeThresholds thresholds) {
    int passed = passedProbes + 1;
    return passed >= thresholds.rise() ? Healthy.INSTANCE : new Down(passed);
  }

  @Override
  public HealthState probeFailed(ProbeThresholds thresholds) {
    return passedProbes == 0 ? this : INSTANCE;
  }
}
