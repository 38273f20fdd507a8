package io.tidegate.core.exchange;

import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.nio.ByteBuffer;

/**
 * Stored content on its way to the client, no faster than the client takes it. It may still be on
 * its way into the store: then it is passed on as it comes.
 */
final class StoredResponseRelay implements ResponseProgress {
  private final ProxyExchange exchange;
  private final IoLoop loop;
  private final BodyReader reader;
  private final BodySink sink;
  private boolean closed;
  private long octets;
  private long lastProgress;

  StoredResponseRelay(ProxyExchange exchange, BodyReader reader, BodySink sink) {
    this.exchange = exchange;
    this.loop = exchange.client().loop();
    this.reader = reader;
    this.sink = sink;
    this.lastProgress = loop.now();
  }

  /** Passes on what there is, as far as the client takes it. */
  void pump() {
    while (!closed && !sink.backlogged()) {
      ByteBuffer part = reader.next(this::ready);
      if (part != null) {
        octets += part.remaining();
        lastProgress = loop.now();
        sink.write(part);
      } else {
        if (!closed) { // else more came meanwhile, with the end
          atEnd();
        }
        return;
      }
    }
  }

  /** On any thread. */
  private void ready() {
    loop.run(
        () -> {
          pump();
          loop.flush();
        });
  }

  private void atEnd() {
    switch (reader.state()) {
      case OPEN -> {} // more will come
      case ENDED -> {
        close();
        sink.end(null);
        exchange.responseEnded();
      }
      case BROKEN -> {
        close();
        exchange.fail(
            Failure.of(
                ProxyError.HTTP_RESPONSE_INCOMPLETE, "the response broke off as it was stored"));
      }
    }
  }

  @Override
  public void clientDrained() {
    lastProgress = loop.now();
    pump();
  }

  /** Lets go of the content; the exchange is over. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      reader.close();
    }
  }

  @Override
  public long octets() {
    return octets;
  }

  @Override
  public long lastProgress() {
    return lastProgress;
  }

  @Override
  public boolean isPaused() {
    return sink.backlogged();
  }
}
