package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.reverse.ReverseProxy;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** An application that takes the events of its gateway when it has the time. */
public final class WatchingEvents {
  private WatchingEvents() {}

  /** Prints events until the program is ended. */
  public static void main(String[] arguments) throws InterruptedException {
    BlockingQueue<ProxyEvent> events = new ArrayBlockingQueue<>(1000);
    start(8080, "http://127.0.0.1:9001", events);
    while (true) {
      ProxyEvent event = events.take();
      System.out.println(event.name() + " " + event.subject() + " " + event.detail());
    }
  }

  static Proxy start(int port, String server, BlockingQueue<ProxyEvent> events) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        .cluster("app", cluster -> cluster.endpoint(server))
        .route("/**", "app")
        // region queue
        .eventListener(events::offer) // does not wait, and says no if there is no room
        // endregion
        .start();
  }
}
