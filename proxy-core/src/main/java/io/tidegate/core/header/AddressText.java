package io.tidegate.core.header;

import java.net.Inet6Address;
import java.net.InetAddress;

/** IP addresses as text, an IPv6 address in the one spelling of RFC 5952 and without its zone. */
public final class AddressText {
  private static final int GROUPS = 8;

  private AddressText() {}

  /** The text of {@code address}; no name is looked up. */
  public static String of(InetAddress address) {
    return address instanceof Inet6Address ? v6(address.getAddress()) : address.getHostAddress();
  }

  /**
   * The text of an IPv6 address of 16 octets: the longest run of zero groups, the first of equals,
   * is {@code ::}.
   */
  static String v6(byte[] octets) {
    int gap = -1;
    int gapLength = 1; // RFC 5952 §4.2.2: a single zero group is not shortened
    for (int i = 0; i < GROUPS; i++) {
      int length = zeros(octets, i);
      if (length > gapLength) {
        gap = i;
        gapLength = length;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < GROUPS; i++) {
      if (i == gap) {
        text.append("::");
        i += gapLength - 1;
      } else {
        boolean first = text.length() == 0 || text.charAt(text.length() - 1) == ':';
        text.append(first ? "" : ":").append(Integer.toHexString(group(octets, i)));
      }
    }
    return text.toString();
  }

  private static int zeros(byte[] octets, int from) {
    int end = from;
    while (end < GROUPS && group(octets, end) == 0) {
      end++;
    }
    return end - from;
  }

  private static int group(byte[] octets, int index) {
    return (octets[index * 2] & 0xff) << 8 | (octets[index * 2 + 1] & 0xff);
  }
}
