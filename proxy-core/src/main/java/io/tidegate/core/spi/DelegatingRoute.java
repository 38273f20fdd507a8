package io.tidegate.core.spi;

import io.tidegate.core.coding.Compression;
import org.jspecify.annotations.Nullable;

/** A route that says what another one says, but for what a subclass says itself. */
public abstract class DelegatingRoute implements Route {
  private final Route route;

  /** The same as {@code route}. */
  protected DelegatingRoute(Route route) {
    this.route = route;
  }

  @Override
  public String name() {
    return route.name();
  }

  @Override
  public String clusterName() {
    return route.clusterName();
  }

  @Override
  public Destinations destinations(ClientRequest request) {
    return route.destinations(request);
  }

  @Override
  public String pathAndQuery(ClientRequest request) {
    return route.pathAndQuery(request);
  }

  @Override
  public HeaderPolicy headers() {
    return route.headers();
  }

  @Override
  public @Nullable BufferingSettings buffering() {
    return route.buffering();
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
  public RetryPolicy retry() {
    return route.retry();
  }

  @Override
  public @Nullable Hedging hedging() {
    return route.hedging();
  }

  @Override
  public @Nullable Compression compression() {
    return route.compression();
  }

  @Override
  public @Nullable Pace pace(ClientRequest request) {
    return route.pace(request);
  }

  @Override
  public String cachePartition() {
    return route.cachePartition();
  }

  @Override
  public boolean passesCache() {
    return route.passesCache();
  }

  @Override
  public boolean addsCredentials() {
    return route.addsCredentials();
  }

  @Override
  public @Nullable Resolution instead(ClientRequest request, Failure failure) {
    return route.instead(request, failure);
  }

  /** The name of the route. */
  @Override
  public String toString() {
    return route.toString();
  }
}
