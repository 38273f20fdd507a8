package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import java.time.Duration;

/** A program that is a gateway until it is told to end, and then serves what is under way. */
public final class PlainMain {
  private PlainMain() {}

  /** Runs it in front of one server. */
  public static void main(String[] arguments) {
    // region main
    Proxy gateway = start(8080, "http://127.0.0.1:9001");
    System.out.println("http:/" + gateway.address());
    Runnable end = () -> gateway.stop(Duration.ofSeconds(20)); // cuts what takes longer
    Runtime.getRuntime().addShutdownHook(new Thread(end, "stop gateway"));
    // the threads of the gateway keep the program alive
    // endregion
  }

  static Proxy start(int port, String server) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        .cluster("app", cluster -> cluster.endpoint(server))
        .route("/**", "app")
        .start();
  }
}
