package io.tidegate.core.spi;

import io.tidegate.core.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * A route as one exchange sees it that counts as under way: when the destinations it asks for first
 * are done with, so is the exchange. Neither what serves it in place of an error counts, nor
 * exchanges of the cache's own that follow.
 */
public class CountedRoute extends DelegatingRoute {
  private @Nullable Runnable end;

  /** The same as {@code route}; {@code end} is run once, when the exchange is over. */
  public CountedRoute(Route route, Runnable end) {
    super(route);
    this.end = end;
  }

  @Override
  public Destinations destinations(ClientRequest request) {
    Runnable once = end;
    end = null;
    if (once == null) {
      return super.destinations(request);
    }
    try {
      return new Counted(super.destinations(request), once);
    } catch (RuntimeException e) {
      once.run();
      throw e;
    }
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
