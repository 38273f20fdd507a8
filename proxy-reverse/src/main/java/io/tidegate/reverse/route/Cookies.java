package io.tidegate.reverse.route;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import org.jspecify.annotations.Nullable;

/** The cookies of a request (RFC 6265 §4.2), on one Cookie line or several (RFC 9113 §8.2.3). */
public final class Cookies {
  private Cookies() {}

  /** The value of the first cookie of this name, or null. */
  public static @Nullable String first(Fields fields, String name) {
    String[] found = new String[1];
    any(
        fields,
        name,
        value -> {
          found[0] = value;
          return true;
        });
    return found[0];
  }

  /** Whether a cookie of this name, whose case counts, has a value that matches. */
  static boolean any(Fields fields, String name, ValueMatcher matcher) {
    for (int i = fields.indexOf(FieldName.COOKIE, 0);
        i >= 0;
        i = fields.indexOf(FieldName.COOKIE, i + 1)) {
      if (anyOf(fields.value(i), name, matcher)) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyOf(String line, String name, ValueMatcher matcher) {
    int at = 0;
    while (at < line.length()) {
      int end = line.indexOf(';', at);
      end = end < 0 ? line.length() : end;
      while (at < end && line.charAt(at) == ' ') {
        at++;
      }
      int value = at + name.length() + 1;
      boolean named = value <= end && line.startsWith(name, at) && line.charAt(value - 1) == '=';
      if (named && matcher.matches(line.substring(value, end).strip())) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }
}
