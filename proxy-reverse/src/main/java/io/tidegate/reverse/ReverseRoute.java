package io.tidegate.reverse;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Route;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.rewrite.PrefixMapping;
import io.tidegate.reverse.route.RequestPath;

/** A route of the table: one object for all its requests. */
final class ReverseRoute implements Route {
  private final Cluster cluster;
  private final PrefixMapping prefixes;
  private final HeaderPolicy headers;

  ReverseRoute(Cluster cluster, PrefixMapping prefixes, HeaderPolicy headers) {
    this.cluster = cluster;
    this.prefixes = prefixes;
    this.headers = headers;
  }

  @Override
  public Destinations destinations(ClientRequest request) {
    return cluster.destinations();
  }

  @Override
  public String pathAndQuery(ClientRequest request) {
    return prefixes.toUpstream(RequestPath.forwarded(request.pathAndQuery()));
  }

  @Override
  public HeaderPolicy headers() {
    return headers;
  }

  /** Where this route leads. */
  @Override
  public String toString() {
    return cluster.name;
  }
}
