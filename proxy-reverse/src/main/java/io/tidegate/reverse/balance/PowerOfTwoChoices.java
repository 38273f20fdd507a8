package io.tidegate.reverse.balance;

import java.util.random.RandomGenerator;

/**
 * The better of two endpoints picked at random: the one with fewer active requests for its weight.
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
    int size = candidates.size();
    if (size == 1) {
      return 0;
    }
    int first = random.nextInt(size);
    int second = random.nextInt(size - 1);
    second += second >= first ? 1 : 0;
    long firstLoad = (long) candidates.activeRequests(first) * candidates.weight(second);
    long secondLoad = (long) candidates.activeRequests(second) * candidates.weight(first);
    if (firstLoad == secondLoad) {
      return candidates.weight(second) > candidates.weight(first) ? second : first;
    }
    return firstLoad < secondLoad ? first : second;
  }
}
