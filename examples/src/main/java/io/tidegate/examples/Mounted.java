package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import java.net.InetSocketAddress;

/** An application that answers some paths itself and passes the others on to a server. */
public final class Mounted implements AutoCloseable {
  private final Proxy proxy;
  private final Undertow undertow;

  private Mounted(Proxy proxy, Undertow undertow) {
    this.proxy = proxy;
    this.undertow = undertow;
  }

  /** Runs it in front of one server. */
  public static void main(String[] arguments) {
    start(8080, "http://127.0.0.1:9001");
  }

  static Mounted start(int port, String server) {
    // region mount
    Proxy proxy =
        ReverseProxy.builder()
            .cluster("api", cluster -> cluster.endpoint(server))
            .route("/api/**", "api") // sees the whole path, /api included
            .build();
    HttpHandler hello = exchange -> exchange.getResponseSender().send("hello\n");
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(port, "127.0.0.1")
            .setHandler(
                Handlers.path().addExactPath("/", hello).addPrefixPath("/api", proxy.handler()))
            .build();
    undertow.start();
    // endregion
    return new Mounted(proxy, undertow);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
  }

  @Override
  public void close() {
    // region stop
    proxy.close(); // its upstream connections and its threads for name look-ups
    undertow.stop();
    // endregion
  }
}
