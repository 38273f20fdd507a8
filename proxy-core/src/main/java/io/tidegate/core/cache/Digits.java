package io.tidegate.core.cache;

import io.tidegate.core.http.Ascii;

/** Numbers of any length, as {@code 1*DIGIT} allows them. */
final class Digits {
  private Digits() {}

  /**
   * The number between these positions; {@link Long#MAX_VALUE} if it is greater, -1 if there is
   * anything but digits, or nothing.
   */
  static long parse(String text, int from, int to) {
    long number = from < to ? 0 : -1;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!Ascii.isDigit(c)) {
        return -1;
      }
      int digit = c - '0';
      boolean fits = number <= (Long.MAX_VALUE - digit) / 10;
      number = fits ? number * 10 + digit : Long.MAX_VALUE;
    }
    return number;
  }
}
