package io.tidegate.core.admin;

import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.figures.ClusterFigures.EndpointFigures;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Route;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one thread has counted; others only look. */
final class FigureShard {
  /** How many seconds are remembered. */
  static final int SECONDS = 600;

  /** Of routes, of clusters, and of endpoints of one. */
  static final int MOST_NAMES = 1000;

  /** A second is counted in an object of its own, so that nobody sees one turn into another. */
  private record Second(long number, Tally tally) {}

  private final AtomicReference<@Nullable Supplier<ProxyFigures>> proxy;
  private final AtomicReferenceArray<@Nullable Second> seconds =
      new AtomicReferenceArray<>(SECONDS);
  private final Map<String, Tally> routes = new ConcurrentHashMap<>();
  private final Map<String, Map<Destination, Tally>> clusters = new ConcurrentHashMap<>();
  private Second current = new Second(Long.MIN_VALUE, new Tally());
  private long tidied = Long.MIN_VALUE;

  /**
   * {@code proxy} tells what there is now; it has nothing as long as that is not known, and when
   * the proxy is gone: the thread may live on, and hold this as long.
   */
  FigureShard(AtomicReference<@Nullable Supplier<ProxyFigures>> proxy) {
    this.proxy = proxy;
  }

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

  /**
   * Destinations of clusters are bounded in number; where a forward proxy goes is not. They are
   * told by their places: a reload may bring other trust and keys each time, and what was before is
   * not to be held here.
   */
  private void addEndpoint(String cluster, Outcome outcome) {
    Destination destination = outcome.destination();
    if (destination == null || cluster.isEmpty()) {
      return;
    }
    Map<Destination, Tally> endpoints =
        of(clusters, cluster, name -> new ConcurrentHashMap<Destination, Tally>());
    if (endpoints != null) {
      count(endpoints, destination.place(), outcome);
    }
  }

  private <K> void count(Map<K, Tally> tallies, K name, Outcome outcome) {
    Tally tally = of(tallies, name, made -> new Tally());
    if (tally != null) {
      tally.add(outcome);
    }
  }

  /** Null if there are too many of them. */
  private <K, V> @Nullable V of(Map<K, V> known, K name, Function<K, V> made) {
    V found = known.get(name);
    if (found != null) {
      return found;
    }
    if (known.size() >= MOST_NAMES) {
      tidy();
    }
    return known.size() < MOST_NAMES ? known.computeIfAbsent(name, made) : null;
  }

  /** Once a second at most: it may be that all are needed. */
  private void tidy() {
    if (tidied != current.number()) {
      tidied = current.number();
      Supplier<ProxyFigures> known = proxy.get();
      if (known != null) {
        keepThoseOf(known.get());
      }
    }
  }

  /** Forgets routes, clusters and endpoints that are no more. */
  private void keepThoseOf(ProxyFigures now) {
    Set<String> named = Set.copyOf(now.routes());
    routes.keySet().removeIf(name -> !name.isEmpty() && !named.contains(name));
    Map<String, Set<String>> members =
        now.clusters().stream()
            .collect(Collectors.toMap(ClusterFigures::name, FigureShard::endpointNames));
    clusters.keySet().retainAll(members.keySet());
    clusters.forEach(
        (cluster, endpoints) -> {
          Set<String> there = members.getOrDefault(cluster, Set.of());
          endpoints.keySet().removeIf(at -> !there.contains(at.name()));
        });
  }

  private static Set<String> endpointNames(ClusterFigures cluster) {
    return cluster.endpoints().stream().map(EndpointFigures::name).collect(Collectors.toSet());
  }

  private static int index(long second) {
    return (int) Math.floorMod(second, (long) SECONDS);
  }

  /** Nobody looks any more. On any thread. */
  void forget() {
    routes.clear();
    clusters.clear();
    for (int i = 0; i < SECONDS; i++) {
      seconds.setRelease(i, null);
    }
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
    clusters
        .getOrDefault(cluster, Map.of())
        .forEach((at, tally) -> action.accept(at.name(), tally));
  }
}
