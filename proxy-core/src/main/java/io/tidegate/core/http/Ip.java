package io.tidegate.core.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** IP address literals, parsed without ever asking a name server. */
public final class Ip {
  private Ip() {}

  /**
   * Whether {@code host} is an IPv6 address in brackets (RFC 3986 §3.2.2); zones and future forms
   * are refused.
   */
  static boolean isBracketed(String host) {
    return host.length() > 2
        && host.endsWith("]")
        && parseV6(host.substring(1, host.length() - 1)) != null;
  }

  /**
   * The address that {@code host} spells out, or null if it is a name. IPv4 is four decimal numbers
   * without leading zeros: octal, hexadecimal and short forms are names here, and no name server
   * knows them.
   */
  public static @Nullable InetAddress parse(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    byte[] octets = bracketed || bare.indexOf(':') >= 0 ? parseV6(bare) : parseV4(bare);
    return octets == null ? null : address(octets);
  }

  private static InetAddress address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address of " + octets.length + " octets", e);
    }
  }

  private static byte @Nullable [] parseV4(String text) {
    byte[] octets = new byte[4];
    int at = 0;
    int part = 0;
    while (part < 4) {
      int end = text.indexOf('.', at);
      end = end < 0 ? text.length() : end;
      int number = decimalOctet(text, at, end);
      if (number < 0) {
        return null;
      }
      octets[part++] = (byte) number;
      at = end + 1;
      if (end == text.length()) {
        break;
      }
    }
    return part == 4 && at == text.length() + 1 ? octets : null;
  }

  private static int decimalOctet(String text, int from, int to) {
    if (from >= to || to - from > 3 || (to - from > 1 && text.charAt(from) == '0')) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number > 255 ? -1 : number;
  }

  private static byte @Nullable [] parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return null;
    }
    byte[] head = gap < 0 ? groups(text, true) : groups(text.substring(0, gap), false);
    byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2), true);
    if (head == null || tail == null) {
      return null;
    }
    int length = head.length + tail.length;
    if (gap < 0 ? length != 16 : length > 14) {
      return null;
    }
    byte[] octets = new byte[16];
    System.arraycopy(head, 0, octets, 0, head.length);
    System.arraycopy(tail, 0, octets, 16 - tail.length, tail.length);
    return octets;
  }

  private static byte @Nullable [] groups(String text, boolean mayEndInV4) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    String[] parts = text.split(":", -1);
    boolean v4 = mayEndInV4 && parts[parts.length - 1].indexOf('.') >= 0;
    byte[] octets = new byte[parts.length * 2 + (v4 ? 2 : 0)];
    for (int i = 0; i < parts.length; i++) {
      if (v4 && i == parts.length - 1) {
        byte[] last = parseV4(parts[i]);
        if (last == null) {
          return null;
        }
        System.arraycopy(last, 0, octets, i * 2, 4);
      } else {
        int group = hexGroup(parts[i]);
        if (group < 0) {
          return null;
        }
        octets[i * 2] = (byte) (group >> 8);
        octets[i * 2 + 1] = (byte) group;
      }
    }
    return octets.length > 16 ? null : octets;
  }

  private static int hexGroup(String text) {
    if (text.isEmpty() || text.length() > 4) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = Ascii.hex(text.charAt(i));
      if (digit < 0) {
        return -1;
      }
      number = number << 4 | digit;
    }
    return number;
  }
}
