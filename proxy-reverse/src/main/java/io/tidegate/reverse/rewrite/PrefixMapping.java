package io.tidegate.reverse.rewrite;

import io.tidegate.reverse.route.RequestPath;
import org.jspecify.annotations.Nullable;

/**
 * Maps paths between the client's side of a route and the upstream's: what is stripped and added on
 * the way there is put back on the way back. Paths are raw, queries and fragments pass untouched.
 */
public final class PrefixMapping implements PathMapping {
  private final String strip;
  private final int stripSegments;
  private final String add;

  /**
   * Strips {@code strip} and adds {@code add}, each empty or whole segments with a slash in front.
   */
  public PrefixMapping(String strip, String add) {
    this.strip = strip;
    this.stripSegments = (int) strip.chars().filter(c -> c == '/').count();
    this.add = add;
  }

  /** {@code prefix} in the spelling routes are matched in. */
  public static String normal(String prefix) {
    RequestPath path = RequestPath.parse(prefix);
    return path == null ? prefix : path.matched();
  }

  /** Whether every path stays as it is. */
  private boolean isIdentity() {
    return strip.equals(add);
  }

  /**
   * The upstream's path and query for the client's, which is below the prefix in whatever spelling.
   */
  @Override
  public String toUpstream(String pathAndQuery) {
    if (isIdentity() || !pathAndQuery.startsWith("/")) {
      return pathAndQuery;
    }
    // Segments are counted, not compared: how the client spelled the prefix does not matter.
    int at = 0;
    for (int i = 0; i < stripSegments; i++) {
      at = segmentEnd(pathAndQuery, at + 1);
    }
    boolean slash = at < pathAndQuery.length() && pathAndQuery.charAt(at) == '/';
    String rest = pathAndQuery.substring(at);
    return slash ? add + rest : (add.isEmpty() ? "/" : add) + rest;
  }

  private static int segmentEnd(String pathAndQuery, int from) {
    int at = from;
    while (at < pathAndQuery.length()
        && pathAndQuery.charAt(at) != '/'
        && pathAndQuery.charAt(at) != '?') {
      at++;
    }
    return at;
  }

  @Override
  public @Nullable String toClient(String reference) {
    if (isIdentity()) {
      return reference;
    }
    if (!isBelow(reference, add)) {
      return null;
    }
    String rest = reference.substring(add.length());
    return strip.isEmpty() && !rest.startsWith("/") ? "/" + rest : strip + rest;
  }

  @Override
  public String cookieToClient(String path) {
    boolean above =
        path.equals("/") || (path.startsWith("/") && isBelow(add, withoutFinalSlash(path)));
    if (isIdentity() || (!above && !isBelow(path, add))) {
      return path;
    }
    if (above || path.length() == add.length()) {
      return strip.isEmpty() ? "/" : strip;
    }
    return strip + path.substring(add.length());
  }

  private static String withoutFinalSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static boolean isBelow(String reference, String prefix) {
    if (!reference.startsWith(prefix)) {
      return false;
    }
    if (reference.length() == prefix.length()) {
      return true;
    }
    char next = reference.charAt(prefix.length());
    return next == '/' || next == '?' || next == '#';
  }
}
