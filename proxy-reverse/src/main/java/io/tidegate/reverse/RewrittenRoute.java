package io.tidegate.reverse;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.DelegatingRoute;
import io.tidegate.core.spi.Route;

/** A route for one request, whose path was made and checked when the route was found. */
final class RewrittenRoute extends DelegatingRoute {
  private final String upstreamPath;

  RewrittenRoute(Route route, String upstreamPath) {
    super(route);
    this.upstreamPath = upstreamPath;
  }

  @Override
  public String pathAndQuery(ClientRequest request) {
    return upstreamPath;
  }
}
