package io.tidegate.reverse.balance;

import java.util.random.RandomGenerator;

/**
 * The endpoint that belongs to a hash of the request, so that like requests go to the same one; if
 * that has more than its share of the active requests, the next one that belongs to the hash.
 */
public final class ConsistentHash implements LoadBalancer {
  /** How far above its share of the active requests an endpoint may be unless said otherwise. */
  public static final double DEFAULT_BOUND = 1.25;

  /** With {@link #DEFAULT_BOUND}. */
  public static final ConsistentHash INSTANCE = new ConsistentHash(DEFAULT_BOUND);

  private final double bound;

  /**
   * With an endpoint's active requests bounded to {@code bound} times its share, more than 1, of
   * those of all.
   */
  public ConsistentHash(double bound) {
    this.bound = bound;
  }

  /*
   * Every endpoint draws a number from the hashes of the request and of itself, and the highest one
   * wins: when one goes, only what it had won moves, and it moves to all the others alike. There is
   * no ring to build or to keep, and weights hold exactly: the numbers of one with weight w are
   * spread as the highest of w draws.
   */
  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int size = candidates.size();
    long active = 1;
    long weight = 0;
    for (int i = 0; i < size; i++) {
      active += candidates.activeRequests(i);
      weight += candidates.weight(i);
    }
    double share = bound * active / weight;
    int best = highest(candidates, share);
    // Counts may have grown since they were added up, until all are above the bound.
    return best >= 0 ? best : highest(candidates, Double.MAX_VALUE);
  }

  private static int highest(Candidates candidates, double share) {
    long hash = candidates.requestHash();
    boolean equalWeights = candidates.equalWeights();
    int best = -1;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      int weight = candidates.weight(i);
      if (candidates.activeRequests(i) >= share * weight) {
        continue;
      }
      double draw = Hash.fraction(Hash.mix(hash ^ candidates.identity(i)));
      double score = equalWeights ? draw : -weight / Math.log(draw);
      if (score > highest) {
        best = i;
        highest = score;
      }
    }
    return best;
  }
}
