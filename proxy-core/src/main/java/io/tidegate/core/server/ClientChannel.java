package io.tidegate.core.server;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.tls.TlsConnection;
import io.tidegate.core.wire.ProxyHeader;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * What a connection of a client runs on, and what is known of that client before it has asked for
 * anything.
 *
 * @param loop on whose thread it lives
 * @param channel octets from and to the client: of the connection itself, or of TLS upon it
 * @param peer whom the connection counts for: the other end of it, or the client that a sender
 *     which is believed has told
 * @param sender the other end of the connection itself
 * @param client the client's end: that of the connection, or what such a sender says
 * @param local our end, likewise
 * @param tls what was agreed in the TLS handshake; null without TLS
 * @param header what such a sender has said; null without the PROXY protocol
 */
record ClientChannel(
    IoLoop loop,
    StreamConnection channel,
    InetSocketAddress peer,
    InetSocketAddress sender,
    InetSocketAddress client,
    InetSocketAddress local,
    @Nullable Tls tls,
    @Nullable ProxyHeader header) {
  /**
   * What was agreed in a TLS handshake.
   *
   * @param serverName the host that the client wanted, null if it did not say
   * @param protocol what was chosen by ALPN, null if nothing
   * @param certificates what the client has proved itself with, its own first
   * @param version of TLS, as the platform names it: TLSv1.3
   * @param cipher the cipher suite, by its name in the IANA registry
   */
  record Tls(
      @Nullable String serverName,
      @Nullable String protocol,
      List<X509Certificate> certificates,
      String version,
      String cipher) {
    /** What was agreed on {@code connection}, whose client wanted {@code serverName}. */
    static Tls of(@Nullable String serverName, TlsConnection connection) {
      SSLSession session = connection.session();
      return new Tls(
          serverName,
          connection.protocol(),
          PeerCertificates.of(session),
          session.getProtocol(),
          session.getCipherSuite());
    }
  }

  /** A connection as it was accepted. */
  static ClientChannel of(IoLoop loop, StreamConnection channel, InetSocketAddress peer) {
    return new ClientChannel(
        loop,
        channel,
        peer,
        peer,
        peer,
        channel.getLocalAddress(InetSocketAddress.class),
        null,
        null);
  }

  /** The same connection after a header of the PROXY protocol, on behalf of whom that tells. */
  ClientChannel told(ProxyHeader other) {
    InetSocketAddress told = other.client();
    return told == null || other.local() == null
        ? new ClientChannel(loop, channel, peer, sender, client, local, tls, other)
        : new ClientChannel(loop, channel, told, sender, told, other.local(), tls, other);
  }

  /** The same with TLS upon it. */
  ClientChannel secured(StreamConnection upon, Tls agreed) {
    return new ClientChannel(loop, upon, peer, sender, client, local, agreed, header);
  }

  /** The same for listeners. */
  ClientSide side() {
    ClientSide.TlsSession agreed =
        tls == null
            ? null
            : new ClientSide.TlsSession(tls.version(), tls.cipher(), tls.serverName());
    return new ClientSide(client, sender, local, agreed);
  }
}
