package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait until an endpoint of their cluster has room, the first to come first.
 * Shared by all IO threads.
 */
final class WaitingRequests {
  /** One that waits. */
  interface Waiter {
    /**
     * Whether {@code endpoint}, which has a place taken for this one, will do; asked on any thread,
     * under the lock of the queue.
     */
    boolean accepts(Endpoint endpoint);

    /** Its turn has come: a request was begun at {@code endpoint} for it. Called on any thread. */
    void turn(Endpoint endpoint);
  }

  private final int mostActive;
  private final int mostWaiting;
  private final Duration mostTime;
  private final Failure overdue;
  private final Destinations.Waiting full;
  private final Set<Waiter> waiters = new LinkedHashSet<>();
  private volatile int count;

  /** How many have come; changes under the lock. */
  private volatile int arrivals;

  /**
   * A queue of up to {@code mostWaiting} requests, each for up to {@code mostTime}, for endpoints
   * that serve up to {@code mostActive} each.
   */
  WaitingRequests(int mostActive, int mostWaiting, Duration mostTime) {
    this.mostActive = mostActive;
    this.mostWaiting = mostWaiting;
    this.mostTime = mostTime;
    // By then, all that wait now have been served or turned away.
    String retryAfter = Long.toString(Math.max(1, mostTime.plusMillis(999).toSeconds()));
    this.overdue =
        Failure.of(ProxyError.CONNECTION_LIMIT_REACHED, "no endpoint had room in time")
            .with("Retry-After", retryAfter);
    Failure refusal =
        Failure.of(ProxyError.CONNECTION_LIMIT_REACHED, "too many requests wait for an endpoint")
            .with("Retry-After", retryAfter);
    this.full = new Destinations.Waiting(Duration.ZERO, () -> {}, refusal);
  }

  /** Whether somebody waits: then nobody else may take what gets free. */
  boolean isBusy() {
    return count > 0;
  }

  /** How many wait. */
  int count() {
    return count;
  }

  /*
   * A request ends by first giving back its place and then looking for a waiter; a waiter first
   * enters the queue and then looks for a place. Whoever does both later sees the other, so no
   * place stays free while somebody waits for it.
   */

  /**
   * Lets {@code waiter} wait for any of {@code endpoints}; its turn may come before this returns.
   * If too many wait already, its time is over at once.
   */
  Destinations.Waiting add(Waiter waiter, Endpoint[] endpoints) {
    synchronized (waiters) {
      if (waiters.size() >= mostWaiting) {
        return full;
      }
      waiters.add(waiter);
      count = waiters.size();
      arrivals++;
    }
    for (Endpoint endpoint : endpoints) {
      offer(endpoint);
    }
    return new Destinations.Waiting(mostTime, () -> remove(waiter), overdue);
  }

  /** Takes {@code waiter} out; if its turn has come already, nothing happens. */
  private void remove(Waiter waiter) {
    synchronized (waiters) {
      waiters.remove(waiter);
      count = waiters.size();
    }
  }

  /** Gives the places that {@code endpoint} has free to those that wait for them. */
  void offer(Endpoint endpoint) {
    while (count > 0 && endpoint.reserve(mostActive)) {
      int before = arrivals;
      Waiter first = take(endpoint);
      if (first != null) {
        first.turn(endpoint);
        continue;
      }
      endpoint.end();
      if (before == arrivals) {
        return; // else one has come who found the place taken by us
      }
    }
  }

  /** Takes out the first that accepts {@code endpoint}, which has a place for it. */
  private @Nullable Waiter take(Endpoint endpoint) {
    synchronized (waiters) {
      Iterator<Waiter> each = waiters.iterator();
      while (each.hasNext()) {
        Waiter waiter = each.next();
        if (waiter.accepts(endpoint)) {
          each.remove();
          count = waiters.size();
          return waiter;
        }
      }
      return null;
    }
  }
}
