package io.tidegate.core.admin;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
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
  static final int COUNTS = CLASSES + 5;

  /** Words of RFC 9211 for requests that no stored response could have answered. */
  private static final Set<String> PASSED = Set.of("bypass", "method");

  private final AtomicLongArray counts = new AtomicLongArray(COUNTS);
  private final AtomicIntegerArray latencies = new AtomicIntegerArray(LatencyBuckets.COUNT);

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
    if (!isTunnel(outcome)) {
      int bucket = LatencyBuckets.of(outcome.nanos());
      latencies.setOpaque(bucket, latencies.getPlain(bucket) + 1);
    }
  }

  /** How long a tunnel lasts says nothing of how fast anybody answers. */
  private static boolean isTunnel(Outcome outcome) {
    ClientRequest request = outcome.request();
    return outcome.status() == 101
        || (request != null && request.head().method().equals("CONNECT"));
  }

  private void add(int at, long more) {
    counts.setOpaque(at, counts.getPlain(at) + more);
  }

  /** Adds what has been counted so far to {@code sum}. */
  void addTo(Sum sum) {
    for (int i = 0; i < COUNTS; i++) {
      sum.counts[i] += counts.getOpaque(i);
    }
    for (int i = 0; i < LatencyBuckets.COUNT; i++) {
      sum.latencies[i] += latencies.getOpaque(i);
    }
  }

  /** Several tallies together. Not thread-safe. */
  static final class Sum {
    private final long[] counts = new long[COUNTS];
    private final long[] latencies = new long[LatencyBuckets.COUNT];

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
      for (long one : latencies) {
        all += one;
      }
      long rank = (long) Math.ceil(part * all);
      for (int i = 0; rank > 0 && i < latencies.length; i++) {
        rank -= latencies[i];
        if (rank <= 0) {
          return LatencyBuckets.middle(i);
        }
      }
      return 0;
    }
  }
}
