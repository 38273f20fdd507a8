package io.tidegate.reverse.cluster;

import java.util.concurrent.TimeUnit;

/**
 * Whether requests find all endpoints full: from the first one that does until none has for a
 * while, so that a cluster at its limit does not begin and end anew with each request. Thread-safe.
 */
final class Congestion {
  static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(1);

  private volatile boolean lasts;
  private volatile long feltAt;

  /** A request has found them full at {@code now}; whether it is the first one. */
  boolean felt(long now) {
    feltAt = now;
    return !lasts && begin();
  }

  private synchronized boolean begin() {
    boolean isNew = !lasts;
    lasts = true;
    return isNew;
  }

  /** Whether it is over at {@code now}, and was not before. For one thread. */
  boolean isOver(long now, boolean someWait) {
    if (!lasts) {
      return false;
    }
    if (someWait) {
      feltAt = now;
    }
    if (now - feltAt < CALM_NANOS) {
      return false;
    }
    lasts = false;
    return true;
  }
}
