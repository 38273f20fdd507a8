package io.tidegate.core.cache.memory;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What has happened in a cache since it was made. Thread-safe; nobody who counts waits. */
public final class CacheCounters {
  /** What is counted. */
  public enum Counter {
    /** Requests answered with what was stored, without the origin or in place of its failure. */
    HITS,
    /** Hits with a stale response. */
    STALE_HITS,
    /** Requests answered with what was stored, after the origin has said that it is good. */
    VALIDATED,
    /** Requests that a stored response could have answered, and none did. */
    MISSES,
    /** Requests that no stored response could have answered. */
    PASSED,
    /** Requests that have waited for the answer to another. */
    COLLAPSED,
    /** Requests of our own, for what was used stale meanwhile. */
    REFRESHED,
    /** Octets of content for hits and what was validated. */
    HIT_OCTETS,
    /** Octets of content for misses. */
    MISS_OCTETS,
    /** Responses that have begun to be stored. */
    FILLS_BEGUN,
    /** Of those, the ones of which no more will come, for whatever reason. */
    FILLS_ENDED,
    /** Responses that have been stored to their end. */
    STORED,
    /** Responses that were longer than may be stored. */
    TOO_LONG,
    /** Stored responses that have made way for others. */
    EVICTED
  }

  private final Map<Counter, LongAdder> counts = new EnumMap<>(Counter.class);

  /** All at zero. */
  public CacheCounters() {
    for (Counter counter : Counter.values()) {
      counts.put(counter, new LongAdder());
    }
  }

  /** Counts one. */
  public void count(Counter counter) {
    add(counter, 1);
  }

  /** Counts {@code n} at once. */
  public void add(Counter counter, long n) {
    adder(counter).add(n);
  }

  /** How many there have been. */
  public long get(Counter counter) {
    return adder(counter).sum();
  }

  private LongAdder adder(Counter counter) {
    return Objects.requireNonNull(counts.get(counter));
  }
}
