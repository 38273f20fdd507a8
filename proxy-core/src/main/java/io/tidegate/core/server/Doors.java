package io.tidegate.core.server;

import io.tidegate.core.h2.Http2Settings;
import io.tidegate.core.tls.ServerTls;
import io.tidegate.core.tls.TlsSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a new connection goes through before there is a request: each step knows the next one by
 * name. What was read already goes on with the connection ({@link ClientConnection#start}).
 */
final class Doors {
  private final ListenerSettings listener;
  private final @Nullable ServerTls tls;
  private final ServerSettings settings;
  private final Listener.Context context;
  private final ConnectionRegistry registry;

  Doors(
      ListenerSettings listener,
      @Nullable ServerTls tls,
      ServerSettings settings,
      Listener.Context context,
      ConnectionRegistry registry) {
    this.listener = listener;
    this.tls = tls;
    this.settings = settings;
    this.context = context;
    this.registry = registry;
  }

  /** Whether HTTP/2 may be chosen in a handshake. */
  boolean offersHttp2() {
    return settings.http2().isPresent() && listener.speaks(ListenerProtocol.HTTP);
  }

  ServerSettings settings() {
    return settings;
  }

  RequestHandler handler() {
    return context.handler();
  }

  ConnectionRegistry registry() {
    return registry;
  }

  /** The first step of a connection that was accepted. */
  ClientConnection accepted(ClientChannel channel) {
    ProxyProtocolSettings believed = listener.proxyProtocol().orElse(null);
    return believed != null && believed.believes(channel.peer().getAddress())
        ? new ProxyHeaderConnection(channel, believed, this)
        : named(channel);
  }

  /** It is known whose connection it is. */
  ClientConnection named(ClientChannel channel) {
    if (tls == null) {
      return open(channel);
    }
    Duration timeout = listener.tls().orElse(TlsSettings.DEFAULT).handshakeTimeout();
    return new TlsDoor(channel, tls, context.handshakes(), timeout, this);
  }

  /** Nothing stands before the protocol any more. */
  ClientConnection open(ClientChannel channel) {
    if (channel.tls() != null && "h2".equals(channel.tls().protocol())) {
      return http2(channel);
    }
    if (!listener.speaks(ListenerProtocol.HTTP)) {
      return socks(channel);
    }
    return speaksSocks() || speaksHttp2(channel)
        ? new UnknownConnection(channel, this)
        : http(channel);
  }

  boolean speaksSocks() {
    return listener.speaks(ListenerProtocol.SOCKS);
  }

  /** Whether the client may speak HTTP/2 although nothing has been agreed. */
  boolean speaksHttp2(ClientChannel channel) {
    return channel.tls() == null && listener.http2WithoutTls() && settings.http2().isPresent();
  }

  ClientConnection http(ClientChannel channel) {
    return new Http1Connection(channel, settings, context.handler(), registry);
  }

  ClientConnection http2(ClientChannel channel) {
    Http2Settings http2 = settings.http2().orElse(Http2Settings.DEFAULT);
    return new Http2Connection(channel, http2, settings, context.handler(), registry);
  }

  ClientConnection socks(ClientChannel channel) {
    return new SocksConnection(channel, settings, context.handler(), registry);
  }
}
