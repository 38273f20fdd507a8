package io.tidegate.reverse;

import io.tidegate.core.coding.Compression;
import io.tidegate.core.spi.Authorization;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Hedging;
import io.tidegate.core.spi.Mirroring;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.RetryPolicy;
import io.tidegate.core.spi.Route;
import org.jspecify.annotations.Nullable;

/** A route for one request, whose path was made and checked when the route was found. */
record RewrittenRoute(Route route, String upstreamPath) implements Route {
  @Override
  public Destinations destinations(ClientRequest request) {
    return route.destinations(request);
  }

  @Override
  public String pathAndQuery(ClientRequest request) {
    return upstreamPath;
  }

  @Override
  public HeaderPolicy headers() {
    return route.headers();
  }

  @Override
  public @Nullable ExchangeSettings settings() {
    return route.settings();
  }

  @Override
  public @Nullable Authorization authorization() {
    return route.authorization();
  }

  @Override
  public @Nullable Mirroring mirroring() {
    return route.mirroring();
  }

  @Override
  public @Nullable Compression compression() {
    return route.compression();
  }

  @Override
  public RetryPolicy retry() {
    return route.retry();
  }

  @Override
  public @Nullable Hedging hedging() {
    return route.hedging();
  }

  @Override
  public @Nullable Resolution instead(ClientRequest request, Failure failure) {
    return route.instead(request, failure);
  }

  /** Where this route leads. */
  @Override
  public String toString() {
    return route.toString();
  }
}
