package com.example.shop;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;

/** An application with a reverse proxy in it. */
public final class Shop {
  private Shop() {}

  static Proxy gateway(String server) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", 0)
        .cluster("shop", cluster -> cluster.endpoint(server))
        .route("/**", "shop")
        .cache(rules -> {})
        .start();
  }
}
