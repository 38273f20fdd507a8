package io.tidegate.reverse;

/**
 * Which requests a route takes; made by {@link Routes}. What is wrong with it is said when the
 * proxy is built.
 *
 * @param host a host, {@code *.} and a host, or {@code *}
 * @param path a path template
 */
public record RouteMatch(String host, String path) {
  /** The same, for hosts that match {@code pattern} only. */
  public RouteMatch host(String pattern) {
    return new RouteMatch(pattern, path);
  }

  /** The same, for paths that match {@code template} only. */
  public RouteMatch path(String template) {
    return new RouteMatch(host, template);
  }

  /** Host and path, as problems name the route. */
  @Override
  public String toString() {
    return host.equals(RouteSettings.ANY_HOST) ? path : host + path;
  }
}
