package io.tidegate.core.exchange;

import io.tidegate.core.cache.Invalidator;
import io.tidegate.core.cache.Purge;
import io.tidegate.core.cache.TargetUri;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.ProxyError;

/** Invalidates stored responses at the request of a client, and tells it how many (PURGE). */
final class Purging {
  private Purging() {}

  /**
   * Does what the client of an exchange asks for, and tells {@link ProxyExchange#purged}. There may
   * be many responses to look at, so a worker does it.
   *
   * @throws BadMessageException if it is not clear what the client asks for
   */
  static void start(ProxyExchange exchange, ResponseCache cache) throws BadMessageException {
    ClientRequest request = exchange.request();
    TargetUri target = new TargetUri(request.scheme(), request.authority(), request.pathAndQuery());
    Purge purge = Purge.of(request.head().fields(), target, cache.settings().tagField());
    IoLoop loop = exchange.client().loop();
    long now = loop.wallClock();
    loop.thread()
        .getWorker()
        .execute(
            () -> {
              try {
                long count = invalidate(purge, cache.invalidator(), now);
                loop.later(() -> exchange.purged(count));
              } catch (RuntimeException | Error e) {
                Failure failure = Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "internal error", e);
                loop.later(() -> exchange.fail(failure));
              }
            });
  }

  private static long invalidate(Purge purge, Invalidator invalidator, long now) {
    return purge.soft()
        ? invalidator.markStale(purge.scope(), now)
        : invalidator.remove(purge.scope());
  }

  /** Tells the client how many responses were invalidated. */
  static OwnResponse answer(long count) {
    return OwnResponse.of(200, "Content-Type", "application/json", "Cache-Control", "no-store")
        .content("{\"invalidated\":" + count + "}");
  }
}
