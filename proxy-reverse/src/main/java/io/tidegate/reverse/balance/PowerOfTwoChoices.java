package io.tidegate.reverse.balance;

import java.util.random.RandomGenerator;

/**
 * The better of two endpoints picked at random, by weight: the one with fewer active requests for
 * its weight. Between equals the first pick stands, so that idle endpoints get what their weights
 * say.
 *
 * <p>Almost as even as {@link LeastRequests} at the cost of two looks, and several proxies that see
 * the same endpoints do not all run to the same one.
 */
public final class PowerOfTwoChoices implements LoadBalancer {
  /** The one there is: it holds no state. */
  public static final PowerOfTwoChoices INSTANCE = new PowerOfTwoChoices();

  private PowerOfTwoChoices() {}

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    if (candidates.size() == 1) {
      return 0;
    }
    int first = WeightedRandom.pick(candidates, -1, random);
    int second = WeightedRandom.pick(candidates, first, random);
    long firstLoad = (long) candidates.activeRequests(first) * candidates.weight(second);
    long secondLoad = (long) candidates.activeRequests(second) * candidates.weight(first);
    return secondLoad < firstLoad ? second : first;
  }
}
