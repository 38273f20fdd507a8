package io.tidegate.reverse.route;

import io.tidegate.core.spi.ClientRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one host pattern, found by the segments of a path: a tree whose branches are
 * literal segments and, beside them, one for any segment. Immutable.
 */
final class PathIndex {
  /*
   * From each node the literal branch is tried first, then the one for any segment, then the routes
   * that take everything below: the first route found is the most specific one. Where a node is
   * entered depends on its depth alone, so no path visits one twice.
   */
  private static final class Node {
    final SegmentMap<Node> literals;
    final @Nullable Node any;
    final RouteEntry[] ending;
    final RouteEntry[] open;

    Node(Growing from) {
      Map<String, Node> nodes = new HashMap<>();
      from.literals.forEach((text, growing) -> nodes.put(text, new Node(growing)));
      literals = new SegmentMap<>(nodes);
      any = from.any == null ? null : new Node(from.any);
      ending = from.ending.toArray(RouteEntry[]::new);
      open = from.open.toArray(RouteEntry[]::new);
    }
  }

  /** A node while routes are added. */
  private static final class Growing {
    final Map<String, Growing> literals = new HashMap<>();
    @Nullable Growing any;
    final List<RouteEntry> ending = new ArrayList<>();
    final List<RouteEntry> open = new ArrayList<>();

    Growing child(@Nullable String text) {
      if (text != null) {
        return literals.computeIfAbsent(text, key -> new Growing());
      }
      any = any == null ? new Growing() : any;
      return Objects.requireNonNull(any);
    }
  }

  private final Node root;

  /**
   * The index of {@code entries}; of those with equal paths the first one that matches is found.
   */
  PathIndex(List<RouteEntry> entries) {
    Growing growing = new Growing();
    for (RouteEntry entry : entries) {
      Growing node = growing;
      for (PathTemplate.Segment segment : entry.path().segments()) {
        node = node.child(segment.text());
      }
      (entry.path().isOpen() ? node.open : node.ending).add(entry);
    }
    root = new Node(growing);
  }

  /** The route of the request, whose path is the first {@code end} characters of {@code path}. */
  @Nullable RouteEntry find(ClientRequest request, String path, int end) {
    return path.startsWith("/")
        ? find(root, request, path, 0, end)
        : first(root.open, request, path, end); // OPTIONS *
  }

  private static @Nullable RouteEntry find(
      Node node, ClientRequest request, String path, int at, int end) {
    RouteEntry found = null;
    if (at == end) {
      found = first(node.ending, request, path, end);
    } else {
      int from = at + 1;
      int next = from;
      int hash = 0;
      while (next < end && path.charAt(next) != '/') {
        hash = 31 * hash + path.charAt(next++);
      }
      Node literal = node.literals.get(path, from, next, hash);
      if (literal != null) {
        found = find(literal, request, path, next, end);
      }
      if (found == null && node.any != null && next > from) {
        found = find(node.any, request, path, next, end);
      }
    }
    return found != null ? found : first(node.open, request, path, end);
  }

  private static @Nullable RouteEntry first(
      RouteEntry[] entries, ClientRequest request, String path, int end) {
    for (RouteEntry entry : entries) {
      if (entry.conditionsMatch(request, path, end)) {
        return entry;
      }
    }
    return null;
  }
}
