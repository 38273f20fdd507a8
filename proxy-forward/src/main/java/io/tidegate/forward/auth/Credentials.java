package io.tidegate.forward.auth;

import io.tidegate.core.http.Ascii;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Proxy-Authorization says (RFC 9110 §11.4): a scheme with a token, with parameters, or alone.
 *
 * @param scheme in lower case
 * @param token a token68, empty if there is none
 * @param parameters by their names in lower case; quotes removed, one character for each octet
 */
record Credentials(String scheme, String token, Map<String, String> parameters) {
  /** The credentials that {@code value} spells out, or null if it is malformed. */
  static @Nullable Credentials parse(String value) {
    int end = value.indexOf(' ');
    String scheme = (end < 0 ? value : value.substring(0, end)).toLowerCase(Locale.ROOT);
    if (!Ascii.isToken(scheme)) {
      return null;
    }
    String rest = end < 0 ? "" : value.substring(end).strip();
    if (rest.isEmpty() || isToken68(rest)) {
      return new Credentials(scheme, rest, Map.of());
    }
    Map<String, String> parameters = new Parameters(rest).read();
    return parameters == null ? null : new Credentials(scheme, "", parameters);
  }

  private static boolean isToken68(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (!Ascii.isLetter(c) && !Ascii.isDigit(c) && "-._~+/".indexOf(c) < 0) {
        return false;
      }
    }
    return end > 0;
  }

  /** The scheme alone: the rest is secret. */
  @Override
  public String toString() {
    return scheme;
  }

  /** Reads {@code #auth-param}: names and tokens or quoted strings. */
  private static final class Parameters {
    private final String text;
    private int at;

    Parameters(String text) {
      this.text = text;
    }

    /** All of them, or null if one is malformed or there twice. */
    @Nullable Map<String, String> read() {
      Map<String, String> parameters = new LinkedHashMap<>();
      while (skip()) {
        String name = token().toLowerCase(Locale.ROOT);
        space();
        if (name.isEmpty() || !take('=')) {
          return null;
        }
        space();
        String value = take('"') ? quoted() : value();
        space();
        boolean ends = at == text.length() || text.charAt(at) == ',';
        if (value == null || !ends || parameters.put(name, value) != null) {
          return null;
        }
      }
      return parameters;
    }

    /** Skips empty members; whether there is another one. */
    private boolean skip() {
      while (at < text.length() && (isSpace(text.charAt(at)) || text.charAt(at) == ',')) {
        at++;
      }
      return at < text.length();
    }

    private void space() {
      while (at < text.length() && isSpace(text.charAt(at))) {
        at++;
      }
    }

    private static boolean isSpace(char c) {
      return c == ' ' || c == '\t';
    }

    private boolean take(char wanted) {
      if (at < text.length() && text.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private String token() {
      int start = at;
      while (at < text.length() && Ascii.isToken(text.charAt(at))) {
        at++;
      }
      return text.substring(start, at);
    }

    private @Nullable String value() {
      String value = token();
      return value.isEmpty() ? null : value;
    }

    /** The rest of a quoted string without its escapes, or null if it does not end. */
    private @Nullable String quoted() {
      StringBuilder value = new StringBuilder();
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c == '"') {
          return value.toString();
        }
        if (c == '\\') {
          if (at == text.length()) {
            return null;
          }
          c = text.charAt(at++);
        }
        value.append(c);
      }
      return null;
    }
  }
}
