package io.tidegate.reverse.rewrite;

import java.util.function.UnaryOperator;

/** The references in values of Link (RFC 8288 §3): the target of each link, and its anchor. */
final class Links {
  private Links() {}

  /** The value with every reference mapped; a value that cannot be read stays. */
  static String map(String value, UnaryOperator<String> reference) {
    StringBuilder mapped = new StringBuilder(value.length() + 16);
    int at = 0;
    while (at < value.length()) {
      char c = value.charAt(at);
      boolean anchor = c == '"' && isAnchor(value, at);
      int end = c == '<' ? value.indexOf('>', at) : c == '"' ? quoteEnd(value, at) : at;
      if (end < 0) {
        return value;
      }
      if (c == '<' || anchor) {
        String inner = value.substring(at + 1, end);
        mapped.append(c).append(reference.apply(inner)).append(value.charAt(end));
      } else {
        mapped.append(value, at, end + 1);
      }
      at = end + 1;
    }
    return mapped.toString();
  }

  private static int quoteEnd(String value, int from) {
    for (int i = from + 1; i < value.length(); i++) {
      if (value.charAt(i) == '"') {
        return i;
      }
      i += value.charAt(i) == '\\' ? 1 : 0;
    }
    return -1;
  }

  /** Whether the quote at {@code at} begins the value of the parameter anchor. */
  private static boolean isAnchor(String value, int at) {
    String before = value.substring(0, at).stripTrailing();
    if (!before.endsWith("=")) {
      return false;
    }
    before = before.substring(0, before.length() - 1).stripTrailing();
    int start = before.length() - "anchor".length();
    return start > 0
        && before.regionMatches(true, start, "anchor", 0, "anchor".length())
        && "; \t".indexOf(before.charAt(start - 1)) >= 0;
  }
}
