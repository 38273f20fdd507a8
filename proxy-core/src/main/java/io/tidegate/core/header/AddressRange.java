package io.tidegate.core.header;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Checks;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A range of IP addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3): {@code 10.0.0.0/8},
 * {@code 2001:db8::/32}, or one address. Immutable.
 *
 * <p>An IPv4-mapped IPv6 address ({@code ::ffff:10.0.0.1}) is the IPv4 address it holds, so that
 * nothing depends on how a socket happens to name its peer.
 */
public final class AddressRange {
  private static final String EXPECTED = "an IP address or a range like 10.0.0.0/8 or fd00::/8";
  private static final int MAPPED_BITS = 96;

  private final byte[] network;
  private final int bits;

  private AddressRange(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /**
   * The range that {@code text} spells out. No name is ever looked up, and octets beyond the prefix
   * must be zero: {@code 10.0.0.1/8} is more likely a mistake than a network.
   *
   * @throws IllegalArgumentException if it is not a range
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    InetAddress parsed = Ip.parse(address);
    if (parsed == null || address.startsWith("[")) {
      throw invalid(text, EXPECTED);
    }
    byte[] octets = parsed.getAddress();
    boolean mapped = octets.length == 4 && address.indexOf(':') >= 0;
    int most = mapped ? 128 : octets.length * 8;
    int bits = slash < 0 ? most : prefixLength(text, slash + 1, most);
    if (mapped && bits < MAPPED_BITS) {
      throw invalid(text, "a prefix of at least 96 for IPv4-mapped addresses");
    }
    bits -= mapped ? MAPPED_BITS : 0;
    byte[] network = octets.clone();
    clearBeyond(network, bits);
    if (!Arrays.equals(network, octets)) {
      throw invalid(text, "no address bits beyond the prefix");
    }
    return new AddressRange(network, bits);
  }

  /** The ranges that {@code texts} spell out; what is none is noted in {@code checks}. */
  public static List<AddressRange> parse(String setting, List<String> texts, Checks checks) {
    List<AddressRange> ranges = new ArrayList<>();
    for (String text : texts) {
      try {
        ranges.add(parse(text));
      } catch (IllegalArgumentException e) {
        checks.problem(setting + ": " + e.getMessage());
      }
    }
    return ranges;
  }

  private static int prefixLength(String text, int from, int most) {
    int digits = text.length() - from;
    boolean leadingZero = digits > 1 && text.charAt(from) == '0';
    int bits = digits < 1 || digits > 3 || leadingZero ? -1 : 0;
    for (int i = from; bits >= 0 && i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      bits = digit < 0 || digit > 9 ? -1 : bits * 10 + digit;
    }
    if (bits < 0 || bits > most) {
      throw invalid(text, "a prefix of 0 to " + most);
    }
    return bits;
  }

  private static void clearBeyond(byte[] octets, int bits) {
    for (int i = 0; i < octets.length; i++) {
      octets[i] &= (byte) mask(bits - i * 8);
    }
  }

  /** The mask of an octet of which the first {@code bits} count. */
  private static int mask(int bits) {
    return bits >= 8 ? 0xff : bits <= 0 ? 0 : 0xff00 >> bits & 0xff;
  }

  private static IllegalArgumentException invalid(String text, String expected) {
    return new IllegalArgumentException("address range: " + text + " (expected: " + expected + ")");
  }

  /**
   * Whether {@code address} lies in this range. IPv4 ranges hold no IPv6 addresses, nor the other
   * way round.
   */
  public boolean contains(InetAddress address) {
    byte[] octets = address.getAddress();
    int offset = isMapped(octets) ? 12 : 0;
    if (octets.length - offset != network.length) {
      return false;
    }
    for (int i = 0; i * 8 < bits; i++) {
      if (((octets[offset + i] ^ network[i]) & mask(bits - i * 8)) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether all addresses of {@code range} lie in this one. */
  public boolean covers(AddressRange range) {
    byte[] common = range.network.clone();
    clearBeyond(common, bits);
    return bits <= range.bits && Arrays.equals(common, network);
  }

  /** Whether these are IPv4 addresses. */
  public boolean isIpv4() {
    return network.length == 4;
  }

  private static boolean isMapped(byte[] octets) {
    if (octets.length != 16 || octets[10] != -1 || octets[11] != -1) {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (octets[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressRange range
        && range.bits == bits
        && Arrays.equals(range.network, network);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(network) + bits;
  }

  /** {@code address/prefix}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(43);
    if (network.length == 16) {
      text.append(AddressText.v6(network));
    } else {
      for (int i = 0; i < 4; i++) {
        text.append(i == 0 ? "" : ".").append(network[i] & 0xff);
      }
    }
    return text.append('/').append(bits).toString();
  }
}
