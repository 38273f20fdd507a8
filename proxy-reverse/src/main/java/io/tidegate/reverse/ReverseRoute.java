package io.tidegate.reverse;

import io.tidegate.core.coding.Compression;
import io.tidegate.core.spi.Authorization;
import io.tidegate.core.spi.BufferingSettings;
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
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.resilience.Resilience;
import io.tidegate.reverse.rewrite.PathMapping;
import io.tidegate.reverse.rewrite.RegexMapping;
import io.tidegate.reverse.route.RequestPath;
import io.tidegate.reverse.route.RouteTarget;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A route of the table: one object for all its requests. */
final class ReverseRoute implements Route, RouteTarget {
  private static final Failure UNCLEAN = Failure.badRequest(400, "the path cannot be rewritten");

  private final String name;
  private final Cluster cluster;
  private final PathMapping paths;
  private final HeaderPolicy headers;
  private final Resilience resilience;
  private final Runnable began;
  private final @Nullable Authorization authorization;
  private final @Nullable Mirroring mirroring;
  private final @Nullable Compression compression;
  private final @Nullable BufferingSettings buffering;
  private final String cachePartition;

  ReverseRoute(
      String name,
      Cluster cluster,
      PathMapping paths,
      HeaderPolicy headers,
      Resilience resilience,
      @Nullable Authorization authorization,
      @Nullable Mirroring mirroring,
      @Nullable Compression compression,
      @Nullable BufferingSettings buffering,
      String cachePartition) {
    this.name = name;
    this.cluster = cluster;
    this.paths = paths;
    this.headers = headers;
    this.resilience = resilience;
    this.began = resilience::began;
    this.authorization = authorization;
    this.mirroring = mirroring;
    this.compression = compression;
    this.buffering = buffering;
    this.cachePartition = cachePartition;
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    if (!(paths instanceof RegexMapping)) {
      return this; // what else maps paths makes clean ones
    }
    String path = paths.toUpstream(RequestPath.forwarded(request.pathAndQuery()));
    return path == null ? UNCLEAN : new RewrittenRoute(this, path);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String clusterName() {
    return cluster.name;
  }

  /** Where it leads. */
  Cluster cluster() {
    return cluster;
  }

  @Override
  public Destinations destinations(ClientRequest request) {
    return cluster.destinations(request, began);
  }

  @Override
  public String pathAndQuery(ClientRequest request) {
    String received = RequestPath.forwarded(request.pathAndQuery());
    return Objects.requireNonNullElse(paths.toUpstream(received), received);
  }

  @Override
  public HeaderPolicy headers() {
    return headers;
  }

  @Override
  public ExchangeSettings settings() {
    return resilience.settings();
  }

  @Override
  public @Nullable Authorization authorization() {
    return authorization;
  }

  @Override
  public @Nullable Mirroring mirroring() {
    return mirroring;
  }

  @Override
  public RetryPolicy retry() {
    return resilience.retries();
  }

  @Override
  public @Nullable Hedging hedging() {
    return resilience.hedges();
  }

  @Override
  public @Nullable Resolution instead(ClientRequest request, Failure failure) {
    return failure.status() >= 502 ? resilience.fallback() : null;
  }

  @Override
  public @Nullable Compression compression() {
    return compression;
  }

  @Override
  public @Nullable BufferingSettings buffering() {
    return buffering;
  }

  @Override
  public String cachePartition() {
    return cachePartition;
  }

  /** Where this route leads. */
  @Override
  public String toString() {
    return cluster.name;
  }
}
