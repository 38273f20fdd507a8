package io.tidegate.reverse;

/**
 * Says which requests a route takes; meant to be imported statically: {@code
 * host("*.example.com").path("/a/**")}.
 *
 * <p><b>Hosts</b> are one name or address ({@code shop.example.com}), every name below one ({@code
 * *.example.com}, at any depth, not {@code example.com} itself) or any ({@code *}). Ports and case
 * do not count.
 *
 * <p><b>Paths</b> are templates: {@code /a/b} is that path alone, {@code *} and {@code {name}}
 * stand for one non-empty segment, {@code **} at the end for the path so far and everything below.
 * Case counts. A request's path is compared in one spelling: escapes of unreserved characters
 * decoded, dot segments removed (RFC 3986 §6.2.2); a slash that is escaped does not part segments.
 *
 * <p><b>Precedence.</b> Of all routes that take a request the most specific one gets it. The host
 * decides first: exact, then the longest wildcard, then any. Then the path, from the left, segment
 * by segment: literal text before one segment of any text, that before {@code **}. Of equals the
 * one declared first.
 */
public final class Routes {
  private Routes() {}

  /** Requests for paths that match {@code template}, on any host. */
  public static RouteMatch path(String template) {
    return new RouteMatch(RouteSettings.ANY_HOST, template);
  }

  /** Requests for hosts that match {@code pattern}, and any path. */
  public static RouteMatch host(String pattern) {
    return new RouteMatch(pattern, RouteSettings.ANY_PATH);
  }
}
