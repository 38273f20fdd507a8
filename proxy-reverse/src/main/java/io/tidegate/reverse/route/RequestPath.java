package io.tidegate.reverse.route;

import io.tidegate.core.http.Ascii;
import org.jspecify.annotations.Nullable;

/**
 * The one spelling of a path that routes are matched against, so that no other spelling of it
 * reaches or escapes a route (RFC 3986 §6.2.2). Applied once to what was received:
 *
 * <ul>
 *   <li>Escapes of unreserved characters are decoded, others get upper-case digits: {@code /%61%2f}
 *       is {@code /a%2F}. What an escaped percent sign hides stays hidden: {@code %252e} is a
 *       segment's text, not a dot.
 *   <li>Then dot segments are removed (§5.2.4), never climbing above the root.
 *   <li>An escaped slash, a backslash and its escape are text of a segment; empty segments stay;
 *       case counts.
 *   <li>A dot segment that only some servers would take for one is refused: one beside an escaped
 *       slash or a backslash, or with a parameter ({@code ..;}).
 * </ul>
 *
 * @param matched the path in this spelling, without query
 * @param dotSegments whether it had dot segments
 */
public record RequestPath(String matched, boolean dotSegments) {
  /**
   * Where the path of {@code pathAndQuery} ends if it is in this spelling already and can be read
   * in one way only, else -1. Almost all are; a path with any percent sign, backslash, semicolon,
   * empty segment or segment that begins with a dot is looked at more closely.
   */
  static int plainEnd(String pathAndQuery) {
    char before = 0;
    for (int i = 0; i < pathAndQuery.length(); i++) {
      char c = pathAndQuery.charAt(i);
      if (c == '?') {
        return i;
      }
      if (c == '%' || c == '\\' || c == ';' || (before == '/' && (c == '.' || c == '/'))) {
        return -1;
      }
      before = c;
    }
    return pathAndQuery.length();
  }

  /** Where the path of {@code pathAndQuery} ends. */
  static int end(String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    return query < 0 ? pathAndQuery.length() : query;
  }

  /** The path of {@code pathAndQuery} in this spelling, or null if it is refused. */
  public static @Nullable RequestPath parse(String pathAndQuery) {
    String decoded = decodeUnreserved(pathAndQuery, end(pathAndQuery));
    boolean dots = false;
    int at = decoded.startsWith("/") ? 1 : 0;
    boolean slashBefore = true;
    while (at <= decoded.length()) {
      int end = pieceEnd(decoded, at);
      boolean slashAfter = end == decoded.length() || decoded.charAt(end) == '/';
      int text = withoutParameters(decoded, at, end);
      if (isDots(decoded, at, text)) {
        if (!slashBefore || !slashAfter || text < end) {
          return null;
        }
        dots = true;
      }
      at = end + (end < decoded.length() && decoded.charAt(end) == '%' ? 3 : 1);
      slashBefore = slashAfter;
    }
    return new RequestPath(dots ? removeDotSegments(decoded) : decoded, dots);
  }

  /**
   * The path and query to send on: octet for octet those received, unless dot segments had to be
   * removed, which must not be left for the upstream to read in its own way.
   */
  public static String forwarded(String pathAndQuery) {
    if (plainEnd(pathAndQuery) >= 0) {
      return pathAndQuery;
    }
    RequestPath path = parse(pathAndQuery);
    return path == null || !path.dotSegments
        ? pathAndQuery
        : path.matched + pathAndQuery.substring(end(pathAndQuery));
  }

  private static String decodeUnreserved(String path, int end) {
    StringBuilder decoded = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = path.charAt(i);
      int octet = c == '%' && i + 2 < end ? octet(path, i) : -1;
      if (octet < 0) {
        decoded.append(c); // also a percent sign that escapes nothing
      } else {
        if (isUnreserved(octet)) {
          decoded.append((char) octet);
        } else {
          decoded.append('%').append(upper(path.charAt(i + 1))).append(upper(path.charAt(i + 2)));
        }
        i += 2;
      }
    }
    return decoded.toString();
  }

  private static int octet(String path, int percent) {
    int high = Ascii.hex(path.charAt(percent + 1));
    int low = Ascii.hex(path.charAt(percent + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static boolean isUnreserved(int octet) {
    return (octet >= '0' && octet <= '9')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= 'a' && octet <= 'z')
        || octet == '-'
        || octet == '.'
        || octet == '_'
        || octet == '~';
  }

  private static char upper(char digit) {
    return digit >= 'a' ? (char) (digit - 32) : digit;
  }

  /**
   * The end of the piece of a segment that starts at {@code from}: at anything that some server
   * takes for a slash.
   */
  private static int pieceEnd(String path, int from) {
    for (int i = from; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '/' || c == '\\' || path.startsWith("%2F", i) || path.startsWith("%5C", i)) {
        return i;
      }
    }
    return path.length();
  }

  private static int withoutParameters(String path, int from, int to) {
    for (int i = from; i < to; i++) {
      if (path.charAt(i) == ';' || path.startsWith("%3B", i)) {
        return i;
      }
    }
    return to;
  }

  private static boolean isDots(String path, int from, int to) {
    int length = to - from;
    return (length == 1 || length == 2) && path.charAt(from) == '.' && path.charAt(to - 1) == '.';
  }

  private static String removeDotSegments(String path) {
    StringBuilder kept = new StringBuilder(path.length());
    int at = 0;
    while (at < path.length()) {
      int end = path.indexOf('/', at + 1);
      end = end < 0 ? path.length() : end;
      if (isDots(path, at + 1, end)) {
        if (end - at == 3) {
          kept.setLength(Math.max(0, kept.lastIndexOf("/")));
        }
        if (end == path.length()) {
          kept.append('/');
        }
      } else {
        kept.append(path, at, end);
      }
      at = end;
    }
    return kept.toString();
  }
}
