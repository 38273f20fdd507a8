package io.tidegate.core.cache;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of Cache-Control (RFC 9111 §5.2): {@code name}, {@code name=token} or {@code
 * name="quoted, string"}. A member that is none of these hides no other one; above all, a quote
 * that is never closed does not swallow what follows.
 */
final class DirectiveList {
  private final String line;
  private final Directives into;
  private int at;

  private DirectiveList(String line, Directives into) {
    this.line = line;
    this.into = into;
  }

  /** Adds the directives of one field line. */
  static void read(String line, Directives into) {
    DirectiveList list = new DirectiveList(line, into);
    while (list.at < line.length()) {
      list.member();
      list.at++;
    }
  }

  private void member() {
    int start = at;
    while (at < line.length() && line.charAt(at) != ',' && line.charAt(at) != '=') {
      at++;
    }
    String name = line.substring(start, at);
    boolean argued = at < line.length() && line.charAt(at) == '=';
    String argument = argued ? argument() : null;
    if (argument != null && !name.isEmpty() && isSpace(name.charAt(name.length() - 1))) {
      argument = ""; // no space is allowed around the sign, so whatever it is, it is invalid
    }
    into.add(name.strip().toLowerCase(Locale.ROOT), argument);
  }

  /** The argument after the equals sign; a quoted string with anything behind it is empty. */
  private String argument() {
    at++;
    String quoted = at < line.length() && line.charAt(at) == '"' ? quoted() : null;
    int start = at;
    int comma = line.indexOf(',', at);
    at = comma < 0 ? line.length() : comma;
    String rest = line.substring(start, at).stripTrailing();
    if (quoted == null) {
      return rest;
    }
    return rest.isEmpty() ? quoted : "";
  }

  /** The quoted string that starts here, without its quotes, or null if it does not end. */
  private @Nullable String quoted() {
    StringBuilder text = new StringBuilder();
    for (int i = at + 1; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        at = i + 1;
        return text.toString();
      }
      if (c == '\\' && i + 1 < line.length()) {
        i++;
      }
      text.append(line.charAt(i));
    }
    return null;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
