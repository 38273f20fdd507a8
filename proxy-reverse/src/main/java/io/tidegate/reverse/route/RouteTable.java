package io.tidegate.reverse.route;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Resolution;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request: of all that take it the most specific one.
 *
 * <p>The host counts first: an exact one, then the longest wildcard, then any. Then the path,
 * compared as {@link PathTemplate#MOST_SPECIFIC_FIRST} says. Then the {@linkplain
 * Conditions#compareTo conditions}. Of equals, the one declared first.
 */
public final class RouteTable implements DestinationResolver {
  private static final RouteTarget NO_ROUTE =
      refusal(Failure.of(ProxyError.DESTINATION_NOT_FOUND, "no route for this request"));
  private static final RouteTarget AMBIGUOUS_DOTS =
      refusal(Failure.badRequest(400, "the path has an ambiguous dot segment"));
  private static final RouteTarget AMBIGUOUS_PATH =
      refusal(Failure.badRequest(400, "the path can be read in several ways"));
  private static final Failure UNDECIDED =
      Failure.badRequest(400, "finding the route took too long");

  private final HostIndex index;
  private final AmbiguousPaths ambiguous;

  /** The table of {@code entries}, given in the order of their declaration. */
  public RouteTable(List<RouteEntry> entries, AmbiguousPaths ambiguous) {
    this.index = new HostIndex(entries.stream().sorted(RouteEntry.PRECEDENCE).toList());
    this.ambiguous = ambiguous;
  }

  private static RouteTarget refusal(Failure failure) {
    return request -> failure;
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    try {
      return find(request).resolve(request);
    } catch (SafeRegex.UndecidedException e) {
      return UNDECIDED;
    }
  }

  /** What {@link #resolve} would say, and why; nothing is counted. */
  public Look look(ClientRequest request) {
    RouteTarget found = null;
    Resolution resolution;
    try {
      found = find(request);
      resolution = found.look(request);
    } catch (SafeRegex.UndecidedException e) {
      resolution = UNDECIDED;
    }
    return new Look(
        found instanceof RouteEntry ? Optional.of(found.toString()) : Optional.empty(), resolution);
  }

  /**
   * What a look at a table has shown.
   *
   * @param route the route that takes the request, by host, path and conditions; empty if the table
   *     refuses it
   * @param resolution what becomes of the request
   */
  public record Look(Optional<String> route, Resolution resolution) {}

  /** The entry that takes the request, or what refuses it. */
  private RouteTarget find(ClientRequest request) {
    String host = HostPattern.withoutFinalDot(request.authority().host());
    String path = request.pathAndQuery();
    int end = RequestPath.plainEnd(path);
    if (end < 0) {
      return findUnusual(request, host, path);
    }
    RouteEntry entry = index.find(request, host, path, end);
    return entry == null ? NO_ROUTE : entry;
  }

  private RouteTarget findUnusual(ClientRequest request, String host, String pathAndQuery) {
    RequestPath path = RequestPath.parse(pathAndQuery);
    if (path == null) {
      return AMBIGUOUS_DOTS;
    }
    RouteEntry entry = index.find(request, host, path.matched(), path.matched().length());
    if (ambiguous != AmbiguousPaths.AS_SPELLED && PathReadings.exist(path.matched())) {
      Set<String> readings =
          ambiguous == AmbiguousPaths.REFUSED ? null : PathReadings.of(path.matched());
      if (readings == null || !allTake(entry, readings, request, host)) {
        return AMBIGUOUS_PATH;
      }
    }
    return entry == null ? NO_ROUTE : entry;
  }

  private boolean allTake(
      @Nullable RouteEntry entry, Set<String> readings, ClientRequest request, String host) {
    for (String reading : readings) {
      if (index.find(request, host, reading, reading.length()) != entry) {
        return false;
      }
    }
    return true;
  }
}
