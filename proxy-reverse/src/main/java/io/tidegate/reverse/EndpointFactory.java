package io.tidegate.reverse;

import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Path;
import io.tidegate.core.spi.ProxyProtocol;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.cluster.Endpoint;
import io.tidegate.reverse.cluster.EndpointUri;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the endpoints of a cluster, which are all spoken to alike, from what was said of them. */
final class EndpointFactory {
  private final TransportSettings transport;
  private final Path path;
  private final @Nullable UpstreamTls tls;
  private final UpstreamTls proxyTls;

  /**
   * For a cluster that is spoken to like this.
   *
   * @param tls how TLS is spoken; null for {@code proxyTls}, as the proxy does
   */
  EndpointFactory(TransportSettings transport, @Nullable UpstreamTls tls, UpstreamTls proxyTls) {
    this.transport = transport;
    this.path = Path.DIRECT.telling(transport.proxyProtocol().map(ProxyProtocol::of).orElse(null));
    this.tls = tls;
    this.proxyTls = proxyTls;
  }

  Endpoint endpoint(EndpointSettings settings) {
    Destination named = EndpointUri.parse(settings.uri());
    if (named == null) {
      throw new AssertionError("unchecked endpoint " + settings.uri());
    }
    String serverName = settings.serverName().orElse(null);
    return new Endpoint(
        destination(named, serverName), serverName, settings.weight(), settings.placement());
  }

  /** The endpoint at {@code place}, of which {@code serverName} was said for TLS or nothing. */
  Destination destination(Destination place, @Nullable String serverName) {
    UpstreamTls spoken =
        serverName == null ? tls : Objects.requireNonNullElse(tls, proxyTls).as(serverName);
    return place.speaking(transport.http()).with(spoken).by(path);
  }

  /** Adds an endpoint, or those that its name leads to. */
  void add(Cluster cluster, EndpointSettings settings) {
    Endpoint endpoint = endpoint(settings);
    settings
        .lookUp()
        .ifPresentOrElse(
            interval -> cluster.follow(endpoint, interval), () -> cluster.add(endpoint));
  }
}
