package io.tidegate.core.http;

import java.util.function.Predicate;
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
      String cookies = fields.value(i);
      int at = find(cookies, name, 0);
      if (at >= 0) {
        return valueAt(cookies, at);
      }
    }
    return null;
  }

  /** Whether the value of any cookie that is called {@code name} passes {@code test}. */
  public static boolean any(Fields fields, String name, Predicate<String> test) {
    for (int i = fields.indexOf(FieldName.COOKIE, 0);
        i >= 0;
        i = fields.indexOf(FieldName.COOKIE, i + 1)) {
      String cookies = fields.value(i);
      for (int at = find(cookies, name, 0); at >= 0; at = find(cookies, name, end(cookies, at))) {
        if (test.test(valueAt(cookies, at))) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Where the value of the next such cookie starts, from the cookie or semicolon at {@code from}.
   */
  private static int find(String cookies, String name, int from) {
    int at = from;
    while (at < cookies.length()) {
      int end = end(cookies, at);
      while (at < end && isSpace(cookies.charAt(at))) {
        at++;
      }
      int value = at + name.length();
      if (value < end && cookies.charAt(value) == '=' && cookies.startsWith(name, at)) {
        return value + 1;
      }
      at = end + 1;
    }
    return -1;
  }

  private static String valueAt(String cookies, int at) {
    return cookies.substring(at, end(cookies, at)).strip();
  }

  private static int end(String cookies, int from) {
    int end = cookies.indexOf(';', from);
    return end < 0 ? cookies.length() : end;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
