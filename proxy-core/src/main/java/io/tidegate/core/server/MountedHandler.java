package io.tidegate.core.server;

import io.tidegate.core.http.BadMessageException;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.xnio.XnioIoThread;

/**
 * A proxy as a handler of an application's Undertow. The exchange is handed to the pipeline on its
 * own IO thread; what that thread's listener has let through is checked again as if it came from
 * the wire.
 */
public final class MountedHandler implements HttpHandler {
  private final Function<XnioIoThread, Listener.Context> contexts;
  private final AtomicInteger active;
  private final BooleanSupplier stopped;
  private final Set<MountedExchange> underWay = ConcurrentHashMap.newKeySet();

  /**
   * A handler; {@code contexts} is asked on the IO thread of each exchange, {@code active} counts
   * exchanges under way, and once {@code stopped}, requests get 503.
   */
  public MountedHandler(
      Function<XnioIoThread, Listener.Context> contexts,
      AtomicInteger active,
      BooleanSupplier stopped) {
    this.contexts = contexts;
    this.active = active;
    this.stopped = stopped;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    active.incrementAndGet();
    exchange.addExchangeCompleteListener(
        (completed, next) -> {
          active.decrementAndGet();
          next.proceed();
        });
    if (stopped.getAsBoolean()) {
      exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE).endExchange();
    } else {
      exchange.dispatch(exchange.getIoThread(), () -> start(exchange));
    }
  }

  private void start(HttpServerExchange exchange) {
    if (exchange.isComplete()) {
      return; // the client has gone meanwhile
    }
    Listener.Context context = contexts.apply(exchange.getIoThread());
    MountedExchange client = new MountedExchange(exchange, context.loop());
    underWay.add(client);
    exchange.addExchangeCompleteListener(
        (completed, next) -> {
          underWay.remove(client);
          next.proceed();
        });
    try {
      serve(exchange, client, context.handler());
    } catch (RuntimeException | Error e) {
      client.fail(e);
    }
    context.loop().flush();
  }

  private static void serve(
      HttpServerExchange exchange, MountedExchange client, RequestHandler handler) {
    try {
      handler.request(client, MountedHeads.request(exchange));
    } catch (BadMessageException e) {
      handler.refuse(client, RequestFaults.failure(e));
    }
  }

  /** Cuts every exchange under way; what has become a tunnel goes on. */
  public void closeAll() {
    for (MountedExchange exchange : underWay) {
      try {
        exchange.loop().run(exchange::cut);
      } catch (RejectedExecutionException e) {
        // the application has stopped its server first, and its threads
      }
    }
  }
}
