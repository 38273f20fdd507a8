package io.tidegate.reverse.balance;

import java.util.random.RandomGenerator;

/** Endpoints take turns, each as often as its weight says and its turns spread evenly. */
public final class RoundRobin implements LoadBalancer {
  /** The one there is: it holds no state. */
  public static final RoundRobin INSTANCE = new RoundRobin();

  private RoundRobin() {}

  /*
   * Turns visit the endpoints in a circle; in each round an endpoint takes its turn or passes. With
   * weight w of at most m it takes w of any m rounds: those in which w·round, counted modulo m,
   * is about to wrap. The heaviest never passes, so a round always ends. Where an endpoint starts
   * its count depends on its place, so that light ones do not all come in the same round.
   * No state but the number of the turn: nothing to lock, and any number of threads share it.
   */
  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int size = candidates.size();
    int heaviest = 1;
    for (int i = 0; i < size; i++) {
      heaviest = Math.max(heaviest, candidates.weight(i));
    }
    while (true) {
      long turn = candidates.turn();
      int index = (int) Long.remainderUnsigned(turn, size);
      if (takesTurn(candidates.weight(index), heaviest, Long.divideUnsigned(turn, size), index)) {
        return index;
      }
    }
  }

  private static boolean takesTurn(int weight, int heaviest, long round, int index) {
    if (weight == heaviest) {
      return true;
    }
    long start = (long) index * heaviest / 2;
    return (weight * (round % heaviest) + start) % heaviest >= heaviest - weight;
  }
}
