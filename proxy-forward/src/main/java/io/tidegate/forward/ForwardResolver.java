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
import io.tidegate.forward.egress.Egress;
import org.jspecify.annotations.Nullable;

/**
 * Goes where the request target says: straight and without TLS of ours, unless {@link Egress} says
 * otherwise.
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
  private final @Nullable Egress egress;

  /** For requests that {@code access} has let pass; {@code egress} is null if it says nothing. */
  ForwardResolver(ForwardAccess access, HeaderPolicy headers, @Nullable Egress egress) {
    this.access = access;
    this.headers = headers;
    this.egress = egress;
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    TargetHost host = TargetHost.of(request.authority());
    if (host == null) {
      return ForwardAccess.BAD_HOST;
    }
    if (egress != null) {
      return egress.resolve(request, host, access, headers);
    }
    Destination destination = new Destination(false, host.name(), request.port(), null);
    return new Direct(destination, headers, access.isUndecided(request));
  }
}
