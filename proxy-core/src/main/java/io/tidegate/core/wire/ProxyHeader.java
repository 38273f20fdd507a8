package io.tidegate.core.wire;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sender of the PROXY protocol, version 1 or 2, says of the connection that it passes on.
 *
 * @param client the client's end of that connection; null if the sender speaks of no client that
 *     has an IP address: it connects on its own account (LOCAL), or does not know
 * @param local the end that the client has connected to; null together with {@code client}
 * @param tlvs what version 2 says besides, in the order in which it was said
 */
public record ProxyHeader(
    @Nullable InetSocketAddress client, @Nullable InetSocketAddress local, List<Tlv> tlvs) {
  /** Copies the list. */
  public ProxyHeader {
    tlvs = List.copyOf(tlvs);
  }

  /** A header that speaks of no client. */
  static final ProxyHeader OF_NOBODY = new ProxyHeader(null, null, List.of());

  /**
   * One more thing that is said.
   *
   * @param type what it is: 1 the protocol chosen by ALPN, 2 the host that the client wants, 5 an
   *     identifier of the connection, 0x20 how TLS was agreed
   * @param value its octets, read-only
   */
  public record Tlv(int type, ByteBuffer value) {
    /** Keeps the value from being changed. */
    public Tlv {
      value = value.asReadOnlyBuffer();
    }
  }
}
