package io.tidegate.examples;

import static io.tidegate.forward.Requests.fromClient;

import io.tidegate.core.Proxy;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.reverse.ReverseProxy;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.util.Methods;
import java.net.InetSocketAddress;

/** One address for both directions: the way in to a server, and the way out for some clients. */
public final class OnePort implements AutoCloseable {
  private final Proxy gateway;
  private final Proxy egress;
  private final Undertow undertow;

  OnePort(String host, int port, String server, String inside, String reachable) {
    // region port
    gateway =
        ReverseProxy.builder()
            .cluster("app", cluster -> cluster.endpoint(server))
            .route("/**", "app")
            .build();
    egress =
        ForwardProxy.builder()
            .allow(fromClient(inside)) // who comes from elsewhere has no way out
            .allowAddresses(reachable)
            .anyConnectPort()
            .build();
    HttpHandler in = gateway.handler();
    HttpHandler out = egress.handler();
    HttpHandler both =
        exchange -> {
          boolean connect = exchange.getRequestMethod().equals(Methods.CONNECT);
          boolean leaves = connect || exchange.isHostIncludedInRequestURI();
          (leaves ? out : in).handleRequest(exchange);
        };
    undertow = Undertow.builder().addHttpListener(port, host).setHandler(both).build();
    undertow.start();
    // endregion
  }

  /** Runs it on all addresses; the own network may leave. */
  public static void main(String[] arguments) {
    new OnePort("0.0.0.0", 8080, "http://127.0.0.1:9001", "10.0.0.0/8", "10.0.0.0/8");
  }

  InetSocketAddress address() {
    return (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
  }

  @Override
  public void close() {
    gateway.close();
    egress.close();
    undertow.stop();
  }
}
