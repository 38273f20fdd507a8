package io.tidegate.core.limit;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** What of a client's address counts: of IPv6 only the first bits, which are one customer's. */
public final class ClientNetwork {
  /** The bits that count unless said otherwise: a /64 is one site's network (RFC 6177 §2). */
  public static final int DEFAULT_IPV6_PREFIX = 64;

  private record Ipv6(long high, long low) {}

  private ClientNetwork() {}

  /** Something small that is equal for all addresses that count as one. */
  public static Object of(InetAddress address, int ipv6Prefix) {
    byte[] octets = address.getAddress();
    if (octets.length == 4) {
      return address;
    }
    ByteBuffer bits = ByteBuffer.wrap(octets);
    long high = bits.getLong() & mask(ipv6Prefix);
    return new Ipv6(high, bits.getLong() & mask(ipv6Prefix - 64));
  }

  /** The mask of 64 bits of which the first {@code bits} count. */
  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
  }
}
