package io.tidegate.reverse;

import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.ProxyWireSuite;
import io.tidegate.core.testkit.WireSuites;
import java.util.function.Consumer;

/** What both directions do alike, through a reverse proxy. */
class ReverseWireTest extends WireSuites {
  private static final ProxyWireSuite.Side SIDE =
      new ProxyWireSuite.Side() {
        @Override
        public Proxy start(OriginServer origin, Consumer<ProxyBuilder<?>> more) {
          ReverseProxy.Builder builder =
              ReverseProxy.builder()
                  .listen("127.0.0.1", 0)
                  .ioThreads(1)
                  .cluster("origin", cluster -> cluster.endpoint("http://" + origin.authority()))
                  .route("/**", "origin");
          more.accept(builder);
          return builder.start();
        }

        @Override
        public String target(OriginServer origin, String path) {
          return path;
        }
      };

  ReverseWireTest() {
    super(SIDE);
  }
}
