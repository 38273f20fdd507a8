package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.testkit.Eventually;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.reverse.cluster.ClusterEvent;
import io.tidegate.reverse.cluster.ClusterEvent.Kind;
import io.tidegate.reverse.cluster.EndpointStatus;
import io.tidegate.reverse.health.EndpointState;
import io.tidegate.reverse.protect.ProtectionBuilder;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of clusters, routes and their state when settings are reloaded. */
class ReverseReloadTest {
  private static final Duration SOON = Duration.ofMillis(50);

  @RegisterExtension private final Opened opened = new Opened();
  private final BlockingQueue<ClusterEvent> events = new LinkedBlockingQueue<>();

  private OriginServer origin(String answer) throws IOException {
    return opened.push(OriginServer.start().respond(ok(answer)));
  }

  private static String uri(OriginServer origin) {
    return "http://" + origin.authority();
  }

  private static ReverseProxy.Builder builder(Consumer<ReverseProxy.Builder> details) {
    ReverseProxy.Builder builder = ReverseProxy.builder().listen("127.0.0.1", 0).ioThreads(1);
    details.accept(builder);
    return builder;
  }

  private ReverseProxy start(Consumer<ReverseProxy.Builder> details) {
    return opened.push(builder(details).clusterListener(events::add).start());
  }

  private static void reload(ReverseProxy proxy, Consumer<ReverseProxy.Builder> details) {
    proxy.reload(builder(details).settings());
  }

  /** A cluster {@code app} for all requests. */
  private static Consumer<ReverseProxy.Builder> app(Consumer<ClusterBuilder> cluster) {
    return p -> p.cluster("app", cluster).route("/**", "app");
  }

  private static RawResponse response(ReverseProxy proxy, String path) throws IOException {
    return RawClient.ask(proxy.address().getPort(), get(path, "a"));
  }

  private static String ask(ReverseProxy proxy) throws IOException {
    return response(proxy, "/").text();
  }

  private static EndpointStatus endpoint(ReverseProxy proxy, int index) {
    return proxy.cluster("app").endpoints().get(index);
  }

  private static List<String> endpoints(ReverseProxy proxy) {
    return proxy.cluster("app").endpoints().stream().map(EndpointStatus::endpoint).toList();
  }

  private ClusterEvent event(Kind kind) throws InterruptedException {
    ClusterEvent event = events.poll(20, TimeUnit.SECONDS);
    assertNotNull(event, () -> "no " + kind);
    assertEquals(kind, event.kind(), event::toString);
    return event;
  }

  // Routes and what is told

  @Test
  void routesAndClustersComeAndGo() throws Exception {
    OriginServer one = origin("one");
    OriginServer two = origin("two");
    ReverseProxy proxy = start(app(c -> c.endpoint(uri(one))));
    ClusterControl app = proxy.cluster("app");
    assertEquals("one", ask(proxy));
    reload(proxy, p -> p.cluster("other", c -> c.endpoint(uri(two))).route("/x/**", "other"));
    assertEquals("two", response(proxy, "/x/y").text());
    assertEquals(404, response(proxy, "/").status());
    assertEquals(List.of("/x/**"), proxy.routes().stream().map(RouteStatus::name).toList());
    assertEquals(List.of("other"), proxy.clusters().stream().map(ClusterControl::name).toList());
    assertEquals("other", proxy.settings().clusters().get(0).name());
    assertEquals(List.of(), app.endpoints());
    String gone = assertThrows(IllegalStateException.class, () -> app.add(uri(two))).getMessage();
    assertEquals("there is no cluster app any more", gone);
    reload(proxy, app(c -> c.endpoint(uri(two))));
    assertEquals(uri(two), app.endpoints().get(0).endpoint());
    assertEquals("two", ask(proxy));
  }

  @Test
  void wrongSettingsChangeNothing() throws Exception {
    OriginServer one = origin("one");
    OriginServer two = origin("two");
    ReverseProxy proxy = start(app(c -> c.endpoint(uri(one))));
    ReverseProxySettings before = proxy.settings();
    InvalidSettingsException thrown =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                reload(
                    proxy,
                    app(c ->
                            c.endpoint(uri(two))
                                .tls(t -> t.trusted(Path.of("/does/not/exist.pem"))))
                        .andThen(p -> p.cluster("new", c -> c.endpoint(uri(two))))));
    assertEquals(1, thrown.problems().size(), thrown::getMessage);
    assertTrue(
        thrown
            .getMessage()
            .startsWith("clusters[0].transport.tls.trusted[0]: /does/not/exist.pem: "),
        thrown::getMessage);
    assertEquals(before, proxy.settings());
    assertEquals("one", ask(proxy));
    assertEquals(List.of(uri(one)), endpoints(proxy));
    assertNull(events.poll());
    assertThrows(IllegalArgumentException.class, () -> proxy.cluster("new"));
  }

  @Test
  void aProxyThatHasNotStartedIsReloadedToo() throws Exception {
    OriginServer two = origin("two");
    ReverseProxy proxy = opened.push(builder(app(c -> c.endpoint("http://127.0.0.1:1"))).build());
    reload(proxy, app(c -> c.endpoint(uri(two))));
    proxy.start();
    assertEquals("two", ask(proxy));
  }

  @Test
  void proxiesOfOneBuilderHaveClustersOfTheirOwn() throws Exception {
    OriginServer one = origin("one");
    ReverseProxy.Builder builder = builder(app(c -> c.endpoint(uri(one))));
    ReverseProxy first = builder.build();
    ReverseProxy second = builder.build();
    opened.push(first);
    opened.push(second);
    first.cluster("app").drain(uri(one));
    reload(first, app(c -> c.endpoint(uri(one))));
    assertEquals(EndpointState.DRAINING, endpoint(first, 0).state());
    assertEquals(EndpointState.HEALTHY, endpoint(second, 0).state());
  }

  // Endpoints

  @Test
  void anEndpointThatIsDownStaysDown() throws Exception {
    OriginServer one = origin("one");
    one.respond("HTTP/1.1 503 Ill\r\nContent-Length: 0\r\n\r\n");
    Consumer<ClusterBuilder> probed =
        c ->
            c.endpoint(uri(one))
                .health(h -> h.panicBelow(0).check("/up", check -> check.interval(SOON).fall(1)));
    ReverseProxy proxy = start(app(probed));
    event(Kind.DOWN);
    reload(proxy, app(probed).andThen(p -> p.route("/new", "app")));
    assertEquals(EndpointState.DOWN, endpoint(proxy, 0).state());
    assertEquals(503, response(proxy, "/new").status());
    reload(proxy, app(c -> c.endpoint(uri(one), e -> e.weight(3)).health(h -> h.panicBelow(0))));
    assertEquals(Kind.UP, event(Kind.UP).kind()); // nobody would find out any more
    assertEquals(new EndpointStatus(uri(one), 3, EndpointState.HEALTHY, "", 0), endpoint(proxy, 0));
  }

  @Test
  void aDrainGoesOnAndCanBeEnded() throws Exception {
    OriginServer one = origin("one");
    OriginServer two = origin("two");
    Consumer<ReverseProxy.Builder> both = app(c -> c.endpoint(uri(one)).endpoint(uri(two)));
    ReverseProxy proxy = start(both);
    ClusterControl control = proxy.cluster("app");
    control.drain(uri(one));
    reload(proxy, both.andThen(p -> p.route("/new", "app")));
    assertEquals(EndpointState.DRAINING, endpoint(proxy, 0).state());
    for (int i = 0; i < 8; i++) {
      assertEquals("two", response(proxy, "/new").text());
    }
    control.resume(uri(one));
    assertEquals(EndpointState.HEALTHY, endpoint(proxy, 0).state());
  }

  @Test
  void anEndpointThatIsGoneFinishesItsRequest() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    OriginServer old = origin("old");
    old.onRequest(
        c -> {
          answer.await();
          c.send(ok("old"));
        });
    OriginServer fresh = origin("fresh");
    ReverseProxy proxy = start(app(c -> c.endpoint(uri(old))));
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(get("/", "a"));
      old.awaitHeads(1);
      reload(proxy, app(c -> c.endpoint(uri(fresh))));
      assertEquals("fresh", ask(proxy));
      assertEquals(
          List.of(
              new EndpointStatus(uri(fresh), 1, EndpointState.HEALTHY, "", 0),
              new EndpointStatus(uri(old), 1, EndpointState.DRAINING, "", 1)),
          proxy.cluster("app").endpoints());
      answer.countDown();
      assertEquals("old", client.readResponse().text());
    }
    event(Kind.ADDED);
    event(Kind.DRAINING);
    event(Kind.DRAINED);
    event(Kind.REMOVED);
    assertEquals(List.of(uri(fresh)), endpoints(proxy));
  }

  @Test
  void whatTheApplicationHasChangedStaysUnlessTheSettingsSayOtherwise() throws Exception {
    String one = "http://127.0.0.1:1";
    String two = "http://127.0.0.1:2";
    String three = "http://127.0.0.1:3";
    Consumer<ClusterBuilder> said = c -> c.endpoint(one).endpoint(two);
    ReverseProxy proxy = start(app(said));
    proxy.cluster("app").removeNow(one);
    proxy.cluster("app").add(two, e -> e.weight(9));
    proxy.cluster("app").add(three);
    reload(proxy, app(said).andThen(p -> p.route("/new", "app")));
    assertEquals(List.of(two, three), endpoints(proxy));
    assertEquals(9, endpoint(proxy, 0).weight());
    reload(proxy, app(c -> c.endpoint(one, e -> e.weight(4)).endpoint(two, e -> e.weight(5))));
    assertEquals(
        List.of(one + " 4", two + " 5", three + " 1"),
        proxy.cluster("app").endpoints().stream()
            .map(e -> e.endpoint() + " " + e.weight())
            .sorted()
            .toList());
  }

  @Test
  void aNameBecomesItsAddressesAndOneEndpointAgain() throws Exception {
    OriginServer one = origin("one");
    String named = "http://localhost:" + one.port();
    Consumer<ReverseProxy.Builder> plain = app(c -> c.endpoint(named));
    ReverseProxy proxy = start(plain);
    reload(proxy, app(c -> c.endpoint(named, e -> e.everyAddress(Duration.ofHours(1)))));
    assertTrue(event(Kind.ADDED).endpoint().startsWith(named + " at "));
    assertEquals("one", ask(proxy));
    reload(proxy, plain);
    assertEquals("one", ask(proxy));
    assertEquals(List.of(named), endpoints(proxy));
  }

  @Test
  void aSourceGoesOnTellingEndpoints() throws Exception {
    OriginServer one = origin("one");
    OriginServer two = origin("two");
    LinkedBlockingQueue<Consumer<List<EndpointSettings>>> started = new LinkedBlockingQueue<>();
    AtomicInteger ended = new AtomicInteger();
    EndpointSource source =
        told -> {
          started.add(told);
          return ended::incrementAndGet;
        };
    ReverseProxy proxy = start(app(c -> c.endpointSource(source)));
    Consumer<List<EndpointSettings>> told = started.poll(10, TimeUnit.SECONDS);
    assertNotNull(told);
    told.accept(List.of(new EndpointSettings(uri(one), 1)));
    assertEquals("one", ask(proxy));
    reload(proxy, app(c -> c.mayBeEmpty().balance(b -> b.maxActiveRequests(7))));
    assertEquals("one", ask(proxy));
    told.accept(List.of(new EndpointSettings(uri(two), 1)));
    assertEquals("two", ask(proxy));
    assertEquals(0, started.size());
    assertEquals(0, ended.get());
    reload(proxy, p -> {});
    reload(proxy, app(ClusterBuilder::mayBeEmpty));
    Consumer<List<EndpointSettings>> again = started.poll(10, TimeUnit.SECONDS);
    assertNotNull(again);
    assertEquals(1, ended.get());
    again.accept(List.of(new EndpointSettings(uri(one), 1)));
    assertEquals("one", ask(proxy));
  }

  // Connections and state

  @Test
  void connectionsToEndpointsAreUsedOn() throws Exception {
    OriginServer one = origin("one");
    ReverseProxy proxy = start(app(c -> c.endpoint(uri(one))));
    assertEquals("one", ask(proxy));
    reload(
        proxy,
        app(c -> c.endpoint(uri(one), e -> e.weight(2)).loadBalancer("round-robin"))
            .andThen(p -> p.route("/new", "app")));
    assertEquals("one", response(proxy, "/new").text());
    assertEquals(1, one.connections());
  }

  @Test
  void requestsUnderWayCountWhereALimitIsNew() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    OriginServer one = origin("one");
    one.onRequest(
        c -> {
          answer.await();
          c.send(ok("first"));
        },
        c -> c.send(ok("second")));
    ReverseProxy proxy = start(app(c -> c.endpoint(uri(one))));
    Consumer<ReverseProxy.Builder> limited =
        app(c -> c.endpoint(uri(one)).balance(b -> b.maxActiveRequests(1)));
    try (RawClient first = RawClient.connect(proxy.address().getPort());
        RawClient second = RawClient.connect(proxy.address().getPort())) {
      first.send(get("/", "a"));
      one.awaitHeads(1);
      reload(proxy, limited);
      assertEquals(1, endpoint(proxy, 0).activeRequests());
      second.send(get("/", "a"));
      ClusterEvent full = event(Kind.FULL_BEGAN);
      assertEquals("cluster-full-began", full.name());
      assertEquals("each serves 1 at most", full.detail());
      assertEquals(1, one.heads().size());
      answer.countDown();
      assertEquals("first", first.readResponse().text());
      assertEquals("second", second.readResponse().text());
    }
    event(Kind.FULL_ENDED);
  }

  @Test
  void requestsThatWaitGetTheRoomThatNewSettingsGive() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    OriginServer one = origin("one");
    one.onConnection(
        c -> {
          c.readHead();
          answer.await();
          c.send(ok("first"));
        },
        c -> {
          c.readHead();
          c.send(ok("second"));
        });
    Consumer<ClusterBuilder> cluster = c -> c.endpoint(uri(one));
    ReverseProxy proxy = start(app(cluster.andThen(c -> c.balance(b -> b.maxActiveRequests(1)))));
    try (RawClient first = RawClient.connect(proxy.address().getPort());
        RawClient second = RawClient.connect(proxy.address().getPort())) {
      first.send(get("/", "a"));
      one.awaitHeads(1);
      second.send(get("/", "a"));
      event(Kind.FULL_BEGAN);
      reload(proxy, app(cluster));
      assertEquals("second", second.readResponse().text());
      answer.countDown();
      assertEquals("first", first.readResponse().text());
    }
  }

  @Test
  void aRateLimitIsNotRefilled() throws Exception {
    OriginServer one = origin("one");
    Consumer<ProtectionBuilder> twice = p -> p.rateLimit("two", 2, Duration.ofHours(1), l -> {});
    Consumer<ReverseProxy.Builder> limited =
        p ->
            p.cluster("app", c -> c.endpoint(uri(one)))
                .route(path("/**"), r -> r.to("app").protect(twice));
    ReverseProxy proxy = start(limited);
    assertEquals(200, response(proxy, "/").status());
    reload(proxy, limited.andThen(p -> p.route("/new", "app").trustedClients("10.0.0.1")));
    assertEquals(200, response(proxy, "/").status());
    assertEquals(429, response(proxy, "/").status());
    assertEquals(200, response(proxy, "/new").status());
  }

  @Test
  void aClientStaysWithItsEndpoint() throws Exception {
    OriginServer one = origin("one");
    OriginServer two = origin("two");
    Consumer<ClusterBuilder> both =
        c -> c.endpoint(uri(one)).endpoint(uri(two)).balance(b -> b.affinity("node", a -> {}));
    ReverseProxy proxy = start(app(both));
    RawResponse first = response(proxy, "/");
    String cookie = first.field("Set-Cookie");
    String request =
        head("GET / HTTP/1.1", "Host: a", "Cookie: " + cookie.substring(0, cookie.indexOf(';')));
    reload(proxy, app(both.andThen(c -> c.loadBalancer("least-requests"))));
    for (int i = 0; i < 8; i++) {
      RawResponse again = RawClient.ask(proxy.address().getPort(), request);
      assertEquals(first.text(), again.text());
      assertEquals(List.of(), again.all("Set-Cookie"));
    }
  }

  @Test
  void probesOfNewClustersBeginAndThoseOfOldOnesEnd() throws Exception {
    OriginServer old = origin("old");
    OriginServer fresh = origin("fresh");
    Consumer<HealthBuilder> probes = h -> h.check("/up", check -> check.interval(SOON).jitter(0));
    ReverseProxy proxy = start(app(c -> c.endpoint(uri(old)).health(probes)));
    old.awaitHeads(2);
    reload(
        proxy, p -> p.cluster("b", c -> c.endpoint(uri(fresh)).health(probes)).route("/**", "b"));
    fresh.awaitHeads(4);
    int probed = old.heads().size(); // what was under way has come by now
    fresh.awaitHeads(8);
    assertEquals(probed, old.heads().size());
  }

  // Behaviour

  @Test
  void balancersAndFiltersOfOnesOwnStayAndComeBack() throws Exception {
    OriginServer one = origin("one");
    OriginServer two = origin("two");
    Failure refusal = Failure.denied("not this one").withStatus(418);
    Consumer<ReverseProxy.Builder> settings =
        app(c -> c.endpoint(uri(one)).endpoint(uri(two))).andThen(p -> p.route("/tea", "app"));
    ReverseProxy proxy =
        start(
            p ->
                p.cluster(
                        "app",
                        c ->
                            c.endpoint(uri(one))
                                .endpoint(uri(two))
                                .loadBalancer((among, random) -> 1))
                    .route("/**", "app")
                    .route(
                        path("/tea"),
                        r ->
                            r.to("app")
                                .protect(g -> g.filters(f -> f.filter(request -> refusal)))));
    reload(proxy, settings);
    reload(proxy, p -> {});
    assertEquals(404, response(proxy, "/tea").status());
    reload(proxy, settings);
    for (int i = 0; i < 8; i++) {
      assertEquals("two", ask(proxy));
    }
    assertEquals(418, response(proxy, "/tea").status());
  }

  // Many of them

  @Test
  void noRequestFailsWhileSettingsChange() throws Exception {
    List<OriginServer> origins = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      origins.add(origin("x"));
    }
    ReverseProxy proxy = start(settings(origins, 0));
    AtomicBoolean enough = new AtomicBoolean();
    List<CompletableFuture<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clients.add(
          CompletableFuture.supplyAsync(
              () -> requestsUntil(enough, proxy), client -> new Thread(client).start()));
    }
    for (int i = 1; i <= 100; i++) {
      reload(proxy, settings(origins, i));
    }
    enough.set(true);
    for (CompletableFuture<Integer> client : clients) {
      assertTrue(client.get(30, TimeUnit.SECONDS) > 0);
    }
  }

  /** Each time an endpoint comes and another one goes, and limits, balancer and routes change. */
  private static Consumer<ReverseProxy.Builder> settings(List<OriginServer> origins, int number) {
    return p -> {
      p.cluster(
          "app",
          c -> {
            for (int i = 0; i < 3; i++) {
              c.endpoint(uri(origins.get((number + i) % 4)));
            }
            c.loadBalancer(number % 2 == 0 ? "round-robin" : "least-requests");
            c.balance(b -> b.maxActiveRequests(number % 3 == 0 ? 0 : 2));
          });
      p.route("/**", "app").route("/" + number, "app");
    };
  }

  private static int requestsUntil(AtomicBoolean enough, ReverseProxy proxy) {
    int answered = 0;
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      do {
        assertEquals(200, client.exchange(get("/", "a")).status());
        answered++;
      } while (!enough.get());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return answered;
  }

  @Test
  void settingsThatNoRequestGoesByAnyMoreAreForgotten() throws Exception {
    OriginServer one = origin("one");
    ReverseProxy proxy = start(app(c -> c.endpoint(uri(one))));
    List<WeakReference<Object>> before = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      before.add(new WeakReference<>(proxy.settings()));
      int number = i;
      reload(proxy, app(c -> c.endpoint(uri(one))).andThen(p -> p.route("/" + number, "app")));
    }
    assertEquals("one", ask(proxy));
    Eventually.equal(
        0L,
        () -> {
          System.gc();
          return left(before);
        });
    assertEquals(List.of(uri(one)), endpoints(proxy));
    assertEquals(1, one.connections());
  }

  private static long left(List<WeakReference<Object>> references) {
    return references.stream().filter(one -> one.get() != null).count();
  }

  @Test
  void whoIsToldOfAReloadSeesAllOfItAndMayReloadAgain() throws Exception {
    OriginServer one = origin("one");
    OriginServer two = origin("two");
    List<String> seen = new ArrayList<>();
    AtomicReference<ReverseProxy> running = new AtomicReference<>();
    Consumer<ReverseProxy.Builder> last =
        app(c -> c.endpoint(uri(one))).andThen(p -> p.viaName("last"));
    ReverseProxy proxy =
        start(
            app(c -> c.endpoint(uri(one)))
                .andThen(p -> p.viaName("first"))
                .andThen(
                    p ->
                        p.clusterListener(
                            event -> {
                              if (event.kind() == Kind.ADDED) {
                                seen.add(running.get().viaName());
                                reload(running.get(), last);
                              }
                            })));
    running.set(proxy);
    reload(
        proxy, app(c -> c.endpoint(uri(one)).endpoint(uri(two))).andThen(p -> p.viaName("second")));
    assertEquals(List.of("second"), seen);
    assertEquals("last", proxy.viaName());
    assertEquals("1.1 last", response(proxy, "/").field("Via"));
    assertEquals("one", ask(proxy));
  }

  @Test
  void whoIsToldOfAReloadMayCloseTheProxy() throws Exception {
    OriginServer one = origin("one");
    AtomicReference<ReverseProxy> running = new AtomicReference<>();
    ReverseProxy proxy =
        start(
            app(c -> c.endpoint(uri(one)))
                .andThen(
                    p ->
                        p.clusterListener(
                            event -> {
                              if (event.kind() == Kind.ADDED) {
                                running.get().close();
                              }
                            })));
    running.set(proxy);
    int port = proxy.address().getPort();
    reload(proxy, app(c -> c.endpoint(uri(one)).endpoint("http://127.0.0.1:9")));
    assertThrows(IOException.class, () -> RawClient.ask(port, get("/", "a")));
  }

  @Test
  void whoIsToldOfTheStartHoldsUpNobodyElse() throws Exception {
    AtomicReference<ReverseProxy> starting = new AtomicReference<>();
    CompletableFuture<Void> other = new CompletableFuture<>();
    ReverseProxy proxy =
        builder(app(c -> c.endpoint("http://127.0.0.1:9")))
            .eventListener(
                event -> {
                  if (event.name().equals("proxy-started")) {
                    other.completeAsync(
                        () -> {
                          reload(
                              starting.get(),
                              app(c -> c.endpoint("http://127.0.0.1:9"))
                                  .andThen(p -> p.viaName("other")));
                          return null;
                        });
                    other.orTimeout(20, TimeUnit.SECONDS).handle((done, late) -> late).join();
                  }
                })
            .build();
    opened.push(proxy);
    starting.set(proxy);
    proxy.start();
    other.get(1, TimeUnit.SECONDS);
    assertEquals("other", proxy.viaName());
  }
}
