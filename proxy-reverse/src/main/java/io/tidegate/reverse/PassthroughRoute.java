package io.tidegate.reverse;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.route.RouteTarget;

/** Where connections go that are passed on undecrypted: the tunnel has no fields to be edited. */
record PassthroughRoute(String name, Cluster cluster) implements Route, RouteTarget {
  private static final HeaderPolicy NO_FIELDS = new HeaderPolicy() {};

  @Override
  public Resolution resolve(ClientRequest request) {
    return this;
  }

  @Override
  public String clusterName() {
    return cluster.name;
  }

  @Override
  public Destinations destinations(ClientRequest request) {
    return cluster.destinations(request, () -> {});
  }

  @Override
  public HeaderPolicy headers() {
    return NO_FIELDS;
  }
}
