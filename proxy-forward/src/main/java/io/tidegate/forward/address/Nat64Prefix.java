package io.tidegate.forward.address;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.http.Ip;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;

/**
 * A prefix under which a translator shows IPv4 addresses to hosts that speak IPv6 only (RFC 6052
 * §2.2): {@code 2001:db8:64::/96}. Immutable.
 */
public final class Nat64Prefix {
  /** What {@link #parse} accepts. */
  public static final String EXPECTED =
      "an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits whose bits 64 to 71 are zero, like 2001:db8:64::/96";

  private static final Set<Integer> LENGTHS = Set.of(32, 40, 48, 56, 64, 96);

  /** The octet that is zero in every address of this kind; the IPv4 address goes around it. */
  private static final int ZERO = 8;

  private final AddressRange range;
  private final int bits;

  private Nat64Prefix(AddressRange range, int bits) {
    this.range = range;
    this.bits = bits;
  }

  /**
   * The prefix that {@code text} spells out.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Nat64Prefix parse(String text) {
    AddressRange range = AddressRange.parse(text);
    int slash = text.indexOf('/');
    int bits = slash < 0 ? 0 : Integer.parseInt(text, slash + 1, text.length(), 10);
    InetAddress network = Ip.parse(text.substring(0, Math.max(slash, 0)));
    if (!(network instanceof Inet6Address)
        || !LENGTHS.contains(bits)
        || network.getAddress()[ZERO] != 0) {
      throw new IllegalArgumentException("NAT64 prefix: " + text + " (expected: " + EXPECTED + ")");
    }
    return new Nat64Prefix(range, bits);
  }

  /** Its length. */
  int bits() {
    return bits;
  }

  /** Whether {@code address} has it. */
  boolean holds(InetAddress address) {
    return range.contains(address);
  }

  /** The IPv4 address that {@code address}, which has this prefix, stands for. */
  InetAddress inner(InetAddress address) {
    byte[] outer = address.getAddress();
    byte[] inner = new byte[4];
    int at = bits / 8;
    for (int i = 0; i < inner.length; i++) {
      at += at == ZERO ? 1 : 0;
      inner[i] = outer[at++];
    }
    try {
      return InetAddress.getByAddress(inner);
    } catch (UnknownHostException e) {
      throw new AssertionError("four octets are an address", e);
    }
  }
}
