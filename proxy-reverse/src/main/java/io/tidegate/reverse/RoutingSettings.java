package io.tidegate.reverse;

import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.rewrite.PathRewrite;
import io.tidegate.reverse.route.Conditions;
import io.tidegate.reverse.route.PathTemplate;
import io.tidegate.reverse.route.RouteAction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a route asks of requests beyond host and path, and what it does beyond sending them to one
 * cluster.
 *
 * @param conditions what it asks
 * @param rewrite how the path is made anew; empty for not at all
 * @param action what becomes of requests; empty if they go to the route's cluster
 * @param secureCookies whether cookies get Secure if the client's side is https
 */
public record RoutingSettings(
    Conditions conditions,
    Optional<PathRewrite> rewrite,
    Optional<RouteAction> action,
    boolean secureCookies) {
  /** A route that takes all requests for its host and path to one cluster. */
  public static final RoutingSettings DEFAULT =
      new RoutingSettings(Conditions.NONE, Optional.empty(), Optional.empty(), false);

  /** Notes what cannot work; {@code route} begins each problem. */
  void check(Checks checks, String route, @Nullable PathTemplate path) {
    conditions.check(checks, route);
    if (path != null && !conditions.admit(path)) {
      checks.reject(route + "pathRegex", conditions.pathRegex(), "to fit the path");
    }
    rewrite.ifPresent(one -> one.check(checks, route, path));
    action.ifPresent(one -> one.check(checks, route, path));
  }
}
