package io.tidegate.reverse;

import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.route.HostPattern;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A route and the clusters it names: those it leads to, an empty one if it should name one, and
 * others. Enough to check how clusters and routes fit together.
 */
record RouteReference(RouteMatch match, List<String> clusters, List<String> others) {
  /** Whether the route takes whatever host a client names. */
  boolean takesAnyHost() {
    HostPattern host = HostPattern.parse(match.host());
    return host != null && host.kind() == HostPattern.Kind.ANY;
  }

  /** Notes names that are used twice or lead nowhere, and routes that get no requests. */
  static void check(Checks checks, List<String> clusters, List<RouteReference> routes) {
    Set<String> known = new LinkedHashSet<>();
    for (String cluster : clusters) {
      if (!known.add(cluster)) {
        checks.reject("cluster", cluster, "a name that no other cluster has");
      }
    }
    for (RouteReference route : routes) {
      String name = "route " + route.match + ": ";
      for (String cluster : route.clusters) {
        if (cluster.isEmpty()) {
          checks.reject(name + "cluster", "none", "the name of a cluster");
        } else if (!known.contains(cluster)) {
          String names = known.isEmpty() ? "a declared one" : "one of " + String.join(", ", known);
          checks.reject(name + "cluster", cluster, names);
        }
      }
      for (String other : route.others) {
        if (!known.contains(other)) {
          checks.reject(name + "another cluster", other, "one of " + String.join(", ", known));
        }
      }
    }
    HiddenRoutes.check(checks, routes.stream().map(RouteReference::match).toList());
  }
}
