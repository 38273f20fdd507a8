package io.tidegate.reverse.protect;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what would climb out of a directory: a segment {@code ..} in the path, or beside a slash
 * in a query parameter; as received, decoded once and decoded twice. Backslashes count as slashes,
 * parameters ({@code ..;x}) do not save a segment, and neither do the longer UTF-8 forms of these
 * characters, which no encoder makes (RFC 3629 §3).
 */
final class PathTraversal implements RequestFilter {
  private static final Failure IN_PATH = Refusals.badRequest("the path has a segment ..");
  private static final Failure IN_QUERY = Refusals.badRequest("the query has a path with ..");

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    String target = request.pathAndQuery();
    if (target.indexOf('%') < 0 && !target.contains("..")) {
      return null;
    }
    int query = target.indexOf('?');
    int end = query < 0 ? target.length() : query;
    if (climbsAfterDecoding(target.substring(0, end))) {
      return IN_PATH;
    }
    return query >= 0 && anyParameterClimbs(target, query + 1) ? IN_QUERY : null;
  }

  private static boolean anyParameterClimbs(String target, int from) {
    int at = from;
    while (at <= target.length()) {
      int end = target.indexOf('&', at);
      end = end < 0 ? target.length() : end;
      int equals = target.indexOf('=', at);
      int value = equals < 0 || equals >= end ? at : equals + 1;
      if (climbsAfterDecoding(target.substring(value, end))) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }

  private static boolean climbsAfterDecoding(String text) {
    String once = Decoded.once(text);
    return climbs(text) || climbs(once) || climbs(Decoded.once(once));
  }

  /** Whether a whole segment is {@code ..}; two dots alone are a text, not a path. */
  private static boolean climbs(String received) {
    String text = shortest(received);
    for (int at = text.indexOf(".."); at >= 0; at = text.indexOf("..", at + 1)) {
      boolean slashBefore = at > 0 && isSlash(text.charAt(at - 1));
      int after = at + 2;
      boolean ends = after == text.length() || text.charAt(after) == ';';
      boolean slashAfter = after < text.length() && isSlash(text.charAt(after));
      if ((slashBefore && (ends || slashAfter)) || (at == 0 && slashAfter)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSlash(char c) {
    return c == '/' || c == '\\';
  }

  /** The text with two-octet forms of the dot and the slashes replaced by those themselves. */
  private static String shortest(String text) {
    return text.indexOf('\u00c0') < 0 && text.indexOf('\u00c1') < 0
        ? text
        : text.replace("\u00c0\u00ae", ".")
            .replace("\u00c0\u00af", "/")
            .replace("\u00c1\u009c", "\\");
  }
}
