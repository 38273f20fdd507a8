package io.tidegate.core.spi;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a client, as listeners are told of it.
 *
 * @param address the client's end: that of the connection, or what a sender that is believed has
 *     said of it (the PROXY protocol)
 * @param peer the other end of the connection itself
 * @param local our end, as told by such a sender if there is one
 * @param tls what was agreed in the TLS handshake; null without one of ours
 */
public record ClientSide(
    InetSocketAddress address,
    InetSocketAddress peer,
    InetSocketAddress local,
    @Nullable TlsSession tls) {
  /**
   * What was agreed in a TLS handshake.
   *
   * @param version of TLS, as the platform names it: TLSv1.3
   * @param cipher the cipher suite, by its name in the IANA registry
   * @param serverName the host that the client wanted (RFC 6066 §3), null if it did not say
   */
  public record TlsSession(String version, String cipher, @Nullable String serverName) {}
}
