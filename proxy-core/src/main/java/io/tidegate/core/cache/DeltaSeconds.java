package io.tidegate.core.cache;

/** Non-negative numbers of seconds (RFC 9111 §1.2.2). */
final class DeltaSeconds {
  /** What a larger number is taken for. */
  static final long MAX = 1L << 31;

  private DeltaSeconds() {}

  /** The number that {@code text} spells, at most {@link #MAX}, or -1 if it is not digits only. */
  static long parse(String text) {
    long seconds = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      seconds = Math.min(seconds * 10 + digit, MAX);
    }
    return text.isEmpty() ? -1 : seconds;
  }
}
