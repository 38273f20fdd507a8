package io.tidegate.forward.egress;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.ParentUnavailableException;
import io.tidegate.core.spi.Path;
import io.tidegate.core.spi.RetryPolicy;
import io.tidegate.core.spi.Route;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one request leaves.
 *
 * @param origin where it goes in the end
 * @param parents the parent proxies it goes through, null for none
 * @param relayable whether an HTTP proxy may get it as it is
 * @param source the addresses of ours that it leaves from, null for any
 * @param headers how fields are rewritten
 * @param cachePartition what of the cache is for it
 * @param addsCredentials whether it gets credentials on the way
 * @param passesCache whether the rules depend on an address that is still to be looked up
 */
record Departure(
    Destination origin,
    @Nullable ParentGroup parents,
    boolean relayable,
    Path.@Nullable Source source,
    HeaderPolicy headers,
    String cachePartition,
    boolean addsCredentials,
    boolean passesCache)
    implements Route {
  private static final RetryPolicy.Retry ELSEWHERE = new RetryPolicy.Retry(true, Duration.ZERO);

  /** A parent proxy that does not know us has not passed the request on. */
  private static final RetryPolicy OTHER_PARENTS =
      (request, attempt) ->
          attempt.elsewhere()
                  && !attempt.contentSent()
                  && ParentUnavailableException.isCauseOf(attempt.failure())
              ? ELSEWHERE
              : RetryPolicy.STALE_CONNECTIONS.after(request, attempt);

  @Override
  public Destinations destinations(ClientRequest request) {
    return parents == null
        ? Destinations.only(origin.by(Path.from(source)))
        : parents.ways(origin, relayable, source, headers.addsVia());
  }

  @Override
  public RetryPolicy retry() {
    return parents == null ? RetryPolicy.STALE_CONNECTIONS : OTHER_PARENTS;
  }
}
