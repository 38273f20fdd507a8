package io.tidegate.core.server;

import io.tidegate.core.io.IoLoop;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * What a connection of a client runs on, and what is known of that client before it has asked for
 * anything.
 *
 * @param loop on whose thread it lives
 * @param channel octets from and to the client: of the connection itself, or of TLS upon it
 * @param peer the other end of the connection as it is: what connections are counted by
 * @param client the client's end: that of the connection, or what a sender that may say so says
 * @param local our end, likewise
 * @param tls what was agreed in the TLS handshake; null without TLS
 */
record ClientChannel(
    IoLoop loop,
    StreamConnection channel,
    InetSocketAddress peer,
    InetSocketAddress client,
    InetSocketAddress local,
    @Nullable Tls tls) {
  /**
   * What was agreed in a TLS handshake.
   *
   * @param serverName the host that the client wanted, null if it did not say
   * @param protocol what was chosen by ALPN, null if nothing
   * @param certificates what the client has proved itself with, its own first
   */
  record Tls(
      @Nullable String serverName, @Nullable String protocol, List<X509Certificate> certificates) {}

  /** A connection as it was accepted. */
  static ClientChannel of(IoLoop loop, StreamConnection channel, InetSocketAddress peer) {
    return new ClientChannel(
        loop, channel, peer, peer, channel.getLocalAddress(InetSocketAddress.class), null);
  }

  /** The same connection on behalf of {@code other}, who has connected to {@code to}. */
  ClientChannel onBehalfOf(InetSocketAddress other, InetSocketAddress to) {
    return new ClientChannel(loop, channel, peer, other, to, tls);
  }

  /** The same with TLS upon it. */
  ClientChannel secured(StreamConnection upon, Tls agreed) {
    return new ClientChannel(loop, upon, peer, client, local, agreed);
  }
}
