package io.tidegate.reverse.balance;

import java.util.random.RandomGenerator;

/**
 * The endpoint with the fewest active requests for its weight; chance, by weight, decides between
 * equals.
 */
public final class LeastRequests implements LoadBalancer {
  /** The one there is: it holds no state. */
  public static final LeastRequests INSTANCE = new LeastRequests();

  private LeastRequests() {}

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int best = 0;
    long bestActive = candidates.activeRequests(0);
    long bestWeight = candidates.weight(0);
    long equalWeight = bestWeight;
    for (int i = 1; i < candidates.size(); i++) {
      long active = candidates.activeRequests(i);
      long weight = candidates.weight(i);
      long difference = active * bestWeight - bestActive * weight;
      equalWeight = difference < 0 ? weight : difference == 0 ? equalWeight + weight : equalWeight;
      // Among equals each newcomer wins with its share of the weight so far, which is fair in the
      // end.
      if (difference < 0 || (difference == 0 && random.nextLong(equalWeight) < weight)) {
        best = i;
        bestActive = active;
        bestWeight = weight;
      }
    }
    return best;
  }
}
