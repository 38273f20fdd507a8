package io.tidegate.reverse;

import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.route.HostPattern;
import io.tidegate.reverse.route.PathTemplate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds routes that never get a request, because another one takes all of theirs. */
final class HiddenRoutes {
  private HiddenRoutes() {}

  /**
   * Notes each hidden route with one that hides it; routes that are wrong otherwise are left out.
   */
  static void check(Checks checks, List<RouteMatch> routes) {
    // Of two routes for different hosts or paths the broader one comes last, and hides nothing.
    Map<String, List<RouteMatch>> alike = new HashMap<>();
    for (RouteMatch route : routes) {
      HostPattern host = HostPattern.parse(route.host());
      PathTemplate path = PathTemplate.parse(route.path());
      Checks conditions = new Checks();
      route.conditions().check(conditions, "");
      if (host == null || path == null || !conditions.passed()) {
        continue;
      }
      List<RouteMatch> earlier =
          alike.computeIfAbsent(host + path.shape(), shape -> new ArrayList<>());
      for (RouteMatch other : earlier) {
        if (hides(other, route, true)) {
          reject(checks, route, other);
          break;
        }
        if (hides(route, other, false)) {
          reject(checks, other, route);
        }
      }
      earlier.add(route);
    }
  }

  private static boolean hides(RouteMatch one, RouteMatch other, boolean declaredFirst) {
    int order = one.conditions().compareTo(other.conditions());
    boolean comesFirst = order < 0 || (order == 0 && declaredFirst);
    return comesFirst && other.conditions().imply(one.conditions());
  }

  private static void reject(Checks checks, RouteMatch hidden, RouteMatch by) {
    checks.reject("route " + hidden + ": requests", "none", "not all of them taken by route " + by);
  }
}
