package io.tidegate.core.exchange;

import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Pace;
import io.tidegate.core.spi.ProxyError;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Stored content on its way to the client, no faster than the client takes it. It may still be on
 * its way into the store: then it is passed on as it comes.
 */
final class StoredResponseRelay implements ResponseProgress, Throttle.Side {
  private final ProxyExchange exchange;
  private final IoLoop loop;
  private final BodyReader reader;
  private final BodySink sink;
  private final @Nullable Throttle throttle;

  /** What has been read and may not pass yet. */
  private @Nullable ByteBuffer rest;

  private boolean closed;
  private long octets;
  private long lastProgress;

  StoredResponseRelay(ProxyExchange exchange, BodyReader reader, BodySink sink) {
    this.exchange = exchange;
    this.loop = exchange.client().loop();
    this.reader = reader;
    this.sink = sink;
    this.lastProgress = loop.now();
    Pace pace = exchange.pace();
    this.throttle = pace == null ? null : Throttle.toClient(loop, pace, size -> {}, this);
  }

  /** Begins to pass on what there is. */
  void start() {
    if (throttle != null) {
      throttle.start();
    }
    pump();
  }

  /** Passes on what there is, as far as the client takes it. */
  private void pump() {
    while (!closed && !sink.backlogged() && !isHeldUp()) {
      ByteBuffer part = next();
      if (part != null) {
        write(part);
      } else {
        if (!closed) { // else more came meanwhile, with the end
          atEnd();
        }
        return;
      }
    }
  }

  private @Nullable ByteBuffer next() {
    ByteBuffer part = rest == null ? reader.next(this::ready) : rest;
    rest = null;
    if (part == null || throttle == null || part.remaining() <= throttle.size()) {
      return part;
    }
    ByteBuffer first = part.slice(part.position(), throttle.size());
    rest = part.position(part.position() + throttle.size());
    return first;
  }

  private void write(ByteBuffer part) {
    int length = part.remaining();
    octets += length;
    lastProgress = loop.now();
    sink.write(part);
    if (throttle != null) {
      throttle.passed(length);
    }
  }

  private boolean isHeldUp() {
    return throttle != null && throttle.isHolding();
  }

  /** What the client got is paid for. */
  @Override
  public void goOn() {
    lastProgress = loop.now();
    pump();
  }

  @Override
  public void cut(Failure reason) {
    exchange.fail(reason);
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
      rest = null;
      if (throttle != null) {
        throttle.close();
      }
      reader.close();
    }
  }

  @Override
  public long octets() {
    return octets;
  }

  @Override
  public long lastProgress() {
    return isHeldUp() ? loop.now() : lastProgress;
  }

  @Override
  public boolean isPaused() {
    return sink.backlogged();
  }
}
