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

  /** As many requests at a time as there are. */
  private static final int ANY = Integer.MAX_VALUE;

  /** How many may be served by an endpoint, and wait, at a time, and for how long. */
  private record Limits(
      int active, int waiting, Duration time, Failure overdue, Destinations.Waiting full) {
    static Limits of(BalanceSettings settings) {
      int active = settings.maxActiveRequests();
      Duration time = settings.maxWait();
      // By then, all that wait now have been served or turned away.
      String retryAfter = Long.toString(Math.max(1, time.plusMillis(999).toSeconds()));
      Failure overdue =
          Failure.of(ProxyError.CONNECTION_LIMIT_REACHED, "no endpoint had room in time")
              .with("Retry-After", retryAfter);
      Failure refusal =
          Failure.of(ProxyError.CONNECTION_LIMIT_REACHED, "too many requests wait for an endpoint")
              .with("Retry-After", retryAfter);
      return new Limits(
          active == 0 ? ANY : active,
          settings.maxWaitingRequests(),
          time,
          overdue,
          new Destinations.Waiting(Duration.ZERO, () -> {}, refusal));
    }
  }

  private volatile Limits limits;
  private final Set<Waiter> waiters = new LinkedHashSet<>();
  private volatile int count;

  /** How many have come; changes under the lock. */
  private volatile int arrivals;

  /** A queue as {@code settings} say. */
  WaitingRequests(BalanceSettings settings) {
    this.limits = Limits.of(settings);
  }

  /** From now on is as {@code settings} say; those who wait do so as long as they were told. */
  void become(BalanceSettings settings) {
    limits = Limits.of(settings);
  }

  /** Whether an endpoint may be full. */
  boolean isLimited() {
    return limits.active < ANY;
  }

  /** Whether {@code endpoint} has room for one more request. */
  boolean hasRoom(Endpoint endpoint) {
    return endpoint.activeRequests() < limits.active;
  }

  /** Begins a request at {@code endpoint} if it has room, and does not drain. */
  boolean begin(Endpoint endpoint, boolean session) {
    int most = limits.active;
    return most == ANY ? endpoint.begin(session) : endpoint.tryBegin(most, session);
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
    Limits most = limits;
    synchronized (waiters) {
      if (waiters.size() >= most.waiting) {
        return most.full;
      }
      waiters.add(waiter);
      count = waiters.size();
      arrivals++;
    }
    for (Endpoint endpoint : endpoints) {
      offer(endpoint);
    }
    return new Destinations.Waiting(most.time, () -> remove(waiter), most.overdue);
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
    while (count > 0 && endpoint.reserve(limits.active)) {
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
