package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.reverse.ReverseProxy;
import java.util.concurrent.atomic.LongAdder;

/**
 * Both directions in one program: a way in to its server, a way out for it, and one listener that
 * counts what passes either of them.
 */
public final class BothDirections implements AutoCloseable {
  final Proxy gateway;
  final Proxy egress;
  final LongAdder exchanges = new LongAdder();

  private BothDirections(int in, int out, String server) {
    ExchangeListener counter =
        new ExchangeListener() {
          @Override
          public void completed(Outcome outcome) {
            exchanges.increment(); // on an IO thread: quick, and never waiting
          }
        };
    gateway =
        ReverseProxy.builder()
            .listen("127.0.0.1", in)
            .cluster("server", cluster -> cluster.endpoint(server))
            .route("/**", "server")
            .listener(counter)
            .start();
    egress = ForwardProxy.builder().listen(out).listener(counter).start();
  }

  /** Runs both. */
  public static void main(String[] arguments) {
    start(8080, 3128, "http://127.0.0.1:9001");
  }

  static BothDirections start(int in, int out, String server) {
    return new BothDirections(in, out, server);
  }

  @Override
  public void close() {
    gateway.close();
    egress.close();
  }
}
