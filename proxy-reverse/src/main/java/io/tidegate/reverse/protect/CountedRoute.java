package io.tidegate.reverse.protect;

import io.tidegate.core.coding.Compression;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.Authorization;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
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

/**
 * A route as one exchange sees it that counts as under way: when the destinations it asks for first
 * are done with, so is the exchange. Neither what serves it in place of an error counts, nor
 * exchanges of the cache's own that follow.
 */
final class CountedRoute implements Route {
  private final Route route;
  private @Nullable Runnable end;

  /** The same as {@code route}; {@code end} is run once, when the exchange is over. */
  CountedRoute(Route route, Runnable end) {
    this.route = route;
    this.end = end;
  }

  @Override
  public Destinations destinations(ClientRequest request) {
    Runnable once = end;
    end = null;
    if (once == null) {
      return route.destinations(request);
    }
    try {
      return new Counted(route.destinations(request), once);
    } catch (RuntimeException e) {
      once.run();
      throw e;
    }
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
  public @Nullable BufferingSettings buffering() {
    return route.buffering();
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

  /** The name of the route. */
  @Override
  public String toString() {
    return route.toString();
  }

  record Counted(Destinations destinations, Runnable end) implements Destinations {
    @Override
    public @Nullable Destination next() {
      return destinations.next();
    }

    @Override
    public boolean hasMore() {
      return destinations.hasMore();
    }

    @Override
    public @Nullable Waiting await(Completion<Destination> turn) {
      return destinations.await(turn);
    }

    @Override
    public void responded(Destination destination, ResponseHead head) {
      destinations.responded(destination, head);
    }

    @Override
    public void finished(Destination destination, @Nullable Failure failure) {
      destinations.finished(destination, failure);
    }

    @Override
    public void ended() {
      end.run();
      destinations.ended();
    }
  }
}
