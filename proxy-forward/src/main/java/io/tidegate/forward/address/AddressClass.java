package io.tidegate.forward.address;

import java.net.InetAddress;

/**
 * What kind of address this is, in the words of the IANA registries of special-purpose addresses
 * (RFC 6890). Only {@link #PUBLIC} ones lie on the open Internet.
 */
public enum AddressClass {
  PUBLIC("public", true),
  /** RFC 1918; RFC 4193 for IPv6. */
  PRIVATE("private", true),
  LOOPBACK("loopback", true),
  /** RFC 3927, RFC 4291 §2.5.6. */
  LINK_LOCAL("link-local", true),
  /** Deprecated by RFC 3879, still private where it is used. */
  SITE_LOCAL("site-local", true),
  /** Behind a carrier's address translation (RFC 6598). */
  SHARED("carrier-internal", true),
  /** Where cloud platforms hand credentials to their machines. */
  METADATA("cloud metadata", true),
  /** RFC 5737, RFC 3849, RFC 9637. */
  DOCUMENTATION("for documentation", true),
  /** RFC 2544, RFC 5180. */
  BENCHMARK("for benchmarks", true),
  /** RFC 6890 §2.2.2, RFC 2928. */
  PROTOCOL("a protocol assignment", true),
  /** The 6to4 relay anycast prefix, deprecated by RFC 7526. */
  RELAY("a 6to4 relay", true),
  /** A hash, not a place (RFC 4843, RFC 7343). */
  ORCHID("not routable", true),
  /** RFC 6666. */
  DISCARD("discard-only", true),
  RESERVED("reserved", true),
  /**
   * The host itself: Linux connects {@code 0.0.0.0} to loopback. The rest of 0.0.0.0/8 is no
   * destination either.
   */
  UNSPECIFIED("unspecified", false),
  MULTICAST("multicast", false),
  BROADCAST("broadcast", false);

  private final String label;
  private final boolean unicast;

  AddressClass(String label, boolean unicast) {
    this.label = label;
    this.unicast = unicast;
  }

  /** As part of a sentence: "the address is private". */
  public String label() {
    return label;
  }

  /** Whether there can be a server at such an address at all. */
  public boolean unicast() {
    return unicast;
  }

  /**
   * The class of {@code address}. One that {@linkplain EmbeddedIpv4 embeds} IPv4 addresses leads to
   * those, so the strictest class of them all counts.
   */
  public static AddressClass of(InetAddress address) {
    return of(address, EmbeddedIpv4.WELL_KNOWN);
  }

  /** The same, in a network where addresses embed IPv4 addresses like this. */
  static AddressClass of(InetAddress address, EmbeddedIpv4 embedded) {
    AddressClass strictest = ofWrapper(address, embedded);
    for (InetAddress inner : embedded.in(address)) {
      strictest = strictest.stricter(ofItself(inner));
    }
    return strictest;
  }

  /** The class of {@code address} whatever it embeds; a form made only to embed is public. */
  static AddressClass ofWrapper(InetAddress address, EmbeddedIpv4 embedded) {
    return embedded.isTranslated(address) ? PUBLIC : ofItself(address);
  }

  private static AddressClass ofItself(InetAddress address) {
    return SpecialAddresses.classOf(new AddressBits(address));
  }

  private AddressClass stricter(AddressClass other) {
    return unicast && (this == PUBLIC || !other.unicast) ? other : this;
  }
}
