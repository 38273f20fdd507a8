package io.tidegate.core.http;

import org.jspecify.annotations.Nullable;

/** The cookies that a client sends (RFC 6265 §5.4). */
public final class Cookies {
  private Cookies() {}

  /**
   * The value of the first cookie that is called {@code name}, in just these letters; null if there
   * is none. Quotes around it are part of it.
   */
  public static @Nullable String value(Fields fields, String name) {
    for (int i = fields.indexOf(FieldName.COOKIE, 0);
        i >= 0;
        i = fields.indexOf(FieldName.COOKIE, i + 1)) {
      String value = value(fields.value(i), name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static @Nullable String value(String cookies, String name) {
    int at = 0;
    while (at < cookies.length()) {
      int end = cookies.indexOf(';', at);
      end = end < 0 ? cookies.length() : end;
      while (at < end && isSpace(cookies.charAt(at))) {
        at++;
      }
      int value = at + name.length();
      if (value < end && cookies.charAt(value) == '=' && cookies.startsWith(name, at)) {
        return cookies.substring(value + 1, end).strip();
      }
      at = end + 1;
    }
    return null;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
