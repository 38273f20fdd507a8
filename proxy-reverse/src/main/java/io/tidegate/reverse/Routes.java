package io.tidegate.reverse;

/**
 * Says which requests a route takes; meant to be imported statically: {@code
 * host("*.example.com").path("/a/**").method("GET")}.
 *
 * <p><b>Hosts</b> are one name or address ({@code shop.example.com}), every name below one ({@code
 * *.example.com}, at any depth, not {@code example.com} itself) or any ({@code *}). Ports and case
 * do not count.
 *
 * <p><b>Paths</b> are templates: {@code /a/b} is that path alone, {@code *} and {@code {name}}
 * stand for one non-empty segment, {@code **} at the end for the path so far and everything below.
 * Case counts. A request's path is compared in one spelling: escapes of unreserved characters
 * decoded, other escapes with upper-case digits, dot segments removed (RFC 3986 §6.2.2); a slash
 * that is escaped does not part segments. A path that servers are known to read in other ways too
 * is refused if such a reading would take another route; see {@link
 * io.tidegate.reverse.route.AmbiguousPaths}.
 *
 * <p><b>Conditions</b> narrow a route down further: regular expression for the path, scheme,
 * methods, fields, query parameters, cookies, client addresses. All must be met.
 *
 * <p><b>Precedence.</b> Of all routes that take a request the most specific one gets it. The host
 * decides first: exact, then the longest wildcard, then any. Then the path template, from the left,
 * segment by segment: literal text before one segment of any text, that before {@code **}. Then the
 * conditions: more of them before fewer; of as many, those with more exact values, then with more
 * prefixes, then with more regular expressions, then with fewer methods. Of equals the one declared
 * first. A route that another one leaves no request to is a mistake that {@code build()} reports.
 *
 * <p><b>Regular expressions</b> are those of {@link java.util.regex.Pattern}, and must fit all of a
 * value. A request for which one backtracks too long is refused with 400.
 */
public final class Routes {
  private Routes() {}

  /** Requests for paths that match {@code template}, on any host. */
  public static RouteMatch path(String template) {
    return RouteMatch.ALL.path(template);
  }

  /** Requests for hosts that match {@code pattern}, and any path. */
  public static RouteMatch host(String pattern) {
    return RouteMatch.ALL.host(pattern);
  }

  /** As {@link RouteMatch#pathRegex}, on any host. */
  public static RouteMatch pathRegex(String regex) {
    return RouteMatch.ALL.pathRegex(regex);
  }

  /** As {@link RouteMatch#scheme}, for any host and path. */
  public static RouteMatch scheme(String scheme) {
    return RouteMatch.ALL.scheme(scheme);
  }

  /** As {@link RouteMatch#method}, for any host and path. */
  public static RouteMatch method(String first, String... more) {
    return RouteMatch.ALL.method(first, more);
  }

  /** As {@link RouteMatch#field(String)}, for any host and path. */
  public static RouteMatch field(String name) {
    return RouteMatch.ALL.field(name);
  }

  /** As {@link RouteMatch#field(String, String)}, for any host and path. */
  public static RouteMatch field(String name, String value) {
    return RouteMatch.ALL.field(name, value);
  }

  /** As {@link RouteMatch#query(String)}, for any host and path. */
  public static RouteMatch query(String name) {
    return RouteMatch.ALL.query(name);
  }

  /** As {@link RouteMatch#query(String, String)}, for any host and path. */
  public static RouteMatch query(String name, String value) {
    return RouteMatch.ALL.query(name, value);
  }

  /** As {@link RouteMatch#cookie(String)}, for any host and path. */
  public static RouteMatch cookie(String name) {
    return RouteMatch.ALL.cookie(name);
  }

  /** As {@link RouteMatch#cookie(String, String)}, for any host and path. */
  public static RouteMatch cookie(String name, String value) {
    return RouteMatch.ALL.cookie(name, value);
  }

  /** As {@link RouteMatch#client}, for any host and path. */
  public static RouteMatch client(String first, String... more) {
    return RouteMatch.ALL.client(first, more);
  }
}
