package io.tidegate.core.admin;

import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Route;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What one thread has counted; others only look. */
final class FigureShard {
  /** How many seconds are remembered. */
  static final int SECONDS = 600;

  private static final int MOST_NAMES = 1000;

  /** A second is counted in an object of its own, so that nobody sees one turn into another. */
  private record Second(long number, Tally tally) {}

  private final AtomicReferenceArray<@Nullable Second> seconds =
      new AtomicReferenceArray<>(SECONDS);
  private final Map<String, Tally> routes = new ConcurrentHashMap<>();
  private final Map<String, Map<Destination, Tally>> clusters = new ConcurrentHashMap<>();
  private Second current = new Second(Long.MIN_VALUE, new Tally());

  /** Counts an exchange that ended in this second. */
  void add(Outcome outcome, long second) {
    if (current.number() != second) {
      current = new Second(second, new Tally());
      seconds.setRelease(index(second), current);
    }
    current.tally().add(outcome);
    Route route = outcome.route();
    if (route != null) {
      count(routes, route.name(), outcome);
      addEndpoint(route.clusterName(), outcome);
    }
  }

  /** Destinations of clusters are bounded in number; where a forward proxy goes is not. */
  private void addEndpoint(String cluster, Outcome outcome) {
    Destination destination = outcome.destination();
    if (destination == null || cluster.isEmpty()) {
      return;
    }
    Map<Destination, Tally> endpoints = clusters.get(cluster);
    if (endpoints == null) {
      endpoints = clusters.computeIfAbsent(cluster, made -> new ConcurrentHashMap<>());
    }
    boolean forOneClient = destination.path().told() != null;
    count(endpoints, forOneClient ? destination.place() : destination, outcome);
  }

  private static <K> void count(Map<K, Tally> tallies, K name, Outcome outcome) {
    Tally tally = tallies.get(name);
    if (tally == null) {
      if (tallies.size() >= MOST_NAMES) {
        return;
      }
      tally = tallies.computeIfAbsent(name, made -> new Tally());
    }
    tally.add(outcome);
  }

  private static int index(long second) {
    return (int) Math.floorMod(second, (long) SECONDS);
  }

  void addSecond(long second, Tally.Sum sum) {
    Second known = seconds.getAcquire(index(second));
    if (known != null && known.number() == second) {
      known.tally().addTo(sum);
    }
  }

  void forRoutes(BiConsumer<String, Tally> action) {
    routes.forEach(action);
  }

  /** Each endpoint by its cluster and its name: its URI, and its address if it has several. */
  void forEndpoints(String cluster, BiConsumer<String, Tally> action) {
    clusters.getOrDefault(cluster, Map.of()).forEach((at, tally) -> action.accept(name(at), tally));
  }

  private static String name(Destination at) {
    return at.address() == null ? at.toString() : at + " at " + at.address().getHostAddress();
  }
}
