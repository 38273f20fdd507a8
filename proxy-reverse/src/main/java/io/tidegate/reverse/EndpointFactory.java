package io.tidegate.reverse;

import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.UpstreamHttp;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.cluster.Endpoint;
import io.tidegate.reverse.cluster.EndpointUri;
import java.util.List;
import java.util.function.Consumer;

/** Makes the endpoints of a cluster, which are all spoken to alike, from what was said of them. */
final class EndpointFactory {
  private final UpstreamHttp http;

  EndpointFactory(UpstreamHttp http) {
    this.http = http;
  }

  Endpoint endpoint(EndpointSettings settings) {
    Destination named = EndpointUri.parse(settings.uri());
    if (named == null) {
      throw new AssertionError("unchecked endpoint " + settings.uri());
    }
    return new Endpoint(named.speaking(http), settings.weight(), settings.placement());
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
