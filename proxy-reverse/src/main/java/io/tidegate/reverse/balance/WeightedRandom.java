package io.tidegate.reverse.balance;

import java.util.random.RandomGenerator;

/** Any endpoint, with a chance in proportion to its weight. */
public final class WeightedRandom implements LoadBalancer {
  /** The one there is: it holds no state. */
  public static final WeightedRandom INSTANCE = new WeightedRandom();

  private WeightedRandom() {}

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int last = candidates.size() - 1;
    long total = 0;
    for (int i = 0; i <= last; i++) {
      total += candidates.weight(i);
    }
    long point = random.nextLong(total);
    int index = 0;
    while (index < last && point >= candidates.weight(index)) {
      point -= candidates.weight(index);
      index++;
    }
    return index;
  }
}
