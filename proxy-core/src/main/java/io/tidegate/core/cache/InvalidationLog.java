package io.tidegate.core.cache;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When URIs were invalidated last, for the sake of responses that were on their way then. Moments
 * are counted, not measured. Bounded: URIs that share a slot are taken for one another, so that now
 * and then a response is thought older than an invalidation, but never the other way round.
 * Thread-safe.
 */
final class InvalidationLog {
  private static final int SLOTS = 1 << 12;

  private final AtomicLong moment = new AtomicLong();
  private final AtomicLong lastOfAny = new AtomicLong();
  private final AtomicLongArray last = new AtomicLongArray(SLOTS);

  /** Now, to be compared with later. */
  long moment() {
    return moment.get();
  }

  /** Notes that a URI is invalidated, as it is in keys. */
  void add(String uri) {
    last.accumulateAndGet(slot(uri), moment.incrementAndGet(), Math::max);
  }

  /** Notes that some responses are invalidated, nobody knows of which URIs. */
  void addAny() {
    lastOfAny.accumulateAndGet(moment.incrementAndGet(), Math::max);
  }

  /** Whether a URI may have been invalidated after a moment. */
  boolean hasSince(long then, String uri) {
    return lastOfAny.get() > then || last.get(slot(uri)) > then;
  }

  private static int slot(String uri) {
    int hash = uri.hashCode();
    return (hash ^ hash >>> 16) & SLOTS - 1;
  }
}
