package io.tidegate.examples;

import static io.tidegate.reverse.Routes.path;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import java.time.Duration;

/** A reverse proxy that keeps some clients and requests from its endpoints, and counts the rest. */
public final class ProtectedRoutes {
  private ProtectedRoutes() {}

  /** Runs it in front of a server. */
  public static void main(String[] arguments) {
    start(8080, "http://127.0.0.1:9001");
  }

  static Proxy start(int port, String server) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        .cluster("api", cluster -> cluster.endpoint(server))
        // region protect
        .protect(p -> p.denyClients("192.0.2.0/24").filters(f -> f.pathTraversal().debugMethods()))
        .route(
            path("/api/**"),
            route ->
                route
                    .to("api")
                    .protect(
                        p ->
                            p.allowMethods("GET", "POST")
                                .maxBodyBytes(1 << 20)
                                .rateLimit(
                                    "api", 100, Duration.ofMinutes(1), limit -> limit.perClient())
                                .cors(cors -> cors.origins("https://app.example").credentials())))
        // endregion
        .start();
  }
}
