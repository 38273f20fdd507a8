package io.tidegate.reverse.route;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request: of all that take its host and path the most specific one.
 *
 * <p>The host counts first: an exact one, then the longest wildcard, then any. Then the path,
 * compared as {@link PathTemplate#MOST_SPECIFIC_FIRST} says. Of equals, the one declared first.
 */
public final class RouteTable implements DestinationResolver {
  private static final Failure NO_ROUTE =
      Failure.of(ProxyError.DESTINATION_NOT_FOUND, "no route for this host and path");
  private static final Failure AMBIGUOUS_PATH =
      Failure.badRequest(400, "the path has an ambiguous dot segment");

  private static final Comparator<Entry> PRECEDENCE =
      Comparator.comparing((Entry entry) -> entry.host.kind())
          .thenComparing(entry -> -entry.host.text().length())
          .thenComparing(Entry::path, PathTemplate.MOST_SPECIFIC_FIRST);

  /** One row of the table. */
  public record Entry(HostPattern host, PathTemplate path, Route route) {}

  private final Map<String, Entry[]> exactHosts;
  private final Entry[] otherHosts;

  /** The table of {@code entries}, given in the order of their declaration. */
  public RouteTable(List<Entry> entries) {
    List<Entry> sorted = entries.stream().sorted(PRECEDENCE).toList();
    this.exactHosts =
        sorted.stream()
            .filter(RouteTable::isExact)
            .collect(
                Collectors.groupingBy(
                    entry -> entry.host.text(),
                    Collectors.collectingAndThen(
                        Collectors.toList(), list -> list.toArray(Entry[]::new))));
    this.otherHosts = sorted.stream().filter(entry -> !isExact(entry)).toArray(Entry[]::new);
  }

  private static boolean isExact(Entry entry) {
    return entry.host.kind() == HostPattern.Kind.EXACT;
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    String path = request.pathAndQuery();
    int end = RequestPath.plainEnd(path);
    if (end < 0) {
      RequestPath parsed = RequestPath.parse(path);
      if (parsed == null) {
        return AMBIGUOUS_PATH;
      }
      path = parsed.matched();
      end = path.length();
    }
    String host = HostPattern.withoutFinalDot(request.authority().host());
    Entry[] ofHost = exactHosts.isEmpty() ? null : exactHosts.get(host);
    Route route = ofHost == null ? null : find(ofHost, host, path, end);
    if (route == null) {
      route = find(otherHosts, host, path, end);
    }
    return route == null ? NO_ROUTE : route;
  }

  private static @Nullable Route find(Entry[] entries, String host, String path, int end) {
    boolean wholeServer = !path.startsWith("/"); // OPTIONS *
    for (Entry entry : entries) {
      if (entry.host.matches(host)
          && (wholeServer ? entry.path.takesAll() : entry.path.matches(path, end))) {
        return entry.route;
      }
    }
    return null;
  }
}
