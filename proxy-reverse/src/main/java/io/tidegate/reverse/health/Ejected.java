package io.tidegate.reverse.health;

/**
 * Requests to it have failed, or taken too long. Probes that pass do not bring it back before its
 * time: the page that they ask for may work where others do not.
 *
 * @param until when it gets requests again, on trial
 * @param failedProbes how many probes in a row have failed
 */
public record Ejected(long until, int failedProbes) implements HealthState {
  @Override
  public EndpointState shown() {
    return EndpointState.EJECTED;
  }

  @Override
  public HealthState probePassed(ProbeThresholds thresholds) {
    return failedProbes == 0 ? this : new Ejected(until, 0);
  }

  @Override
  public HealthState probeFailed(ProbeThresholds thresholds) {
    int failed = failedProbes + 1;
    return failed >= thresholds.fall() ? Down.INSTANCE : new Ejected(until, failed);
  }

  @Override
  public HealthState unprobed() {
    return new Ejected(until, 0);
  }

  @Override
  public HealthState timePassed(long now) {
    return now - until >= 0 ? new OnTrial(0, failedProbes) : this;
  }
}
