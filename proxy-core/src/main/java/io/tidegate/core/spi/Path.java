package io.tidegate.core.spi;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a connection gets to its destination. Part of what connections are pooled by: those that go
 * through different parent proxies, with other credentials, from other addresses of ours, or on
 * behalf of other clients that are told never mix.
 *
 * @param way what the parent proxy does, {@link Way#DIRECT} if there is none
 * @param parent the parent proxy, null if there is none
 * @param source the addresses of ours that connections are made from, null for any
 * @param addsVia whether a parent proxy that is asked for a tunnel is told our entry in Via
 * @param told what the destination is told when a connection to it begins, null for nothing
 */
public record Path(
    Way way,
    @Nullable Parent parent,
    @Nullable Source source,
    boolean addsVia,
    @Nullable ProxyProtocol told) {
  /** What a parent proxy does for us. */
  public enum Way {
    /** There is none. */
    DIRECT,
    /** It opens a way to the destination, whose name it looks up itself. */
    TUNNEL,
    /**
     * It opens a way to an address of the destination's: one that we have looked up and that the
     * access policy lets pass.
     */
    CHECKED_TUNNEL,
    /** It <em>is</em> the destination: it gets the requests, in absolute-form (RFC 9112 §3.2.2). */
    RELAY
  }

  /**
   * Addresses of this machine, one of each family at most. A destination's addresses of a family
   * that is missing are not dialled.
   *
   * @param v4 for IPv4 destinations
   * @param v6 for IPv6 destinations
   */
  public record Source(@Nullable Inet4Address v4, @Nullable Inet6Address v6) {
    /** Where a connection to {@code address} is made from, or null if none can be made. */
    public @Nullable InetAddress towards(InetAddress address) {
      return address instanceof Inet4Address ? v4 : v6;
    }
  }

  /** Straight to the destination, from any address. */
  public static final Path DIRECT = new Path(Way.DIRECT, null, null);

  /** Rejects a way that needs a parent proxy without one, and the reverse. */
  public Path {
    if ((way == Way.DIRECT) != (parent == null)) {
      throw new IllegalArgumentException("parent: " + parent + " (expected: as " + way + " says)");
    }
  }

  /** A path on which the destination is told of no client. */
  public Path(Way way, @Nullable Parent parent, @Nullable Source source, boolean addsVia) {
    this(way, parent, source, addsVia, null);
  }

  /** A path on which a parent proxy is told of us. */
  public Path(Way way, @Nullable Parent parent, @Nullable Source source) {
    this(way, parent, source, true);
  }

  /** Straight to the destination from one of these addresses. */
  public static Path from(@Nullable Source source) {
    return source == null ? DIRECT : new Path(Way.DIRECT, null, source);
  }

  /** The same on which the destination is told this when a connection begins; null for nothing. */
  public Path telling(@Nullable ProxyProtocol other) {
    return new Path(way, parent, source, addsVia, other);
  }
}
