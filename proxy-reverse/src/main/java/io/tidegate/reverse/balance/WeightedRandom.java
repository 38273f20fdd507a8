package io.tidegate.reverse.balance;

import java.util.random.RandomGenerator;

/** Any endpoint, with a chance in proportion to its weight. */
public final class WeightedRandom implements LoadBalancer {
  /** The one there is: it holds no state. */
  public static final WeightedRandom INSTANCE = new WeightedRandom();

  private WeightedRandom() {}

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    return pick(candidates, -1, random);
  }

  /** Any candidate but {@code other}, by weight; -1 for any at all. */
  static int pick(Candidates candidates, int other, RandomGenerator random) {
    int size = candidates.size();
    if (candidates.equalWeights()) {
      int index = random.nextInt(other < 0 ? size : size - 1);
      return other < 0 || index < other ? index : index + 1;
    }
    long total = 0;
    for (int i = 0; i < size; i++) {
      total += i == other ? 0 : candidates.weight(i);
    }
    long point = random.nextLong(total);
    int index = -1;
    for (int i = 0; i < size && point >= 0; i++) {
      if (i != other) {
        point -= candidates.weight(i);
        index = i;
      }
    }
    return index;
  }
}
