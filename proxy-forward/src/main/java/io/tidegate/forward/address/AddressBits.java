package io.tidegate.forward.address;

import java.net.InetAddress;

/**
 * An address as a number: octet by octet, because the JDK's own predicates do not know most of the
 * special ranges.
 *
 * <p>An IPv4-mapped IPv6 address ({@code ::ffff:10.0.0.1}, RFC 4291 §2.5.5.2) is the IPv4 address
 * it holds: a socket that is told to connect to it speaks IPv4.
 *
 * @param v4 whether this is an IPv4 address
 * @param high the upper 64 bits; an IPv4 address stands in the upper 32 of them
 * @param low the lower 64 bits
 */
record AddressBits(boolean v4, long high, long low) {
  private static final int MAPPED = 0xffff;

  AddressBits(InetAddress address) {
    this(address.getAddress());
  }

  private AddressBits(byte[] octets) {
    this(octets, octets.length == 4 ? number(octets, 0, 4) << 32 : number(octets, 0, 8));
  }

  private AddressBits(byte[] octets, long high) {
    this(octets.length == 4, high, octets.length == 4 ? 0 : number(octets, 8, 16));
  }

  /** Turns the mapped form into the IPv4 address it is. */
  AddressBits {
    if (!v4 && high == 0 && low >>> 32 == MAPPED) {
      v4 = true;
      high = low << 32;
      low = 0;
    }
  }

  private static long number(byte[] octets, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number << 8 | (octets[i] & 0xff);
    }
    return number;
  }
}
