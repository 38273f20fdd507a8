package io.tidegate.examples;

import static io.tidegate.reverse.Routes.path;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.LoadBalancers;
import io.tidegate.reverse.ReverseProxy;
import java.time.Duration;

/** The way into an application that is to stay up: what most gateways in production say. */
public final class Gateway {
  private Gateway() {}

  /** Runs it in front of two servers, with a third one for when both are gone. */
  public static void main(String[] arguments) {
    start(8080, "http://127.0.0.1:9001", "http://127.0.0.1:9002", "http://127.0.0.1:9003");
  }

  static Proxy start(int port, String first, String second, String spare) {
    // region gateway
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        .cluster(
            "shop",
            cluster ->
                cluster
                    .endpoint(first)
                    .endpoint(second)
                    .loadBalancer(LoadBalancers.leastLoad())
                    .health(health -> health.check("/healthz"))
                    .retryBudget(20, 10))
        .cluster("sorry", cluster -> cluster.endpoint(spare))
        .route(
            path("/**"),
            route ->
                route
                    .to("shop")
                    .compression(c -> {})
                    .resilience(
                        r ->
                            r.responseTimeout(Duration.ofSeconds(10))
                                .attempts(2)
                                .hedge(95)
                                .fallback("sorry")))
        .protect(
            p ->
                p.filters(f -> f.pathTraversal().controlOctets())
                    .rateLimit("all", 50, Duration.ofSeconds(1), limit -> limit.perClient())
                    .securityFields(f -> f.usual()))
        .hideServerSoftware()
        .start();
    // endregion
  }
}
