package io.tidegate.core.admin;

import io.tidegate.core.json.JsonText;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.sse.ServerSentEventConnection;
import io.undertow.server.handlers.sse.ServerSentEventConnection.EventCallback;
import io.undertow.server.handlers.sse.ServerSentEventHandler;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/** Tells clients of events as they happen, as server-sent events. */
final class EventStream {
  /** Its media type. */
  static final String TYPE = "text/event-stream; charset=UTF-8";

  private static final int MOST_CLIENTS = 16;
  private static final int MOST_PENDING = 1000;

  private final EventLog log;
  private final int keepAliveMillis;
  private final AtomicInteger clients = new AtomicInteger();

  /** Of what {@code log} is told; a stream without events says so after {@code keepAliveMillis}. */
  EventStream(EventLog log, int keepAliveMillis) {
    this.log = log;
    this.keepAliveMillis = keepAliveMillis;
  }

  /**
   * Begins a stream with the events after number {@code after}, or that of Last-Event-ID if it is
   * higher: who comes back has those before.
   *
   * @throws AdminException if there are too many streams
   */
  void begin(HttpServerExchange exchange, long after) throws Exception {
    if (clients.incrementAndGet() > MOST_CLIENTS) {
      clients.decrementAndGet();
      throw new AdminException(503, MOST_CLIENTS + " clients follow the events already");
    }
    exchange.addExchangeCompleteListener(
        (completed, next) -> {
          clients.decrementAndGet();
          next.proceed();
        });
    new ServerSentEventHandler(
            (connection, lastEventId) ->
                follow(exchange, connection, Math.max(after, number(lastEventId))))
        .handleRequest(exchange);
  }

  private static long number(@Nullable String lastEventId) {
    return lastEventId != null && lastEventId.matches("\\d{1,18}")
        ? Long.parseLong(lastEventId)
        : 0;
  }

  private void follow(
      HttpServerExchange exchange, ServerSentEventConnection connection, long after) {
    Follower follower = new Follower(exchange, connection);
    connection.setKeepAliveTime(keepAliveMillis);
    connection.addCloseTask(closed -> log.unfollow(follower));
    log.follow(after, follower);
    if (!connection.isOpen()) {
      log.unfollow(follower); // it may have been closed just before it followed
    }
  }

  /** One client. Whoever tells of an event does not write: the IO thread of the client does. */
  private static final class Follower implements Consumer<EventLog.Entry>, EventCallback {
    private final HttpServerExchange exchange;
    private final ServerSentEventConnection connection;
    private final AtomicInteger pending = new AtomicInteger();

    Follower(HttpServerExchange exchange, ServerSentEventConnection connection) {
      this.exchange = exchange;
      this.connection = connection;
    }

    @Override
    public void accept(EventLog.Entry entry) {
      boolean tooSlow = pending.incrementAndGet() > MOST_PENDING;
      try {
        exchange.getIoThread().execute(tooSlow ? this::close : () -> send(entry));
      } catch (RejectedExecutionException e) {
        // the listener has been stopped
      }
    }

    private void send(EventLog.Entry entry) {
      String number = Long.toString(entry.number());
      connection.send(JsonText.of(entry), "happened", number, this);
    }

    private void close() {
      IoUtils.safeClose(connection);
    }

    @Override
    public void done(
        ServerSentEventConnection told,
        @Nullable String data,
        @Nullable String event,
        @Nullable String id) {
      pending.decrementAndGet();
    }

    @Override
    public void failed(
        ServerSentEventConnection told,
        @Nullable String data,
        @Nullable String event,
        @Nullable String id,
        IOException e) {
      pending.decrementAndGet();
    }
  }
}
