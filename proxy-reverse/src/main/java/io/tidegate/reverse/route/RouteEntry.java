package io.tidegate.reverse.route;

import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Resolution;
import java.util.Comparator;

/** One route of the table: which requests it takes and what becomes of them. */
public final class RouteEntry implements RouteTarget {
  /** The more specific one first, as {@link RouteTable} says; equals stay in their order. */
  static final Comparator<RouteEntry> PRECEDENCE =
      Comparator.comparing((RouteEntry entry) -> entry.host.kind())
          .thenComparing(entry -> -entry.host.text().length())
          .thenComparing(RouteEntry::path, PathTemplate.MOST_SPECIFIC_FIRST)
          .thenComparing(entry -> entry.conditions);

  private final HostPattern host;
  private final PathTemplate path;
  private final Conditions conditions;
  private final RequestMatcher[] matchers;
  private final RouteTarget target;

  /**
   * A route that takes the requests which match all three; {@code conditions} were checked.
   *
   * @param forwarded whose word is believed about who the client is
   */
  public RouteEntry(
      HostPattern host,
      PathTemplate path,
      Conditions conditions,
      ForwardedFields forwarded,
      RouteTarget target) {
    this.host = host;
    this.path = path;
    this.conditions = conditions;
    this.matchers = RequestMatcher.of(conditions, forwarded);
    this.target = target;
  }

  HostPattern host() {
    return host;
  }

  PathTemplate path() {
    return path;
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    return target.resolve(request);
  }

  @Override
  public Resolution look(ClientRequest request) {
    return target.look(request);
  }

  /** Whether the request meets the conditions; host and template match. */
  boolean conditionsMatch(ClientRequest request, String path, int end) {
    for (RequestMatcher matcher : matchers) {
      if (!matcher.matches(request, path, end)) {
        return false;
      }
    }
    return true;
  }

  /** Host, path and conditions, without values, which may be secrets. */
  @Override
  public String toString() {
    String where = (host.kind() == HostPattern.Kind.ANY ? "" : host.text()) + path;
    return conditions.equals(Conditions.NONE) ? where : where + " (" + conditions + ")";
  }
}
