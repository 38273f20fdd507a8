package io.tidegate.reverse;

import java.util.List;

/**
 * A route that a proxy has at one moment.
 *
 * @param name what logs and metrics call it
 * @param host the hosts it takes; {@link RouteSettings#ANY_HOST} for all
 * @param path the paths it takes; empty if connections are passed on undecrypted
 * @param conditions what else it asks of a request, without values, which may be secrets; may be
 *     empty
 * @param clusters the names of the clusters it leads to; none if the proxy answers itself
 */
public record RouteStatus(
    String name, String host, String path, String conditions, List<String> clusters) {
  /** Copies the list. */
  public RouteStatus {
    clusters = List.copyOf(clusters);
  }

  static RouteStatus of(RouteSettings route) {
    RouteMatch match = route.match();
    String conditions = match.conditions().toString();
    return new RouteStatus(
        match.toString(), match.host(), match.path(), conditions, route.clusters());
  }

  static RouteStatus of(PassthroughSettings passed) {
    return new RouteStatus(passed.name(), passed.name(), "", "", List.of(passed.cluster()));
  }
}
