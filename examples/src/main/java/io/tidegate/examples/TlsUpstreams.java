package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import java.nio.file.Path;

/** Servers that are spoken to over TLS, with an authority of one's own. */
public final class TlsUpstreams {
  private TlsUpstreams() {}

  /** Runs it with the files of one directory. */
  public static void main(String[] arguments) {
    Path files = Path.of("/etc/gate");
    start(
        8080,
        files.resolve("internal-ca.pem"),
        files.resolve("gate.pem"),
        files.resolve("gate.key"),
        "https://10.0.0.1:8443",
        "https://10.0.0.2:8443");
  }

  static Proxy start(int port, Path authority, Path own, Path ownKey, String first, String second) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        // region cluster
        .cluster(
            "orders",
            cluster ->
                cluster
                    .endpoint(first)
                    .endpoint(second, endpoint -> endpoint.serverName("second.internal"))
                    .tls(
                        tls ->
                            tls.trusted(authority)
                                .certificate(own, ownKey)
                                .serverName("orders.internal"))
                    .http2())
        // endregion
        .route("/**", "orders")
        .start();
  }
}
