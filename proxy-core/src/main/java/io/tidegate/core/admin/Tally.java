package io.tidegate.core.admin;

import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Stage;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Exchanges counted by one thread, while others look. What they see of an exchange may be a part of
 * it for a moment; nothing is ever lost or counted twice.
 */
final class Tally {
  /** Exchanges by the first digit of their status; at 0 those without one. */
  static final int CLASSES = 6;

  static final int FAILED = CLASSES;
  static final int HITS = CLASSES + 1;
  static final int LOOKUPS = CLASSES + 2;
  static final int REQUEST_OCTETS = CLASSES + 3;
  static final int RESPONSE_OCTETS = CLASSES + 4;

  /** The first of the counts of durations, by the numbers of their buckets. */
  static final int DURATIONS = CLASSES + 5;

  private static final int COUNTS = DURATIONS + LatencyBuckets.COUNT;

  /** Words of RFC 9211 for requests that no stored response could have answered. */
  private static final Set<String> PASSED = Set.of("bypass", "method");

  private final AtomicLongArray counts = new AtomicLongArray(COUNTS);

  /** Counts an exchange; always by the same thread. */
  void add(Outcome outcome) {
    int status = outcome.status();
    add(status >= 100 && status < 600 ? status / 100 : 0, 1);
    if (outcome.failure() != null) {
      add(FAILED, 1);
    }
    String cache = outcome.cache();
    if (cache != null && !PASSED.contains(cache)) {
      add(LOOKUPS, 1);
      add(HITS, cache.equals("hit") ? 1 : 0);
    }
    add(REQUEST_OCTETS, outcome.requestOctets());
    add(RESPONSE_OCTETS, outcome.responseOctets());
    if (outcome.stage() != Stage.TUNNEL) { // how long one lasts says nothing of who answers
      add(DURATIONS + LatencyBuckets.of(outcome.nanos()), 1);
    }
  }

  void add(int at, long more) {
    counts.setOpaque(at, counts.getPlain(at) + more);
  }

  /** Adds what has been counted so far to {@code sum}. */
  void addTo(Sum sum) {
    for (int i = 0; i < COUNTS; i++) {
      sum.counts[i] += counts.getOpaque(i);
    }
  }

  /** Several tallies together. Not thread-safe. */
  static final class Sum {
    private final long[] counts = new long[COUNTS];

    long get(int count) {
      return counts[count];
    }

    /** How many exchanges there were. */
    long exchanges() {
      long all = 0;
      for (int i = 0; i < CLASSES; i++) {
        all += counts[i];
      }
      return all;
    }

    /** The milliseconds within which this part of the exchanges was over; 0 if there was none. */
    double percentile(double part) {
      long all = 0;
      for (int i = DURATIONS; i < COUNTS; i++) {
        all += counts[i];
      }
      long rank = (long) Math.ceil(part * all);
      for (int i = DURATIONS; rank > 0 && i < COUNTS; i++) {
        rank -= counts[i];
        if (rank <= 0) {
          return LatencyBuckets.middle(i - DURATIONS);
        }
      }
      return 0;
    }
  }
}
