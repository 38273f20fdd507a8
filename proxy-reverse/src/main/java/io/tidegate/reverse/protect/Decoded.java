package io.tidegate.reverse.protect;

import io.tidegate.core.http.Ascii;

/** Percent-decoding as a lenient server does it: what escapes nothing stays as it is. */
final class Decoded {
  private Decoded() {}

  /** {@code text} decoded once, one character an octet; itself if nothing is escaped. */
  static String once(String text) {
    int percent = text.indexOf('%');
    if (percent < 0) {
      return text;
    }
    StringBuilder decoded = new StringBuilder(text.length()).append(text, 0, percent);
    for (int i = percent; i < text.length(); i++) {
      int octet = text.charAt(i) == '%' ? octet(text, i) : -1;
      decoded.append(octet < 0 ? text.charAt(i) : (char) octet);
      i += octet < 0 ? 0 : 2;
    }
    return decoded.toString();
  }

  private static int octet(String text, int percent) {
    if (percent + 2 >= text.length()) {
      return -1;
    }
    int high = Ascii.hex(text.charAt(percent + 1));
    int low = Ascii.hex(text.charAt(percent + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
