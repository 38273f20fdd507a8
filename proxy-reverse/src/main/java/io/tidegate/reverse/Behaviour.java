package io.tidegate.reverse;

import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.protect.OwnFilters;
import io.tidegate.reverse.protect.RequestFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a builder was told that settings cannot hold. It stays when settings are reloaded: for
 * clusters and routes that are not there just now, too.
 *
 * @param balancers load balancers of the user's, by cluster
 * @param sources who tells endpoints, by cluster
 * @param filters filters of the user's on every route
 * @param routeFilters those of one route
 */
record Behaviour(
    Map<String, LoadBalancer> balancers,
    Map<String, List<EndpointSource>> sources,
    List<RequestFilter> filters,
    Map<RouteMatch, List<RequestFilter>> routeFilters) {
  /** Nothing. */
  static final Behaviour NONE = new Behaviour(Map.of(), Map.of(), List.of(), Map.of());

  /** Copies the collections. */
  Behaviour {
    balancers = Map.copyOf(balancers);
    sources = Map.copyOf(sources);
    filters = List.copyOf(filters);
    routeFilters = Map.copyOf(routeFilters);
  }

  /** This and what was said besides. */
  Behaviour and(
      List<ClusterBuilder> clusters, List<RequestFilter> moreFilters, List<RouteBuilder> routes) {
    Map<String, LoadBalancer> allBalancers = new HashMap<>(balancers);
    Map<String, List<EndpointSource>> allSources = new HashMap<>(sources);
    for (ClusterBuilder cluster : clusters) {
      cluster.ownBalancer().ifPresent(own -> allBalancers.put(cluster.name(), own));
      allSources.merge(cluster.name(), List.copyOf(cluster.sources()), Behaviour::both);
    }
    Map<RouteMatch, List<RequestFilter>> allOfRoutes = new HashMap<>(routeFilters);
    for (RouteBuilder route : routes) {
      allOfRoutes.merge(
          route.reference().match(), List.copyOf(route.ownFilters()), Behaviour::both);
    }
    return new Behaviour(allBalancers, allSources, both(filters, moreFilters), allOfRoutes);
  }

  private static <T> List<T> both(List<T> some, List<T> others) {
    List<T> all = new ArrayList<>(some);
    all.addAll(others);
    return List.copyOf(all);
  }

  /** The filters for {@code routes}, in their order. */
  OwnFilters filters(List<RouteSettings> routes) {
    return new OwnFilters(
        filters,
        routes.stream().map(one -> routeFilters.getOrDefault(one.match(), List.of())).toList());
  }
}
