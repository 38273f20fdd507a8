package io.tidegate.reverse;

import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Path;
import io.tidegate.core.spi.ProxyProtocol;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.cluster.Endpoint;
import io.tidegate.reverse.cluster.EndpointUri;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
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
    Destination spoken = named.speaking(transport.http()).with(tls(settings)).by(path);
    return new Endpoint(spoken, settings.weight(), settings.placement());
  }

  private @Nullable UpstreamTls tls(EndpointSettings settings) {
    return settings.serverName().map(Objects.requireNonNullElse(tls, proxyTls)::as).orElse(tls);
  }

  /** Adds an endpoint, or those that its name leads to. */
  void add(Cluster cluster, EndpointSettings settings) {
    Endpoint endpoint = endpoint(settings);
    settings
        .lookUp()
        .ifPresentOrElse(
            interval -> cluster.follow(endpoint, interval), () -> cluster.add(endpoint));
  }

  /** Lets {@code source} tell endpoints of {@code cluster}. */
  Background work(Cluster cluster, EndpointSource source) {
    Consumer<List<Endpoint>> told = cluster.source();
    return new Background() {
      private Runnable end = () -> {};

      @Override
      public void start(Upstreams upstreams) {
        end =
            source.start(
                named -> told.accept(named.stream().map(EndpointFactory.this::endpoint).toList()));
      }

      @Override
      public void stop() {
        end.run();
      }
    };
  }
}
