package io.tidegate.reverse.balance;

import java.util.random.RandomGenerator;

/**
 * The endpoint with the least load: active requests, the one about to be sent among them, times how
 * long it lately took to answer, for its weight.
 *
 * <p>One of which nothing is known gets a request at once, and until that is answered counts as
 * being as slow as the slowest of the others: it is neither left out nor flooded.
 */
public final class LeastLoad implements LoadBalancer {
  /** The one there is: it holds no state. */
  public static final LeastLoad INSTANCE = new LeastLoad();

  private LeastLoad() {}

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int best = -1;
    double least = Double.MAX_VALUE;
    int equals = 0;
    long slowest = 0;
    for (int i = 0; i < candidates.size(); i++) {
      int active = candidates.activeRequests(i);
      long latency = candidates.latencyNanos(i);
      if (latency == 0 && active > 0) {
        slowest = slowest == 0 ? slowest(candidates) : slowest;
        latency = slowest;
      }
      double load = (active + 1.0) * latency / candidates.weight(i);
      equals = load < least ? 1 : load == least ? equals + 1 : equals;
      if (load < least || (load == least && random.nextInt(equals) == 0)) {
        best = i;
        least = load;
      }
    }
    return best;
  }

  /** The longest latency of all, 1 if none is known. */
  private static long slowest(Candidates candidates) {
    long slowest = 1;
    for (int i = 0; i < candidates.size(); i++) {
      slowest = Math.max(slowest, candidates.latencyNanos(i));
    }
    return slowest;
  }
}
