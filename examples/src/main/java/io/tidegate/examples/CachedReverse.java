package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import java.time.Duration;

/** A server behind a cache: what it says may be used again, it is not asked for again. */
public final class CachedReverse {
  private CachedReverse() {}

  /** Runs it in front of one server. */
  public static void main(String[] arguments) {
    start(8080, "http://127.0.0.1:9001");
  }

  static Proxy start(int port, String server) {
    // region rules
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        .cluster("shop", cluster -> cluster.endpoint(server))
        .route("/**", "shop")
        .cache(
            rules ->
                rules
                    .maxBytes(256L << 20)
                    .ignoreParameters("utm_source", "utm_campaign")
                    .staleWhileRevalidate(Duration.ofSeconds(10))
                    .staleIfError(Duration.ofHours(1))
                    .noSetCookie())
        .start();
    // endregion
  }
}
