package io.tidegate.examples;

import static io.tidegate.reverse.Routes.host;

import io.tidegate.core.HttpCache;
import io.tidegate.core.Proxy;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.reverse.ReverseProxy;

/** A way in and a way out that share one cache: what came either way answers both. */
public final class SharedCache implements AutoCloseable {
  final HttpCache cache;
  final Proxy gateway;
  final Proxy egress;

  private SharedCache(int in, int out, String name, String server) {
    // region shared
    cache = HttpCache.inMemory(512L << 20);
    gateway =
        ReverseProxy.builder()
            .listen("127.0.0.1", in)
            .cluster("shop", cluster -> cluster.endpoint(server))
            .route(host(name), route -> route.to("shop")) // no name that is not ours
            .cache(cache)
            .start();
    egress =
        ForwardProxy.builder()
            .listen(out)
            .allowAddresses("127.0.0.1") // the gateway is one of the places to go to
            .cache(cache)
            .start();
    // endregion
  }

  /** Runs both. */
  public static void main(String[] arguments) {
    start(8080, 3128, "shop.example.com", "http://127.0.0.1:9001");
  }

  static SharedCache start(int in, int out, String name, String server) {
    return new SharedCache(in, out, name, server);
  }

  @Override
  public void close() {
    gateway.close();
    egress.close();
    cache.close();
  }
}
