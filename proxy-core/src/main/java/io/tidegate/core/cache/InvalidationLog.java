package io.tidegate.core.cache;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When URIs, tags and groups were invalidated last, for the sake of responses that were on their
 * way then. Moments are counted, not measured. Bounded: names that share a slot are taken for one
 * another, so that now and then a response is thought older than an invalidation, but never the
 * other way round. Thread-safe.
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

  /** Notes that a URI, as it is in keys, or a label is invalidated. */
  void add(String name) {
    last.accumulateAndGet(slot(name), moment.incrementAndGet(), Math::max);
  }

  /** Notes that some responses are invalidated, nobody knows of which URIs. */
  void addAny() {
    lastOfAny.accumulateAndGet(moment.incrementAndGet(), Math::max);
  }

  /** Whether a URI or a label may have been invalidated after a moment. */
  boolean hasSince(long then, String name) {
    return lastOfAny.get() > then || last.get(slot(name)) > then;
  }

  private static int slot(String name) {
    int hash = name.hashCode();
    return (hash ^ hash >>> 16) & SLOTS - 1;
  }
}
