package io.tidegate.examples;

import static io.tidegate.reverse.Routes.host;
import static io.tidegate.reverse.Routes.path;

import io.tidegate.core.Proxy;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.reverse.LoadBalancers;
import io.tidegate.reverse.ReverseProxy;

/** A reverse proxy that gives each request to the cluster its host and path belong to. */
public final class RoutesAndPrefixes {
  private RoutesAndPrefixes() {}

  /** Runs it in front of three servers. */
  public static void main(String[] arguments) {
    start(8080, "http://127.0.0.1:9001", "http://127.0.0.1:9002", "http://127.0.0.1:9003");
  }

  static Proxy start(int port, String shop, String bigShop, String images) {
    // region routes
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        .cluster(
            "shop",
            cluster ->
                cluster
                    .endpoint(shop)
                    .endpoint(bigShop, endpoint -> endpoint.weight(3))
                    .loadBalancer(LoadBalancers.leastRequests()))
        .cluster("images", cluster -> cluster.endpoint(images))
        .route("/**", "shop")
        .route(path("/shop/img/**"), route -> route.to("images").stripPrefix("/shop"))
        .route(
            host("img.example.com"),
            route -> route.to("images").addPrefix("/img").responseField("X-Robots-Tag", "noindex"))
        .forwarded(ForwardedMode.BOTH)
        .trustedClients("10.0.0.0/8") // the load balancer in front of us
        .start();
    // endregion
  }
}
