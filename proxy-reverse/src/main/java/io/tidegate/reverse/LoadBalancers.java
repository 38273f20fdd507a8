package io.tidegate.reverse;

import io.tidegate.reverse.balance.ConsistentHash;
import io.tidegate.reverse.balance.LeastLoad;
import io.tidegate.reverse.balance.LeastRequests;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.balance.PowerOfTwoChoices;
import io.tidegate.reverse.balance.RoundRobin;
import io.tidegate.reverse.balance.WeightedRandom;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The load balancers that ship, by method and by name. */
public final class LoadBalancers {
  /** The name of {@link #roundRobin()}. */
  public static final String ROUND_ROBIN = "round-robin";

  /** The name of {@link #leastRequests()}. */
  public static final String LEAST_REQUESTS = "least-requests";

  /** The name of {@link #random()}. */
  public static final String RANDOM = "random";

  /** The name of {@link #powerOfTwoChoices()}. */
  public static final String POWER_OF_TWO_CHOICES = "power-of-two-choices";

  /** The name of {@link #leastLoad()}. */
  public static final String LEAST_LOAD = "least-load";

  /** The name of {@link #consistentHash()}. */
  public static final String CONSISTENT_HASH = "consistent-hash";

  private static final Map<String, LoadBalancer> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put(ROUND_ROBIN, RoundRobin.INSTANCE);
    BY_NAME.put(LEAST_REQUESTS, LeastRequests.INSTANCE);
    BY_NAME.put(RANDOM, WeightedRandom.INSTANCE);
    BY_NAME.put(POWER_OF_TWO_CHOICES, PowerOfTwoChoices.INSTANCE);
    BY_NAME.put(LEAST_LOAD, LeastLoad.INSTANCE);
    BY_NAME.put(CONSISTENT_HASH, ConsistentHash.INSTANCE);
  }

  private LoadBalancers() {}

  /** Endpoints take turns, each as often as its weight says and its turns spread evenly. */
  public static LoadBalancer roundRobin() {
    return RoundRobin.INSTANCE;
  }

  /** The endpoint with the fewest active requests for its weight; chance decides between equals. */
  public static LoadBalancer leastRequests() {
    return LeastRequests.INSTANCE;
  }

  /** Any endpoint, with a chance in proportion to its weight. */
  public static LoadBalancer random() {
    return WeightedRandom.INSTANCE;
  }

  /**
   * Of two endpoints picked at random, by weight, the one with fewer active requests for its
   * weight; the default.
   */
  public static LoadBalancer powerOfTwoChoices() {
    return PowerOfTwoChoices.INSTANCE;
  }

  /**
   * The endpoint with the least load: active requests times how long it lately took to answer, for
   * its weight. A failed attempt counts as a long one.
   */
  public static LoadBalancer leastLoad() {
    return LeastLoad.INSTANCE;
  }

  /**
   * The endpoint that belongs to a part of the request, {@link BalanceBuilder#hashKey}, so that
   * like requests go to the same one; when an endpoint comes or goes, only its own share moves. One
   * that has more than {@link BalanceBuilder#hashBound} times its share of the active requests is
   * passed over.
   */
  public static LoadBalancer consistentHash() {
    return ConsistentHash.INSTANCE;
  }

  /** The names of all that ship. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }

  /** The one of this name, if it ships. */
  public static Optional<LoadBalancer> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The name of {@code balancer}, if it ships. */
  static Optional<String> nameOf(LoadBalancer balancer) {
    return BY_NAME.entrySet().stream()
        .filter(entry -> entry.getValue() == balancer)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
