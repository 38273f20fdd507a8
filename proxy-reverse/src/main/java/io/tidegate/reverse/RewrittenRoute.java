package io.tidegate.reverse;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.DelegatingRoute;

/** A route for one request, whose path was made and checked when the route was found. */
final class RewrittenRoute extends DelegatingRoute {
  private final ReverseRoute route;
  private final String upstreamPath;

  RewrittenRoute(ReverseRoute route, String upstreamPath) {
    super(route);
    this.route = route;
    this.upstreamPath = upstreamPath;
  }

  @Override
  public String pathAndQuery(ClientRequest request) {
    return upstreamPath;
  }

  /** The route of the table. */
  ReverseRoute route() {
    return route;
  }
}
