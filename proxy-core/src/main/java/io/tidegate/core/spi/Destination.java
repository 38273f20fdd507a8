package io.tidegate.core.spi;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where one attempt goes. Connections are pooled by it: equal destinations share them.
 *
 * @param secure whether the connection is TLS
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port the port
 * @param tls the trust and keys for TLS, or null for the proxy's own
 * @param address the address of {@code host} to dial, or null for any that it resolves to
 * @param path how to get there
 * @param http which versions of HTTP are spoken there
 */
public record Destination(
    boolean secure,
    String host,
    int port,
    @Nullable UpstreamTls tls,
    @Nullable InetAddress address,
    Path path,
    UpstreamHttp http) {
  /** A destination that speaks HTTP/1.1. */
  public Destination(
      boolean secure,
      String host,
      int port,
      @Nullable UpstreamTls tls,
      @Nullable InetAddress address,
      Path path) {
    this(secure, host, port, tls, address, path, UpstreamHttp.HTTP_1_1);
  }

  /** A destination that nothing stands in front of. */
  public Destination(
      boolean secure,
      String host,
      int port,
      @Nullable UpstreamTls tls,
      @Nullable InetAddress address) {
    this(secure, host, port, tls, address, Path.DIRECT);
  }

  /** A destination at whatever address its host resolves to. */
  public Destination(boolean secure, String host, int port, @Nullable UpstreamTls tls) {
    this(secure, host, port, tls, null, Path.DIRECT);
  }

  /** A parent proxy as the destination of requests in absolute-form. */
  public static Destination relay(Parent parent, Path.@Nullable Source source) {
    return new Destination(
        parent.kind() == Parent.Kind.HTTPS,
        parent.host(),
        parent.port(),
        parent.tls(),
        null,
        new Path(Path.Way.RELAY, parent, source));
  }

  /** The same at this address, which is dialled in place of any other of the host. */
  public Destination at(InetAddress pinned) {
    return new Destination(secure, host, port, tls, pinned, path, http);
  }

  /** The same by another path. */
  public Destination by(Path other) {
    return new Destination(secure, host, port, tls, address, other, http);
  }

  /** The same with these versions of HTTP. */
  public Destination speaking(UpstreamHttp versions) {
    return new Destination(secure, host, port, tls, address, path, versions);
  }

  /** The same with TLS made like this. */
  public Destination with(@Nullable UpstreamTls other) {
    return new Destination(secure, host, port, other, address, path, http);
  }

  /** The same without TLS, in HTTP/1.1 or whatever a tunnel carries. */
  public Destination withoutTls() {
    return new Destination(false, host, port, null, address, path, UpstreamHttp.HTTP_1_1);
  }

  /** The same for {@code address} in place of the host. */
  public Destination withHost(InetAddress other) {
    return new Destination(secure, other.getHostAddress(), port, tls, null, path, http);
  }

  /** Where this is, however it is spoken to: without TLS settings, in HTTP/1.1, told nothing. */
  public Destination place() {
    return tls == null && path.told() == null && http == UpstreamHttp.HTTP_1_1
        ? this
        : new Destination(
            secure, host, port, null, address, path.telling(null), UpstreamHttp.HTTP_1_1);
  }

  /**
   * The same for connections on behalf of {@code client}, who has connected to {@code local}, if
   * the destination wants to know that.
   */
  public Destination onBehalfOf(InetSocketAddress client, InetSocketAddress local) {
    ProxyProtocol told = path.told();
    return told == null ? this : by(path.telling(told.onBehalfOf(client, local)));
  }

  /** Whether this is a parent proxy that gets the requests themselves. */
  public boolean isRelay() {
    return path.way() == Path.Way.RELAY;
  }

  /** Whether there is a handshake on the way that nothing is said about here. */
  public boolean usesDefaultTls() {
    Parent parent = path.parent();
    return (secure && tls == null)
        || (parent != null && parent.kind() == Parent.Kind.HTTPS && parent.tls() == null);
  }

  /** {@code host:port}, an IPv6 address in brackets. */
  public String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** As {@link #authority}, without the port if it is the default one of the scheme. */
  public String hostField() {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (secure ? 443 : 80) ? bracketed : bracketed + ":" + port;
  }

  /** What logs and metrics call it: its URI, and the address if one is chosen. */
  public String name() {
    return address == null ? toString() : this + " at " + address.getHostAddress();
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + authority();
  }
}
