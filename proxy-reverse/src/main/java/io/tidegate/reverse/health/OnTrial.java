package io.tidegate.reverse.health;

/**
 * Back after an ejection: it gets one request at a time until some have succeeded in a row, and is
 * ejected again if one fails.
 *
 * @param succeeded how many requests have succeeded
 * @param failedProbes how many probes in a row have failed
 */
public record OnTrial(int succeeded, int failedProbes) implements HealthState {
  /** How many requests have to succeed. */
  public static final int REQUESTS = 3;

  @Override
  public EndpointState shown() {
    return EndpointState.HEALTHY;
  }

  @Override
  public HealthState probePassed(ProbeThresholds thresholds) {
    return failedProbes == 0 ? this : new OnTrial(succeeded, 0);
  }

  @Override
  public HealthState probeFailed(ProbeThresholds thresholds) {
    int failed = failedProbes + 1;
    return failed >= thresholds.fall() ? Down.INSTANCE : new OnTrial(succeeded, failed);
  }

  @Override
  public HealthState unprobed() {
    return new OnTrial(succeeded, 0);
  }

  @Override
  public HealthState ejected(long until) {
    return new Ejected(until, failedProbes);
  }

  @Override
  public HealthState requestSucceeded() {
    return succeeded + 1 >= REQUESTS
        ? new Healthy(failedProbes)
        : new OnTrial(succeeded + 1, failedProbes);
  }
}
