package io.tidegate.core.server;

import io.tidegate.core.h2.Http2Settings;
import io.tidegate.core.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/**
 * What a new connection goes through before there is a request: each step knows the next one by
 * name. What was read already goes on with the connection ({@link ClientConnection#start}).
 */
final class Doors {
  private final ListenerSettings listener;
  private final @Nullable ServerTls tls;
  private final ServerSettings settings;
  private final RequestHandler handler;
  private final ConnectionRegistry registry;

  Doors(
      ListenerSettings listener,
      @Nullable ServerTls tls,
      ServerSettings settings,
      RequestHandler handler,
      ConnectionRegistry registry) {
    this.listener = listener;
    this.tls = tls;
    this.settings = settings;
    this.handler = handler;
    this.registry = registry;
  }

  /** How TLS is spoken here; null if it is not. */
  @Nullable ServerTls tls() {
    return tls;
  }

  ServerSettings settings() {
    return settings;
  }

  RequestHandler handler() {
    return handler;
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
    return open(channel);
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
    return new Http1Connection(channel, settings, handler, registry);
  }

  ClientConnection http2(ClientChannel channel) {
    Http2Settings http2 = settings.http2().orElse(Http2Settings.DEFAULT);
    return new Http2Connection(channel, http2, settings, handler, registry);
  }

  ClientConnection socks(ClientChannel channel) {
    return new SocksConnection(channel, settings, handler, registry);
  }
}
