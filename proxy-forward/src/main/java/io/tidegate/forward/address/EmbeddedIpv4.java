package io.tidegate.forward.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The IPv4 addresses that an IPv6 address leads to. A translator or tunnel on the way takes them
 * out and goes there, so a check that looked only at the IPv6 prefix could be walked around.
 *
 * <p>The IPv4-mapped form is not among them: it <em>is</em> an IPv4 address, see {@link
 * AddressBits}.
 */
public final class EmbeddedIpv4 {
  private static final long NAT64 = 0x0064_ff9b_0000_0000L;
  private static final long SITE_NAT64 = 0x0064_ff9b_0001L;
  private static final long SIX_TO_FOUR = 0x2002;
  private static final long TEREDO = 0x2001_0000L;
  private static final long TRANSLATED = 0xffff_0000L;
  private static final long ISATAP = 0x0000_5efeL;
  private static final long ISATAP_MASK = 0xfcff_ffffL; // the u and g bits may be either

  /** In a network without translators of its own. */
  public static final EmbeddedIpv4 WELL_KNOWN = new EmbeddedIpv4(List.of());

  private final List<Nat64Prefix> translated;

  /** In a network whose own translators have these prefixes; the longest that fits counts. */
  public EmbeddedIpv4(List<Nat64Prefix> prefixes) {
    this.translated =
        prefixes.stream().sorted(Comparator.comparingInt(Nat64Prefix::bits).reversed()).toList();
  }

  /**
   * Whether a translator of the network takes {@code address} for the IPv4 address it embeds: all
   * that its own place among the IPv6 addresses tells is where that translator is.
   */
  public boolean isTranslated(InetAddress address) {
    return prefixOf(address) != null;
  }

  private @Nullable Nat64Prefix prefixOf(InetAddress address) {
    for (int i = 0; i < translated.size(); i++) {
      if (translated.get(i).holds(address)) {
        return translated.get(i);
      }
    }
    return null;
  }

  /** The addresses embedded in {@code address}, none if it is an IPv4 address. */
  public List<InetAddress> in(InetAddress address) {
    Nat64Prefix prefix = prefixOf(address);
    return prefix == null ? inWellKnown(address) : List.of(prefix.inner(address));
  }

  private static List<InetAddress> inWellKnown(InetAddress address) {
    AddressBits bits = new AddressBits(address);
    if (bits.v4()) {
      return List.of();
    }
    long high = bits.high();
    long low = bits.low();
    List<InetAddress> found = new ArrayList<>(0);
    if (high == 0 && isCompatibleOrTranslated(low)) {
      found.add(address(low));
    }
    if (high == NAT64 && low >>> 32 == 0) {
      found.add(address(low));
    }
    if (high >>> 16 == SITE_NAT64) {
      addSiteNat64(high, low, found);
    }
    if (high >>> 48 == SIX_TO_FOUR) { // RFC 3056 §2
      found.add(address(high >>> 16));
    }
    if (high >>> 32 == TEREDO) { // RFC 4380 §4: the server, and the client with all bits inverted
      found.add(address(high));
      found.add(address(~low));
    }
    if ((low >>> 32 & ISATAP_MASK) == ISATAP) { // RFC 5214 §6.1, under any prefix
      found.add(address(low));
    }
    return found;
  }

  private static boolean isCompatibleOrTranslated(long low) {
    boolean unspecifiedOrLoopback = low >>> 1 == 0;
    return low >>> 32 == TRANSLATED || (low >>> 32 == 0 && !unspecifiedOrLoopback);
  }

  /*
   * A site chooses its own prefix inside 64:ff9b:1::/48 and so where the IPv4 address stands: right behind the first 48,
   * 56, 64 or 96 bits, skipping octet 8 (RFC 6052 §2.2). We cannot know which, so every reading counts. What reads as
   * 0.0.0.0/8 is not one: nothing can be sent there, and it is what most other readings of a good address look like. Where a wrong
   * reading happens to be a special address, the site has to tell its prefix.
   */
  private static void addSiteNat64(long high, long low, List<InetAddress> found) {
    addReading(high << 16 | (low >>> 40 & 0xffff), found);
    addReading((high & 0xff) << 24 | (low >>> 32 & 0xff_ffff), found);
    addReading(low >>> 24, found);
    addReading(low, found);
    if (found.isEmpty()) {
      found.add(address(0));
    }
  }

  private static void addReading(long number, List<InetAddress> found) {
    if ((number >>> 24 & 0xff) != 0) {
      found.add(address(number));
    }
  }

  /** The IPv4 address in the lower 32 bits. */
  private static InetAddress address(long number) {
    byte[] octets = {
      (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
    };
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("four octets are an address", e);
    }
  }
}
