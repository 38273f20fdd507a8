package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ProxyProtocolVersion;
import io.tidegate.reverse.ReverseProxy;

/** Behind a balancer of connections, which tells whose they are; and its servers are told too. */
public final class BehindABalancer {
  private BehindABalancer() {}

  /** Runs it for the balancers of one network. */
  public static void main(String[] arguments) {
    start(8080, "10.0.0.0/24", "http://10.0.1.1:8080");
  }

  static Proxy start(int port, String balancers, String server) {
    return ReverseProxy.builder()
        // region clients
        .listen(port)
        .proxyProtocol(told -> told.from(balancers))
        // endregion
        // region upstreams
        .cluster("mail", cluster -> cluster.endpoint(server).proxyProtocol(ProxyProtocolVersion.V2))
        // endregion
        .route("/**", "mail")
        .start();
  }
}
