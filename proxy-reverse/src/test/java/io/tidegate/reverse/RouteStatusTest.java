package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.field;
import static io.tidegate.reverse.Routes.host;
import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RouteStatusTest {
  @Test
  void routesAndClustersAreToldInTheOrderOfTheSettings() {
    try (ReverseProxy proxy =
        ReverseProxy.builder()
            .cluster("b", c -> c.endpoint("http://127.0.0.1:1"))
            .cluster("a", c -> c.endpoint("http://127.0.0.1:2"))
            .route("/b/**", "b")
            .route(host("a.example").path("/{x}"), r -> r.to("a"))
            .route(field("X-Secret", "s3cret"), r -> r.split("a", 1).split("b", 9))
            .route(path("/old"), r -> r.redirect(308, to -> to.path("/new")))
            .tls(t -> {})
            .passthrough("db.example", "a")
            .build()) {
      assertEquals(
          List.of(
              new RouteStatus("/b/**", "*", "/b/**", "", List.of("b")),
              new RouteStatus("a.example/{x}", "a.example", "/{x}", "", List.of("a")),
              new RouteStatus(
                  "/** (field x-secret)", "*", "/**", "field x-secret", List.of("a", "b")),
              new RouteStatus("/old", "*", "/old", "", List.of()),
              new RouteStatus("db.example", "db.example", "", "", List.of("a"))),
          proxy.routes());
      assertEquals(List.of("b", "a"), proxy.clusters().stream().map(ClusterControl::name).toList());
      assertEquals(
          List.of("http://127.0.0.1:2"),
          proxy.clusters().get(1).endpoints().stream().map(e -> e.endpoint()).toList());
    }
  }
}
