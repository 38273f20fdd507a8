package io.tidegate.examples;

import static io.tidegate.reverse.Routes.path;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import java.time.Duration;

/** A reverse proxy whose clients see little of endpoints that fail or are slow. */
public final class FailingEndpoints {
  private FailingEndpoints() {}

  /** Runs it in front of two servers. */
  public static void main(String[] arguments) {
    start(8080, "http://127.0.0.1:9001", "http://127.0.0.1:9002");
  }

  static Proxy start(int port, String first, String second) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        // region resilience
        .cluster("shop", cluster -> cluster.endpoint(first).endpoint(second).retryBudget(20, 10))
        .route(
            path("/**"),
            route ->
                route
                    .to("shop")
                    .resilience(
                        r ->
                            r.responseTimeout(Duration.ofSeconds(10))
                                .attempts(2)
                                .retryOn(502, 503, 504)
                                .hedge(95)
                                .fallback(503, "text/html", "<p>We will be back soon.")))
        // endregion
        .start();
  }
}
