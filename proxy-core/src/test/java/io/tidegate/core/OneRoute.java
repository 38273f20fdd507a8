package io.tidegate.core;

import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.Route;
import io.tidegate.core.tls.UpstreamTlsSources;
import java.util.List;
import java.util.Optional;

/** A proxy that permits everything and takes every request along one route, which it is itself. */
abstract class OneRoute extends ProxyBuilder<OneRoute> implements Route {
  private final Direction direction;

  OneRoute(Direction direction) {
    this.direction = direction;
  }

  @Override
  protected OneRoute self() {
    return this;
  }

  @Override
  protected Plugins plugins(
      ProxySettings settings,
      UpstreamTlsSources tls,
      List<ExchangeListener> listeners,
      Checks checks) {
    return new Plugins(
        direction,
        AccessPolicy.PERMIT_ALL,
        request -> this,
        direction == Direction.REVERSE,
        listeners,
        List.of());
  }

  @Override
  protected Optional<String> defaultHost() {
    return Optional.of("127.0.0.1");
  }

  @Override
  protected CacheSettings defaultCache() {
    return direction == Direction.REVERSE ? CacheSettings.REVERSE : CacheSettings.FORWARD;
  }

  @Override
  public HeaderPolicy headers() {
    return new HeaderPolicy() {};
  }
}
