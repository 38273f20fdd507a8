package io.tidegate.core.log;

/** IP addresses as text: four numbers, or what RFC 5952 §4 makes of an IPv6 address. */
final class IpText {
  private static final String DIGITS = "0123456789abcdef";

  private IpText() {}

  static void write(byte[] octets, Line line) {
    if (octets.length == 4) {
      for (int i = 0; i < 4; i++) {
        (i == 0 ? line : line.octet('.')).number(octets[i] & 0xff);
      }
      return;
    }
    int gap = longestZeros(octets);
    int zeros = zerosFrom(octets, gap);
    if (zeros < 2) {
      groups(octets, 0, 8, line);
    } else {
      groups(octets, 0, gap, line);
      line.raw("::");
      groups(octets, gap + zeros, 8, line);
    }
  }

  private static void groups(byte[] octets, int from, int to, Line line) {
    for (int i = from; i < to; i++) {
      hex(group(octets, i), i == from ? line : line.octet(':'));
    }
  }

  private static int longestZeros(byte[] octets) {
    int longest = 0;
    for (int i = 1; i < 8; i++) {
      if (zerosFrom(octets, i) > zerosFrom(octets, longest)) {
        longest = i;
      }
    }
    return longest;
  }

  private static int zerosFrom(byte[] octets, int from) {
    int end = from;
    while (end < 8 && group(octets, end) == 0) {
      end++;
    }
    return end - from;
  }

  private static int group(byte[] octets, int index) {
    return (octets[2 * index] & 0xff) << 8 | (octets[2 * index + 1] & 0xff);
  }

  private static void hex(int group, Line line) {
    boolean begun = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      int digit = group >> shift & 15;
      begun |= digit != 0 || shift == 0;
      if (begun) {
        line.octet(DIGITS.charAt(digit));
      }
    }
  }
}
