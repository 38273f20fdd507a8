package io.tidegate.forward.access;

import io.tidegate.core.http.Ascii;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How servers read one path: the strictest of them, and the most lenient.
 *
 * @param exact with percent-encoding undone where it makes no difference (RFC 3986 §6.2.2)
 * @param loose with all percent-encoding of ASCII undone, in lower case, without parameters of
 *     segments, and without a slash at the end
 */
record PathReadings(String exact, String loose) {
  private static final String UNRESERVED = "-._~";

  /** Encoded, some servers take these for what ends a segment or a path, and others do not. */
  private static final String DELIMITERS = "/\\;?#%";

  /**
   * The readings of {@code path}; null if servers differ by more than that: if it has dot segments
   * or empty ones, backslashes, encoded delimiters, or encoded octets that are no text.
   */
  static @Nullable PathReadings of(String path) {
    StringBuilder exact = new StringBuilder(path.length());
    StringBuilder loose = new StringBuilder(path.length());
    boolean parameters = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean encoded = c == '%';
      int octet = encoded ? octet(path, i) : c;
      if (encoded ? !isText(octet) : !isClear(c)) {
        return null;
      }
      parameters = c == ';' || (parameters && c != '/');
      String escape = encoded ? path.substring(i, i + 3).toUpperCase(Locale.ROOT) : "";
      append(exact, octet, encoded && !isUnreserved(octet) ? escape : "");
      if (!parameters) {
        append(loose, Ascii.lower(octet), octet >= 0x80 ? escape : "");
      }
      i += escape.isEmpty() ? 0 : 2;
    }
    if (!hasOrdinarySegments(exact, exact.length())
        || !hasOrdinarySegments(loose, loose.length())) {
      return null;
    }
    int bare = loose.charAt(loose.length() - 1) == '/' ? loose.length() - 1 : loose.length();
    return new PathReadings(exact.toString(), loose.substring(0, bare));
  }

  private static void append(StringBuilder reading, int octet, String escape) {
    if (escape.isEmpty()) {
      reading.append((char) octet);
    } else {
      reading.append(escape);
    }
  }

  /** The octet that is encoded here, or -1 if none is. */
  private static int octet(String path, int percent) {
    if (percent + 2 >= path.length()) {
      return -1;
    }
    int high = Ascii.hex(path.charAt(percent + 1));
    int low = Ascii.hex(path.charAt(percent + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /**
   * Whether an encoded octet means the same to all. 0xc0 and 0xc1 begin overlong forms of ASCII.
   */
  private static boolean isText(int octet) {
    return octet >= ' '
        && octet != 0x7f
        && octet != 0xc0
        && octet != 0xc1
        && DELIMITERS.indexOf(octet) < 0;
  }

  /** Whether a character that is not encoded means the same to all. */
  private static boolean isClear(char c) {
    return c > ' ' && c < 0x7f && c != '\\' && c != '#';
  }

  private static boolean isUnreserved(int octet) {
    return Ascii.isLetter(octet) || Ascii.isDigit(octet) || UNRESERVED.indexOf(octet) >= 0;
  }

  /**
   * Whether both readings of a path, the first {@code end} characters of {@code text}, are the path
   * itself, but for a slash at its end.
   */
  static boolean isPlain(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z') || Ascii.isDigit(c) || c == '/' || UNRESERVED.indexOf(c) >= 0;
      if (!plain) {
        return false;
      }
    }
    return hasOrdinarySegments(text, end);
  }

  /** Whether the path begins with a slash and has no segment that is empty or made of dots. */
  private static boolean hasOrdinarySegments(CharSequence path, int end) {
    int slash = 0;
    for (int i = 1; i <= end; i++) {
      if (i == end || path.charAt(i) == '/') {
        boolean last = i == end;
        int length = i - slash - 1;
        if (length == 0 ? !last : areDots(path, slash + 1, i)) {
          return false;
        }
        slash = i;
      }
    }
    return end > 0 && path.charAt(0) == '/';
  }

  private static boolean areDots(CharSequence path, int from, int to) {
    return to - from <= 2 && path.charAt(from) == '.' && path.charAt(to - 1) == '.';
  }
}
