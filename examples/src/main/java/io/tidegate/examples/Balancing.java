package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.LoadBalancers;
import io.tidegate.reverse.ReverseProxy;
import java.time.Duration;

/** A reverse proxy that gives each request to the endpoint with the least load of those nearby. */
public final class Balancing {
  private Balancing() {}

  /** Runs it in front of three servers. */
  public static void main(String[] arguments) {
    start(8080, "http://127.0.0.1:9001", "http://127.0.0.1:9002", "http://127.0.0.1:9003");
  }

  static Proxy start(int port, String near, String far, String spare) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        // region balance
        .cluster(
            "shop",
            cluster ->
                cluster
                    .endpoint(near, endpoint -> endpoint.zone("eu-1"))
                    .endpoint(far, endpoint -> endpoint.zone("eu-2"))
                    .endpoint(spare, endpoint -> endpoint.backup())
                    .loadBalancer(LoadBalancers.leastLoad())
                    .balance(
                        balance ->
                            balance
                                .zones("eu-1", "eu-2")
                                .slowStart(Duration.ofSeconds(30))
                                .affinity("shop-node")
                                .maxActiveRequests(100)))
        // endregion
        .route("/**", "shop")
        .start();
  }
}
