package io.tidegate.forward.address;

import static io.tidegate.forward.address.AddressClass.BENCHMARK;
import static io.tidegate.forward.address.AddressClass.BROADCAST;
import static io.tidegate.forward.address.AddressClass.DISCARD;
import static io.tidegate.forward.address.AddressClass.DOCUMENTATION;
import static io.tidegate.forward.address.AddressClass.LINK_LOCAL;
import static io.tidegate.forward.address.AddressClass.LOOPBACK;
import static io.tidegate.forward.address.AddressClass.METADATA;
import static io.tidegate.forward.address.AddressClass.MULTICAST;
import static io.tidegate.forward.address.AddressClass.ORCHID;
import static io.tidegate.forward.address.AddressClass.PRIVATE;
import static io.tidegate.forward.address.AddressClass.PROTOCOL;
import static io.tidegate.forward.address.AddressClass.PUBLIC;
import static io.tidegate.forward.address.AddressClass.RELAY;
import static io.tidegate.forward.address.AddressClass.RESERVED;
import static io.tidegate.forward.address.AddressClass.SHARED;
import static io.tidegate.forward.address.AddressClass.SITE_LOCAL;
import static io.tidegate.forward.address.AddressClass.UNSPECIFIED;

import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.util.Objects;

/**
 * The IANA registries of special-purpose addresses (RFC 6890) and the well-known addresses of cloud
 * platforms, as tables: the first block that holds an address tells its class.
 */
final class SpecialAddresses {
  private static final Block[] V4 = {
    block("0.0.0.0/8", UNSPECIFIED),
    block("10.0.0.0/8", PRIVATE),
    block("100.100.100.200/32", METADATA),
    block("100.64.0.0/10", SHARED),
    block("127.0.0.0/8", LOOPBACK),
    block(
        "168.63.129.16/32", METADATA), // lies in a public range, yet answers only inside its cloud
    block("169.254.169.254/32", METADATA),
    block("169.254.170.2/32", METADATA),
    block("169.254.0.0/16", LINK_LOCAL),
    block("172.16.0.0/12", PRIVATE),
    block("192.0.0.192/32", METADATA),
    block("192.0.0.0/24", PROTOCOL),
    block("192.0.2.0/24", DOCUMENTATION),
    block("192.88.99.0/24", RELAY),
    block("192.168.0.0/16", PRIVATE),
    block("198.18.0.0/15", BENCHMARK),
    block("198.51.100.0/24", DOCUMENTATION),
    block("203.0.113.0/24", DOCUMENTATION),
    block("224.0.0.0/4", MULTICAST),
    block("255.255.255.255/32", BROADCAST),
    block("240.0.0.0/4", RESERVED),
    block("0.0.0.0/0", PUBLIC)
  };

  // The forms that only wrap an IPv4 address are public here: what they wrap is looked at on its
  // own.
  private static final Block[] V6 = {
    block("::/128", UNSPECIFIED),
    block("::1/128", LOOPBACK),
    block("::/96", PUBLIC), // IPv4-compatible, RFC 4291 §2.5.5.1
    block("::ffff:0:0:0/96", PUBLIC), // IPv4-translated, RFC 2765 §2.1
    block("64:ff9b::/96", PUBLIC), // NAT64, RFC 6052 §2.1
    block("64:ff9b:1::/48", PUBLIC), // NAT64 of a site, RFC 8215
    block("100::/64", DISCARD),
    block("2001::/32", PUBLIC), // Teredo, RFC 4380
    block("2001:2::/48", BENCHMARK),
    block("2001:10::/28", ORCHID),
    block("2001:20::/28", ORCHID),
    block("2001::/23", PROTOCOL),
    block("2001:db8::/32", DOCUMENTATION),
    block("3fff::/20", DOCUMENTATION),
    block("2000::/3", PUBLIC),
    block("fd00:ec2::254/128", METADATA),
    block("fd20:ce::254/128", METADATA),
    block("fc00::/7", PRIVATE),
    block("fe80::/10", LINK_LOCAL),
    block("fec0::/10", SITE_LOCAL),
    block("ff00::/8", MULTICAST),
    block("::/0", RESERVED) // nothing outside 2000::/3 has been handed out
  };

  private SpecialAddresses() {}

  /** The class of {@code address} itself, whatever it embeds. */
  static AddressClass classOf(AddressBits address) {
    for (Block block : address.v4() ? V4 : V6) {
      if (block.holds(address)) {
        return block.kind;
      }
    }
    throw new AssertionError("the last block of each table holds every address");
  }

  private static Block block(String prefix, AddressClass kind) {
    int slash = prefix.indexOf('/');
    InetAddress network = Objects.requireNonNull(Ip.parse(prefix.substring(0, slash)), prefix);
    int bits = Integer.parseInt(prefix, slash + 1, prefix.length(), 10);
    return new Block(new AddressBits(network), mask(bits), mask(bits - 64), kind);
  }

  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
  }

  private record Block(AddressBits network, long highMask, long lowMask, AddressClass kind) {
    boolean holds(AddressBits address) {
      return (address.high() & highMask) == network.high()
          && (address.low() & lowMask) == network.low();
    }
  }
}
