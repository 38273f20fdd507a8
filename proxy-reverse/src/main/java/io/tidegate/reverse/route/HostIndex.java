package io.tidegate.reverse.route;

import io.tidegate.core.spi.ClientRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All routes, found by host and then by path: those of the exact host come first, then those of
 * each wildcard that takes it, the longest first, then those for any host. Immutable.
 */
final class HostIndex {
  private final Map<String, PathIndex> exact = new HashMap<>();
  private final Map<String, PathIndex> below = new HashMap<>();
  private final int longestBelow;
  private final PathIndex any;

  /** The index of {@code entries}, which are in the order of {@link RouteEntry#PRECEDENCE}. */
  HostIndex(List<RouteEntry> entries) {
    Map<HostPattern, List<RouteEntry>> byHost = new HashMap<>();
    for (RouteEntry entry : entries) {
      byHost.computeIfAbsent(entry.host(), host -> new ArrayList<>()).add(entry);
    }
    List<RouteEntry> forAny = new ArrayList<>();
    int longest = 0;
    for (Map.Entry<HostPattern, List<RouteEntry>> one : byHost.entrySet()) {
      String text = one.getKey().text();
      switch (one.getKey().kind()) {
        case EXACT -> exact.put(text, new PathIndex(one.getValue()));
        case BELOW -> {
          below.put(text, new PathIndex(one.getValue()));
          longest = Math.max(longest, text.length());
        }
        case ANY -> forAny.addAll(one.getValue());
      }
    }
    longestBelow = longest;
    any = new PathIndex(forAny);
  }

  /**
   * The route of the request, or null.
   *
   * @param host in lower case, without the final dot
   * @param path the path in its first {@code end} characters
   */
  @Nullable RouteEntry find(ClientRequest request, String host, String path, int end) {
    PathIndex ofHost = exact.isEmpty() ? null : exact.get(host);
    RouteEntry found = ofHost == null ? null : ofHost.find(request, path, end);
    if (found == null && !below.isEmpty()) {
      found = findBelow(request, host, path, end);
    }
    return found == null ? any.find(request, path, end) : found;
  }

  private @Nullable RouteEntry findBelow(ClientRequest request, String host, String path, int end) {
    int dot = host.indexOf('.', Math.max(1, host.length() - longestBelow));
    while (dot >= 0) {
      PathIndex index = below.get(host.substring(dot));
      RouteEntry found = index == null ? null : index.find(request, path, end);
      if (found != null) {
        return found;
      }
      dot = host.indexOf('.', dot + 1);
    }
    return null;
  }
}
