package io.tidegate.reverse.cluster;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How the requests to one endpoint have ended lately. For many threads, without locks: a figure
 * that misses a request now and then does no harm.
 */
final class RequestOutcomes {
  /** What a new sample weighs in the mean of all. */
  private static final double SHARE = 1.0 / 16;

  private final AtomicInteger failuresInRow = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile double meanNanos;

  /** The share of failures, if that matters. */
  final RequestWindow window = new RequestWindow();

  void succeeded() {
    if (failuresInRow.get() != 0) { // most of the time there is nothing to write
      failuresInRow.set(0);
    }
  }

  /** How many have failed in a row, this one included. */
  int failed() {
    return failuresInRow.incrementAndGet();
  }

  /** The head of a response has come after so long. */
  void answeredAfter(long nanos) {
    double mean = meanNanos;
    meanNanos = mean == 0 ? nanos : mean + (nanos - mean) * SHARE;
    answered.incrementAndGet();
  }

  /** The mean time to the head of a response, the latest counting most; 0 if none has come. */
  double meanNanos() {
    return meanNanos;
  }

  /** How many responses have come since this was asked last. */
  int takeAnswered() {
    return answered.getAndSet(0);
  }

  /** Forgets all. */
  void clear() {
    failuresInRow.set(0);
    answered.set(0);
    meanNanos = 0;
    window.clear();
  }
}
