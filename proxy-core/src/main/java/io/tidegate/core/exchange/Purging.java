package io.tidegate.core.exchange;

import io.tidegate.core.cache.Invalidator;
import io.tidegate.core.cache.Purge;
import io.tidegate.core.cache.TargetUri;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

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
              } catch (RuntimeException e) {
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
  static void answer(ClientExchange client, long count) {
    byte[] content = ("{\"invalidated\":" + count + "}").getBytes(StandardCharsets.US_ASCII);
    FieldEdits fields = new FieldEdits(Fields.empty());
    fields.add(FieldName.DATE, client.loop().date());
    fields.add(FieldName.CONTENT_TYPE, "application/json");
    fields.add(FieldName.CACHE_CONTROL, "no-store");
    BodySink sink = client.respond(200, StatusText.of(200), fields, Framing.fixed(content.length));
    sink.write(ByteBuffer.wrap(content));
    sink.end(null);
  }
}
