package io.tidegate.reverse.balance;

import io.tidegate.reverse.LoadBalancers;
import java.util.random.RandomGenerator;

/**
 * Decides which endpoint of a cluster serves a request. {@link LoadBalancers} has those that ship.
 *
 * <p>One object may serve several clusters, and is called by several IO threads at once: it must
 * not block, and best holds no state. {@link Candidates#turn} gives those that take turns the one
 * number they need.
 */
@FunctionalInterface
public interface LoadBalancer {
  /** The index of the candidate to use; not asked if there is only one. */
  int choose(Candidates candidates, RandomGenerator random);
}
