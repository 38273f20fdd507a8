package io.tidegate.core.http;

import java.util.List;

/** List syntax of RFC 9110 §5.6.1: members between commas, quoted strings kept whole. */
final class Lists {
  private Lists() {}

  /**
   * Adds the non-empty members of {@code value} to {@code members}, white space around them
   * removed.
   */
  static void split(String value, List<String> members) {
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i <= value.length(); i++) {
      char c = i < value.length() ? value.charAt(i) : ',';
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && (!quoted || i >= value.length())) {
        add(value, start, Math.min(i, value.length()), members);
        start = i + 1;
      }
    }
    if (start < value.length()) {
      add(value, start, value.length(), members);
    }
  }

  private static void add(String value, int from, int to, List<String> members) {
    int start = from;
    int end = to;
    while (start < end && isSpace(value.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(value.charAt(end - 1))) {
      end--;
    }
    if (end > start) {
      members.add(value.substring(start, end));
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
