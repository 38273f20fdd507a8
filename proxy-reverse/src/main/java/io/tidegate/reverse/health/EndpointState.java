package io.tidegate.reverse.health;

/** Whether an endpoint gets requests, and if not, why. */
public enum EndpointState {
  /** It gets its share of the requests. */
  HEALTHY,
  /** It gets none for a while: requests to it failed, or took too long. */
  EJECTED,
  /** It gets none: probes fail, or the first one is still to be passed. */
  DOWN,
  /** It is on its way out, and gets no new requests. */
  DRAINING;

  /** Whether it gets requests. */
  public boolean isAvailable() {
    return this == HEALTHY;
  }
}
