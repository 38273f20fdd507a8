package io.tidegate.reverse;

import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.cluster.Endpoint;
import java.util.List;
import java.util.function.Consumer;

/** Lets a source tell endpoints of a cluster as long as both are there. */
final class SourceWork implements Background {
  private final EndpointSource source;
  private final Consumer<List<Endpoint>> cluster;
  private volatile EndpointFactory endpoints;
  private Runnable end = () -> {};

  SourceWork(EndpointSource source, Cluster cluster, EndpointFactory endpoints) {
    this.source = source;
    this.cluster = cluster.source();
    this.endpoints = endpoints;
  }

  /** Has what is told from now on spoken to as {@code next} does. */
  void become(EndpointFactory next) {
    endpoints = next;
  }

  @Override
  public void start(Upstreams upstreams) {
    end = source.start(this::told);
  }

  /** The source has threads of its own. */
  @Override
  public void moved(Upstreams upstreams) {}

  private void told(List<EndpointSettings> named) {
    EndpointFactory factory = endpoints;
    cluster.accept(named.stream().map(factory::endpoint).toList());
  }

  @Override
  public void stop() {
    end.run();
  }
}
