package io.tidegate.forward;

import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.ProxyWireSuite;
import io.tidegate.core.testkit.WireSuites;
import java.util.function.Consumer;

/** What both directions do alike, through a forward proxy. */
class ForwardWireTest extends WireSuites {
  private static final ProxyWireSuite.Side SIDE =
      new ProxyWireSuite.Side() {
        @Override
        public Proxy start(OriginServer origin, Consumer<ProxyBuilder<?>> more) {
          ForwardProxy.Builder builder =
              ForwardProxy.builder().listen("127.0.0.1", 0).ioThreads(1).allowPrivateDestinations();
          more.accept(builder);
          return builder.start();
        }

        @Override
        public String target(OriginServer origin, String path) {
          return "http://" + origin.authority() + path;
        }
      };

  ForwardWireTest() {
    super(SIDE);
  }
}
