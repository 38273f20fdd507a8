package io.tidegate.reverse;

import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.route.HostPattern;
import io.tidegate.reverse.route.PathTemplate;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A route and the clusters it names, the one it leads to and others: enough to check how clusters
 * and routes fit together.
 */
record RouteReference(RouteMatch match, String cluster, List<String> others) {
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
    Map<String, RouteMatch> taken = new HashMap<>();
    for (RouteReference route : routes) {
      String name = "route " + route.match + ": ";
      if (route.cluster.isEmpty()) {
        checks.reject(name + "cluster", "none", "the name of a cluster");
      } else if (!known.contains(route.cluster)) {
        String names = known.isEmpty() ? "a declared one" : "one of " + String.join(", ", known);
        checks.reject(name + "cluster", route.cluster, names);
      }
      for (String other : route.others) {
        if (!known.contains(other)) {
          checks.reject(name + "another cluster", other, "one of " + String.join(", ", known));
        }
      }
      HostPattern host = HostPattern.parse(route.match.host());
      PathTemplate path = PathTemplate.parse(route.match.path());
      if (host != null && path != null) {
        RouteMatch earlier = taken.putIfAbsent(host + path.shape(), route.match);
        if (earlier != null) {
          checks.reject(name + "requests", "none", "not all of them taken by route " + earlier);
        }
      }
    }
  }
}
