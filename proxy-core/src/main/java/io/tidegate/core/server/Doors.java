package io.tidegate.core.server;

/**
 * What a new connection goes through before there is a request: each step knows the next one by
 * name. What was read already goes on with the connection ({@link ClientConnection#start}).
 */
final class Doors {
  private final ListenerSettings listener;
  private final ServerSettings settings;
  private final RequestHandler handler;
  private final ConnectionRegistry registry;

  Doors(
      ListenerSettings listener,
      ServerSettings settings,
      RequestHandler handler,
      ConnectionRegistry registry) {
    this.listener = listener;
    this.settings = settings;
    this.handler = handler;
    this.registry = registry;
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
    if (!listener.speaks(ListenerProtocol.SOCKS)) {
      return http(channel);
    }
    return listener.speaks(ListenerProtocol.HTTP)
        ? new UnknownConnection(channel, this)
        : socks(channel);
  }

  ClientConnection http(ClientChannel channel) {
    return new Http1Connection(channel, settings, handler, registry);
  }

  ClientConnection socks(ClientChannel channel) {
    return new SocksConnection(channel, settings, handler, registry);
  }
}
