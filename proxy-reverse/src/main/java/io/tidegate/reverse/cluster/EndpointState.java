package io.tidegate.reverse.cluster;

/** Whether an endpoint gets requests. */
public enum EndpointState {
  /** It does. */
  HEALTHY,
  /** It failed requests, and gets none for a while. */
  EJECTED,
  /** It failed its health checks. */
  DOWN,
  /** It finishes what it has, and gets nothing new. */
  DRAINING;

  /** Whether it gets requests. */
  public boolean isAvailable() {
    return this == HEALTHY;
  }
}
