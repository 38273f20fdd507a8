package io.tidegate.core.spi;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where one attempt goes. Connections are pooled by it: equal destinations share them.
 *
 * @param secure whether the connection is TLS
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port the port
 * @param tls the trust and keys for TLS, or null for the proxy's own
 */
public record Destination(boolean secure, String host, int port, @Nullable SSLContext tls) {
  /** {@code host:port}, an IPv6 address in brackets. */
  public String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** As {@link #authority}, without the port if it is the default one of the scheme. */
  public String hostField() {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (secure ? 443 : 80) ? bracketed : bracketed + ":" + port;
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + authority();
  }
}
