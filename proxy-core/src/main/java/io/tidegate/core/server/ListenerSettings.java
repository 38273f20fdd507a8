package io.tidegate.core.server;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.tls.TlsSettings;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * One address that clients connect to.
 *
 * @param host the address to listen on, as a name or literal; empty for all
 * @param port the port to listen on, 0 for any free one
 * @param protocols what may be spoken there; if several, the first octet of a client tells which
 * @param tls how clients speak TLS there; empty if they do not
 * @param proxyProtocol who may say there on whose behalf it connects; empty for nobody
 * @param http2WithoutTls whether a client may begin with HTTP/2 without TLS (RFC 9113 §3.3)
 */
public record ListenerSettings(
    Optional<String> host,
    int port,
    List<ListenerProtocol> protocols,
    Optional<TlsSettings> tls,
    Optional<ProxyProtocolSettings> proxyProtocol,
    boolean http2WithoutTls) {
  /** Brings the protocols into one order; rejects what cannot work. */
  public ListenerSettings {
    protocols = protocols.stream().distinct().sorted().toList();
    Checks checks = new Checks().between("listen", port, 0, 65535);
    if (protocols.isEmpty()) {
      checks.reject("protocols", protocols, "at least one of HTTP, SOCKS");
    }
    proxyProtocol
        .filter(believed -> believed.from().isEmpty())
        .ifPresent(
            believed ->
                checks.reject(
                    "proxyProtocol.from", believed.from(), "at least one address or range"));
    checks.done();
  }

  /** A listener without the PROXY protocol. */
  public ListenerSettings(
      Optional<String> host,
      int port,
      List<ListenerProtocol> protocols,
      Optional<TlsSettings> tls) {
    this(host, port, protocols, tls, Optional.empty(), false);
  }

  /** A listener without TLS. */
  public ListenerSettings(Optional<String> host, int port, List<ListenerProtocol> protocols) {
    this(host, port, protocols, Optional.empty());
  }

  /** A listener that speaks HTTP. */
  public static ListenerSettings http(Optional<String> host, int port) {
    return new ListenerSettings(host, port, List.of(ListenerProtocol.HTTP));
  }

  /** Whether clients may speak {@code protocol}. */
  public boolean speaks(ListenerProtocol protocol) {
    return protocols.contains(protocol);
  }

  /** Whether only this machine can connect. A name other than localhost may resolve to anything. */
  public boolean isLoopback() {
    if (host.isEmpty()) {
      return false;
    }
    InetAddress address = Ip.parse(host.get());
    return address == null ? host.get().equalsIgnoreCase("localhost") : address.isLoopbackAddress();
  }
}
