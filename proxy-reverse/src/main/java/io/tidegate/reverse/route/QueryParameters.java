package io.tidegate.reverse.route;

import io.tidegate.core.http.Ascii;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The parameters of a query as forms write them: between ampersands, a plus sign for a space,
 * escapes for octets of UTF-8. Names and values are compared decoded, so that no spelling of one
 * escapes a condition; an escape that is none stands for itself.
 */
final class QueryParameters {
  private QueryParameters() {}

  /**
   * Whether a parameter of this name has a value that matches. One without a sign has an empty one.
   */
  static boolean any(String pathAndQuery, String name, ValueMatcher matcher) {
    int at = RequestPath.end(pathAndQuery) + 1;
    while (at < pathAndQuery.length()) {
      int end = pathAndQuery.indexOf('&', at);
      end = end < 0 ? pathAndQuery.length() : end;
      int equals = pathAndQuery.indexOf('=', at);
      equals = equals < 0 || equals > end ? end : equals;
      if (is(pathAndQuery, at, equals, name)
          && matcher.matches(decoded(pathAndQuery, Math.min(equals + 1, end), end))) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }

  private static boolean is(String text, int from, int to, String name) {
    return isPlain(text, from, to)
        ? to - from == name.length() && text.startsWith(name, from)
        : decoded(text, from, to).equals(name);
  }

  private static boolean isPlain(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == '%' || text.charAt(i) == '+') {
        return false;
      }
    }
    return true;
  }

  private static String decoded(String text, int from, int to) {
    if (isPlain(text, from, to)) {
      return text.substring(from, to);
    }
    ByteArrayOutputStream octets = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < to ? Ascii.hex(text.charAt(i + 1)) : -1;
      int low = high < 0 ? -1 : Ascii.hex(text.charAt(i + 2));
      if (low >= 0) {
        octets.write(high << 4 | low);
        i += 2;
      } else {
        octets.write(c == '+' ? ' ' : c);
      }
    }
    return octets.toString(StandardCharsets.UTF_8);
  }
}
