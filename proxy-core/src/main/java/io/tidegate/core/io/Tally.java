package io.tidegate.core.io;

import java.util.concurrent.atomic.AtomicLong;

/** A number that one thread changes and every thread may read. */
public final class Tally {
  private final AtomicLong value = new AtomicLong();

  /** Adds {@code n}, which may be negative; for its own thread. */
  public void add(long n) {
    value.setRelease(value.getPlain() + n); // nobody else writes: no locked instruction
  }

  /** The number as it is, or was just now. */
  public long get() {
    return value.getAcquire();
  }
}
