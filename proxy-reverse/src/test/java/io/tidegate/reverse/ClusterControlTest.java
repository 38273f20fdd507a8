package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.figures.ClusterFigures.EndpointFigures;
import io.tidegate.core.testkit.Eventually;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.reverse.cluster.EndpointStatus;
import io.tidegate.reverse.health.EndpointState;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Endpoints that come and go while the proxy serves requests. */
class ClusterControlTest {
  @RegisterExtension private final Opened opened = new Opened();

  private OriginServer origin(String answer) throws IOException {
    return opened.push(OriginServer.start().respond(ok(answer)));
  }

  private static String uri(OriginServer origin) {
    return "http://" + origin.authority();
  }

  private ReverseProxy start(Consumer<ClusterBuilder> cluster) {
    return opened.push(
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .cluster("app", cluster)
            .route("/**", "app")
            .start());
  }

  private static String ask(ReverseProxy proxy) throws IOException {
    return RawClient.ask(proxy.address().getPort(), get("/", "a")).text();
  }

  @Test
  void anEndpointIsReplacedByAnother() throws Exception {
    OriginServer old = origin("old");
    OriginServer fresh = origin("fresh");
    ReverseProxy proxy = start(cluster -> cluster.endpoint(uri(old)));
    assertEquals("old", ask(proxy));
    proxy.cluster("app").add(uri(fresh), endpoint -> endpoint.weight(7));
    proxy.cluster("app").remove(uri(old)).toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertEquals("fresh", ask(proxy));
    assertEquals(
        List.of(new EndpointStatus(uri(fresh), 7, EndpointState.HEALTHY, "", 0)),
        proxy.cluster("app").endpoints());
  }

  @Test
  void aDrainingEndpointFinishesTheRequestUnderWay() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    OriginServer old = origin("old");
    old.onRequest(
        c -> {
          answer.await();
          c.send(ok("old"));
        });
    OriginServer other = origin("other");
    ReverseProxy proxy =
        start(c -> c.endpoint(uri(old)).endpoint(uri(other)).loadBalancer((among, random) -> 0));
    ClusterControl control = proxy.cluster("app");
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(get("/", "a"));
      old.awaitHeads(1);
      CompletableFuture<Void> idle = control.drain(uri(old)).toCompletableFuture();
      assertEquals("other", ask(proxy));
      assertEquals(
          new EndpointStatus(uri(old), 1, EndpointState.DRAINING, "", 1),
          control.endpoints().get(0));
      assertFalse(idle.isDone());
      answer.countDown();
      assertEquals("old", client.readResponse().text());
      idle.get(10, TimeUnit.SECONDS);
    }
    assertEquals("other", ask(proxy));
    control.resume(uri(old));
    assertEquals("old", ask(proxy));
  }

  @Test
  void whereNoEndpointIsLeftThereIsNone() throws Exception {
    OriginServer origin = origin("x");
    ReverseProxy proxy = start(cluster -> cluster.endpoint(uri(origin)));
    proxy.cluster("app").removeNow(uri(origin));
    assertEquals(503, RawClient.ask(proxy.address().getPort(), get("/", "a")).status());
  }

  @Test
  void aSourceTellsEndpointsUntilTheProxyStops() throws Exception {
    OriginServer first = origin("first");
    OriginServer second = origin("second");
    LinkedBlockingQueue<Consumer<List<EndpointSettings>>> started = new LinkedBlockingQueue<>();
    CountDownLatch ended = new CountDownLatch(1);
    ReverseProxy proxy =
        start(
            cluster ->
                cluster.endpointSource(
                    told -> {
                      started.add(told);
                      return ended::countDown;
                    }));
    Consumer<List<EndpointSettings>> told = started.poll(10, TimeUnit.SECONDS);
    told.accept(List.of(new EndpointSettings(uri(first), 1)));
    assertEquals("first", ask(proxy));
    told.accept(List.of(new EndpointSettings(uri(second), 1)));
    assertEquals("second", ask(proxy));
    proxy.close();
    assertEquals(true, ended.await(10, TimeUnit.SECONDS));
  }

  @Test
  void everyAddressOfANameIsAnEndpoint() throws Exception {
    OriginServer origin = origin("x");
    ReverseProxy proxy =
        start(
            cluster ->
                cluster.endpoint(
                    "http://localhost:" + origin.port(), EndpointBuilder::everyAddress));
    assertEquals("x", ask(proxy));
    ClusterControl control = proxy.cluster("app");
    Eventually.holds(() -> control.endpoints().get(0).endpoint().endsWith(" at 127.0.0.1"));
    assertEquals("x", ask(proxy));
    assertEquals("a", origin.lastRequest().field("Host"));
  }

  @Test
  void whatIsUnknownIsSaid() throws Exception {
    ReverseProxy proxy = start(cluster -> cluster.endpoint("http://a"));
    ClusterControl control = proxy.cluster("app");
    assertEquals(
        "cluster: other (expected: one of app)",
        assertThrows(IllegalArgumentException.class, () -> proxy.cluster("other")).getMessage());
    assertEquals(
        "endpoint: http://b:80 (expected: one of cluster app)",
        assertThrows(IllegalArgumentException.class, () -> control.drain("http://b")).getMessage());
    assertEquals(
        "endpoint: b (expected: http://host, https://host or with a port; no path, query or user)",
        assertThrows(IllegalArgumentException.class, () -> control.remove("b")).getMessage());
    assertThrows(IllegalArgumentException.class, () -> control.add("http://b/path"));
    assertEquals("app", control.name());
  }

  @Test
  void theFiguresOfAProxyTellOfItsEndpoints() throws Exception {
    OriginServer origin = origin("1");
    CountDownLatch release = new CountDownLatch(1);
    OriginServer slow =
        OriginServer.start()
            .onRequest(
                c -> {
                  release.await();
                  c.send(ok("2"));
                });
    opened.push(slow);
    ReverseProxy proxy = start(c -> c.endpoint(uri(origin)).endpoint(uri(slow), e -> e.weight(3)));
    proxy.cluster("app").drain(uri(origin));
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(get("/", "a"));
      slow.awaitHeads(1);
      assertEquals(
          List.of(
              new ClusterFigures(
                  "app",
                  0,
                  List.of(
                      new EndpointFigures(uri(origin), 1, "draining", "", 0),
                      new EndpointFigures(uri(slow), 3, "healthy", "", 1)))),
          proxy.figures().clusters());
      release.countDown();
      client.readResponse();
    }
  }
}
