package io.tidegate.reverse.cluster;

import io.tidegate.reverse.health.EndpointState;
import io.tidegate.reverse.health.HealthSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Which endpoints of a cluster a request may go to, as their states were: the available ones of
 * each zone, in the order of the zones, and the backups last. Immutable.
 */
final class Tiers {
  /** A zone with this many times less than all of its endpoints can still bear all of its load. */
  private static final double OVERPROVISIONING = 1.4;

  private static final Endpoint[] NONE = {};

  private final Endpoint[] all;
  private final EndpointState[] states;
  private final Endpoint[][] tiers;

  /** The share of the load that goes to tiers up to and including this one. */
  private final double[] upTo;

  private final int[] weights;
  private final boolean equalWeights;

  private Tiers(Endpoint[] all, EndpointState[] states, List<Endpoint[]> tiers, double[] upTo) {
    this.all = all;
    this.states = states;
    this.tiers = tiers.toArray(Endpoint[][]::new);
    this.upTo = upTo;
    this.weights = Arrays.stream(all).mapToInt(Endpoint::weight).toArray();
    this.equalWeights = Arrays.stream(weights).distinct().count() <= 1;
  }

  /**
   * The tiers of {@code endpoints} as they are now. If so few are available that {@code settings}
   * call it a panic, all count as if they were, but those that drain.
   *
   * @param zones the zones in the order of their use; endpoints elsewhere come after them
   */
  static Tiers of(Endpoint[] endpoints, List<String> zones, HealthSettings settings) {
    EndpointState[] states = new EndpointState[endpoints.length];
    int available = 0;
    int staying = 0;
    for (int i = 0; i < endpoints.length; i++) {
      states[i] = endpoints[i].state();
      available += states[i].isAvailable() ? 1 : 0;
      staying += states[i] == EndpointState.DRAINING ? 0 : 1;
    }
    boolean panics = settings.panics(available, staying);
    boolean[] usable = new boolean[endpoints.length];
    for (int i = 0; i < endpoints.length; i++) {
      usable[i] = panics ? states[i] != EndpointState.DRAINING : states[i].isAvailable();
    }
    List<Endpoint[]> tiers = new ArrayList<>();
    List<Double> health = new ArrayList<>();
    for (int zone = 0; zone <= zones.size(); zone++) {
      int index = zone;
      add(tiers, health, endpoints, usable, e -> !e.backup() && zoneOf(e, zones) == index);
    }
    add(tiers, health, endpoints, usable, Endpoint::backup);
    return new Tiers(endpoints, states, tiers, shares(health));
  }

  private static int zoneOf(Endpoint endpoint, List<String> zones) {
    int index = zones.indexOf(endpoint.zone());
    return index < 0 ? zones.size() : index;
  }

  private static void add(
      List<Endpoint[]> tiers,
      List<Double> health,
      Endpoint[] endpoints,
      boolean[] usable,
      Predicate<Endpoint> member) {
    List<Endpoint> usables = new ArrayList<>();
    int members = 0;
    for (int i = 0; i < endpoints.length; i++) {
      if (member.test(endpoints[i])) {
        members++;
        if (usable[i]) {
          usables.add(endpoints[i]);
        }
      }
    }
    tiers.add(usables.toArray(NONE));
    health.add(members == 0 ? 0 : Math.min(1, OVERPROVISIONING * usables.size() / members));
  }

  /** Each zone gets what it can bear of what is left by those before; together they get all. */
  private static double[] shares(List<Double> health) {
    int backups = health.size() - 1;
    double sum = 0;
    for (int i = 0; i < backups; i++) {
      sum += health.get(i);
    }
    double[] upTo = new double[health.size()];
    double given = 0;
    for (int i = 0; i < backups; i++) {
      given = sum == 0 ? 0 : Math.min(1, given + health.get(i) / Math.min(1, sum));
      upTo[i] = given;
    }
    upTo[backups - 1] = sum == 0 ? 0 : 1;
    upTo[backups] = 1;
    return upTo;
  }

  /** Whether this is still how {@code endpoints} are. */
  boolean holdsFor(Endpoint[] endpoints) {
    if (endpoints != all) {
      return false;
    }
    for (int i = 0; i < all.length; i++) {
      if (all[i].state() != states[i] || all[i].weight() != weights[i]) {
        return false;
      }
    }
    return true;
  }

  /** How many tiers there are; any may be empty. */
  int size() {
    return tiers.length;
  }

  /** The endpoints of tier {@code index} that may be used; not to be changed. */
  Endpoint[] get(int index) {
    return tiers[index];
  }

  /** The share of the requests that tier {@code index} gets, 0 to 1. */
  double share(int index) {
    return index == 0 ? upTo[0] : upTo[index] - upTo[index - 1];
  }

  /** Whether tier {@code index} is that of the backups. */
  boolean isBackup(int index) {
    return index == tiers.length - 1;
  }

  /** Whether {@code endpoint} may be used. */
  boolean has(Endpoint endpoint) {
    for (Endpoint[] tier : tiers) {
      for (Endpoint member : tier) {
        if (member == endpoint) {
          return true;
        }
      }
    }
    return false;
  }

  /** Which tier is the next request's. */
  int draw(RandomGenerator random) {
    if (upTo[0] == 1) {
      return 0;
    }
    double point = random.nextDouble();
    int index = 0;
    while (point >= upTo[index]) {
      index++;
    }
    return index;
  }

  /** Whether all endpoints have the same weight. */
  boolean equalWeights() {
    return equalWeights;
  }
}
