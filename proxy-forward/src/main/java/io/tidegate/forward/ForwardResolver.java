package io.tidegate.forward;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.forward.access.ForwardAccess;
import io.tidegate.forward.address.TargetHost;

/**
 * Goes where the request target says: there is one destination, and never TLS of ours on the way to
 * it.
 */
final class ForwardResolver implements DestinationResolver {
  private record Direct(Destination destination, HeaderPolicy headers, boolean passesCache)
      implements Route {
    @Override
    public Destinations destinations(ClientRequest request) {
      return Destinations.only(destination);
    }
  }

  private final ForwardAccess access;
  private final HeaderPolicy headers;

  ForwardResolver(ForwardAccess access, HeaderPolicy headers) {
    this.access = access;
    this.headers = headers;
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    TargetHost host = TargetHost.of(request.authority());
    if (host == null) {
      return ForwardAccess.BAD_HOST;
    }
    Destination destination = new Destination(false, host.name(), request.port(), null);
    return new Direct(destination, headers, access.isUndecided(request));
  }
}
