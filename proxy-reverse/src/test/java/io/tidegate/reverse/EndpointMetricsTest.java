package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.reverse.cluster.ClusterEvent;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endpoints have meters as long as they belong to a cluster. */
class EndpointMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BlockingQueue<ProxyEvent> events = new LinkedBlockingQueue<>();
  private OriginServer origin;
  private ReverseProxy proxy;

  @BeforeEach
  void start() throws Exception {
    origin = OriginServer.start();
    proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .cluster("app", c -> c.endpoint(uri()))
            .route("/app/**", "app")
            .metrics(registry)
            .eventListener(this::happened)
            .start();
  }

  private void happened(ProxyEvent event) {
    if (event instanceof ClusterEvent) {
      events.add(event);
    }
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  private String uri() {
    return "http://" + origin.authority();
  }

  private Set<String> tags(String meter, String tag) {
    return registry.find(meter).meters().stream()
        .map(Meter::getId)
        .map(id -> id.getTag(tag))
        .collect(Collectors.toSet());
  }

  private double state(String state) {
    return registry
        .get("tidegate.endpoint.state")
        .tags("cluster", "app", "endpoint", uri(), "state", state)
        .gauge()
        .value();
  }

  private ReverseProxy.Builder another() {
    return ReverseProxy.builder().listen("127.0.0.1", 0).ioThreads(1).metrics(registry);
  }

  @Test
  void aProxyThatCannotBeToldFromAnotherIsNotMeasured() {
    int meters = registry.getMeters().size();
    try (ReverseProxy second =
        another().cluster("other", c -> c.endpoint(uri())).route("/**", "other").start()) {
      assertEquals(meters, registry.getMeters().size(), second::toString);
      assertEquals(Set.of("app"), tags("tidegate.endpoint.state", "cluster"));
    }
    assertEquals(meters, registry.getMeters().size(), "those of the first");
  }

  @Test
  void eachProxyOfOneBuilderIsMeasuredWhileItIsTheOnlyOne() {
    proxy.close();
    ReverseProxy.Builder builder =
        another().cluster("other", c -> c.endpoint(uri())).route("/**", "other");
    for (int i = 0; i < 2; i++) {
      try (ReverseProxy one = builder.start()) {
        assertEquals(Set.of("other"), tags("tidegate.endpoint.state", "cluster"), one::toString);
      }
      assertEquals(0, registry.getMeters().size());
    }
  }

  @Test
  void requestsAreTimedByRouteClusterAndEndpoint() throws Exception {
    origin.respond(ok("1"));
    RawClient.ask(proxy.address().getPort(), get("/app/1", "a"));
    assertEquals(Set.of("/app/**"), tags("http.server.request.duration", "http.route"));
    assertEquals(Set.of("app"), tags("http.client.request.duration", "cluster"));
    assertEquals(Set.of(uri()), tags("http.client.request.duration", "endpoint"));
    assertEquals(Set.of("app"), tags("tidegate.cluster.waiting", "cluster"));
    assertEquals(Set.of(uri()), tags("tidegate.endpoint.active", "endpoint"));
    assertEquals(1, state("healthy"));
    assertEquals(0, state("draining"));
  }

  @Test
  void anEndpointThatLeavesTakesItsMetersAlong() throws Exception {
    origin.respond(ok("1"));
    RawClient.ask(proxy.address().getPort(), get("/app/1", "a"));
    proxy.cluster("app").add("http://127.0.0.1:9");
    assertEquals("endpoint-added", events.take().name());
    assertEquals(Set.of(uri(), "http://127.0.0.1:9"), tags("tidegate.endpoint.state", "endpoint"));
    proxy.cluster("app").removeNow(uri());
    while (!events.take().name().equals("endpoint-removed")) {}
    assertEquals(Set.of("http://127.0.0.1:9"), tags("tidegate.endpoint.state", "endpoint"));
    assertEquals(Set.of("http://127.0.0.1:9"), tags("tidegate.endpoint.active", "endpoint"));
    assertEquals(Set.of(), tags("http.client.request.duration", "endpoint"));
  }

  @Test
  void onlyAHundredEndpointsOfAClusterHaveMetersOfTheirOwn() throws Exception {
    for (int port = 1; port <= 200; port++) {
      proxy.cluster("app").add("http://127.0.0.1:" + port);
    }
    for (int i = 0; i < 200; i++) {
      events.take();
    }
    assertEquals(100, tags("tidegate.endpoint.active", "endpoint").size());
  }
}
