package io.tidegate.examples;

import static io.tidegate.reverse.Routes.path;

import io.tidegate.core.ListenerBuilder;
import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import java.nio.file.Path;
import java.time.Duration;

/** The way in to services that speak gRPC, which is HTTP/2 from end to end. */
public final class GrpcGateway {
  private GrpcGateway() {}

  /** Runs it in front of a service that speaks HTTP/2 without TLS. */
  public static void main(String[] arguments) {
    start(443, 8080, Path.of("/etc/gate/example.com.pem"), "http://127.0.0.1:50051");
  }

  static Proxy start(int port, int inside, Path pem, String service) {
    return ReverseProxy.builder()
        // region clients
        .listen(port)
        .tls(tls -> tls.certificate(pem)) // clients choose HTTP/2 in the handshake
        .alsoListen("127.0.0.1", inside, ListenerBuilder::http2WithoutTls)
        .http2(http2 -> http2.maxConcurrentStreams(64)) // or http2.off()
        // endregion
        // region upstreams
        .cluster("orders", cluster -> cluster.endpoint(service).http2Only())
        .route(
            path("/shop.Orders/**"),
            route ->
                route
                    .to("orders")
                    .resilience(r -> r.responseTimeout(Duration.ofMinutes(5)))) // of long calls
        // endregion
        .start();
  }
}
