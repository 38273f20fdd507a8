package io.tidegate.examples;

import io.tidegate.reverse.Explanation;
import io.tidegate.reverse.RequestDescription;
import io.tidegate.reverse.ReverseProxy;
import java.util.concurrent.CompletionStage;

/** What would become of a request, without making it: routes can be tried before they are used. */
public final class Explaining {
  private Explaining() {}

  /** Explains what a proxy in front of one server would do. */
  public static void main(String[] arguments) {
    try (ReverseProxy proxy = build("http://127.0.0.1:9001")) {
      System.out.println(explain(proxy).toCompletableFuture().join());
    }
  }

  static ReverseProxy build(String server) {
    return ReverseProxy.builder()
        .cluster("app", cluster -> cluster.endpoint(server))
        .route("/api/**", "app")
        .build();
  }

  static CompletionStage<Explanation> explain(ReverseProxy proxy) {
    // region explain
    return proxy.explain(
        RequestDescription.get("https://shop.example/api/7")
            .field("Cookie", "beta=1")
            .client("192.0.2.7"));
    // endregion
  }
}
