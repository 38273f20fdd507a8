package io.tidegate.reverse;

import io.tidegate.core.spi.ProxyProtocolVersion;
import io.tidegate.core.spi.UpstreamHttp;
import io.tidegate.core.tls.UpstreamTlsSettings;
import java.util.Optional;

/**
 * How the endpoints of a cluster are spoken to.
 *
 * @param http which versions of HTTP
 * @param tls how TLS is spoken; as the proxy does if empty
 * @param proxyProtocol how they are told on whose behalf a connection is made; empty if they are
 *     not
 */
public record TransportSettings(
    UpstreamHttp http,
    Optional<UpstreamTlsSettings> tls,
    Optional<ProxyProtocolVersion> proxyProtocol) {
  /** What uncalled builder methods mean. */
  public static final TransportSettings DEFAULT =
      new TransportSettings(UpstreamHttp.HTTP_1_1, Optional.empty(), Optional.empty());
}
