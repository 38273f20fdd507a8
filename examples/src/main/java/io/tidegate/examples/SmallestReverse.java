package io.tidegate.examples;

// region program
import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;

/** One address in front of two servers, which share its requests. */
public class SmallestReverse {
  public static void main(String[] arguments) {
    start(8080, "http://127.0.0.1:9001", "http://127.0.0.1:9002");
  }

  static Proxy start(int port, String first, String second) {
    return ReverseProxy.builder()
        .listen(port)
        .cluster("shop", cluster -> cluster.endpoint(first).endpoint(second))
        .route("/**", "shop")
        .start();
  }
}
// endregion
