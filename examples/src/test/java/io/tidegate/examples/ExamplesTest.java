package io.tidegate.examples;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.Secret;
import io.tidegate.reverse.ReverseProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example starts and does what it says. */
class ExamplesTest {
  private Origin a;
  private Origin b;

  @BeforeEach
  void start() {
    a = Origin.start("a", 0);
    b = Origin.start("b", 0);
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
  }

  @Test
  void smallestReverseHasTheServersShareRequests() throws Exception {
    try (Proxy proxy = SmallestReverse.start(0, a.uri(), b.uri())) {
      Set<String> answers = new TreeSet<>();
      for (int i = 0; i < 100; i++) {
        answers.add(get(proxy, "/x").body());
      }
      assertEquals(Set.of("a got GET /x\n", "b got GET /x\n"), answers);
    }
  }

  @Test
  void settingsFileRunsWhatAFileDescribes(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("gate.json");
    Files.writeString(
        file,
        "{\"clusters\": [{\"name\": \"a\", \"endpoints\": [\"%s\"]}], \"routes\": [{\"cluster\": \"a\"}]}"
            .formatted(a.uri()));
    try (Proxy proxy = SettingsFile.start(file)) {
      assertEquals("a got GET /x\n", get(proxy, "/x").body());
    }
  }

  @Test
  void smallestForwardKeepsClientsFromPrivateAddresses() throws Exception {
    try (Proxy proxy = SmallestForward.start(0)) {
      assertTrue(proxy.address().getAddress().isLoopbackAddress());
      assertRefused("destination_ip_prohibited", getThrough(proxy, a.uri()));
    }
  }

  @Test
  void lockedDownEgressLeadsToWhatIsOnItsList() throws Exception {
    try (Proxy proxy = LockedDownEgress.start("127.0.0.1", 0, Origin.HOST)) {
      assertEquals("a got GET /x\n", getThrough(proxy, a.uri() + "/x").body());
    }
  }

  @Test
  void fairSharesGiveEveryoneSome() throws Exception {
    try (Proxy proxy = FairShares.start(0)) {
      assertRefused("destination_ip_prohibited", getThrough(proxy, a.uri() + "/x"));
    }
  }

  @Test
  void authenticatedEgressServesUsers(@TempDir Path directory) throws Exception {
    Path users = directory.resolve("users");
    Files.writeString(
        users, "alice:$2y$04$ZP5tQ8U/v6.8.3AKRmvmwOH9HuEDvYvr3daBt80lQbVcRlq2VrTZS\n");
    Path groups = Files.writeString(directory.resolve("groups"), "staff: alice\n");
    try (Proxy proxy =
        AuthenticatedEgress.start("127.0.0.1", 0, users.toString(), groups.toString())) {
      HttpResponse<String> asked = getThrough(proxy, "http://mirror.example/");
      assertEquals(407, asked.statusCode());
      assertEquals(
          "Basic realm=\"egress\", charset=\"UTF-8\"",
          asked.headers().firstValue("Proxy-Authenticate").orElse(""));
    }
  }

  @Test
  void ownFilterAsksForTheTenantOfTheClient() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    UnaryOperator<String> tenants =
        client -> {
          asked.add(client);
          return "acme";
        };
    try (Proxy proxy = OwnFilter.start(0, tenants, ForkJoinPool.commonPool())) {
      assertEquals("a got GET /x\n", getThrough(proxy, a.uri() + "/x").body());
      assertEquals(List.of("127.0.0.1"), asked);
    }
  }

  @Test
  void buildEgressLeadsToRegistriesAndTellsWhatItRefuses() throws Exception {
    BlockingQueue<String> report = new ArrayBlockingQueue<>(10);
    Secret token = Secret.of("hush");
    try (Proxy proxy = BuildEgress.start("127.0.0.1", 0, token, Origin.HOST, report::add)) {
      assertEquals(407, getThrough(proxy, a.uri() + "/x").statusCode());
      assertEquals("a got GET /x\n", getAsBuild(proxy, a.uri() + "/x").body());
      assertRefused("http_request_denied", getAsBuild(proxy, "http://www.example.com/"));
      assertEquals("refused www.example.com", report.poll(20, SECONDS));
      assertEquals(0, report.size());
    }
  }

  private static HttpResponse<String> getAsBuild(Proxy proxy, String uri) throws Exception {
    return JavaClient.of("127.0.0.1", proxy.address().getPort(), "build", "hush")
        .send(request(uri), BodyHandlers.ofString());
  }

  @Test
  void hiddenClientsAreNotTold() throws Exception {
    try (CountingOrigin origin = new CountingOrigin(Map.of());
        Proxy proxy = HiddenClients.start(0, "127.0.0.1")) {
      assertEquals("answer 1", getThrough(proxy, origin.uri() + "/x").body());
      assertEquals("Mozilla/5.0", origin.lastFields().getFirst("User-Agent"));
      assertFalse(origin.lastFields().containsKey("Via"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "http://www.example.com/",
        "http://example.org/",
        "http://www.example.net/",
        "http://127.0.0.2:8080/"
      })
  void lockedDownEgressLeadsNowhereElse(String uri) throws Exception {
    try (Proxy proxy = LockedDownEgress.start("127.0.0.1", 0, Origin.HOST)) {
      assertRefused("http_request_denied", getThrough(proxy, uri));
    }
  }

  @Test
  void throughParentsLeadsWhereTheParentsLead() throws Exception {
    try (Proxy proxy = ThroughParents.start(0, "http://127.0.0.1:1", a.uri(), Secret.of("token"))) {
      HttpResponse<String> answer = getThrough(proxy, "http://www.example.com/7");
      assertEquals("a got GET http://www.example.com/7\n", answer.body());
    }
  }

  @Test
  void routesAndPrefixesGiveTheMostSpecificRouteTheRequest() throws Exception {
    try (Origin images = Origin.start("images", 0);
        Proxy proxy = RoutesAndPrefixes.start(0, a.uri(), b.uri(), images.uri())) {
      assertTrue(get(proxy, "/shop/7").body().endsWith(" got GET /shop/7\n"));
      assertEquals("images got GET /img/7\n", get(proxy, "/shop/img/7").body());
    }
  }

  @Test
  void balancingPrefersTheFirstZoneAndKeepsClients() throws Exception {
    try (Proxy proxy = Balancing.start(0, a.uri(), b.uri(), "http://127.0.0.1:1")) {
      HttpResponse<String> answer = get(proxy, "/x");
      assertEquals("a got GET /x\n", answer.body());
      String cookie = answer.headers().firstValue("Set-Cookie").orElse("");
      assertTrue(cookie.startsWith("shop-node="), cookie);
    }
  }

  @Test
  void healthChecksLeavesADrainedEndpointAlone() throws Exception {
    try (ReverseProxy proxy = HealthChecks.start(0, a.uri(), b.uri())) {
      proxy.cluster("shop").drain(a.uri());
      assertEquals("b got GET /x\n", get(proxy, "/x").body());
      assertEquals("b got GET /y\n", get(proxy, "/y").body());
    }
  }

  @Test
  void hotReloadGoesByWhatIsWrittenIntoTheFile(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("gateway.json");
    Files.writeString(file, gateway(a));
    try (ReverseProxy proxy = HotReload.start(file)) {
      assertEquals("a got GET /x\n", get(proxy, "/x").body());
      Files.writeString(file, gateway(b));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (!get(proxy, "/x").body().equals("b got GET /x\n")
          || !proxy.settings().clusters().get(0).endpoints().get(0).uri().equals(b.uri())) {
        assertTrue(System.nanoTime() - deadline < 0, "what is in the file is not served");
      }
    }
  }

  private static String gateway(Origin origin) {
    return """
        {
          "proxy": {"listeners": [{"host": "127.0.0.1"}]},
          "clusters": [{"name": "app", "endpoints": ["%s"]}],
          "routes": [{"cluster": "app"}]
        }
        """
        .formatted(origin.uri());
  }

  @Test
  void gatewayServesAndProtects() throws Exception {
    try (Origin spare = Origin.start("spare", 0);
        Proxy proxy = Gateway.start(0, a.uri(), b.uri(), spare.uri())) {
      HttpResponse<String> answer = get(proxy, "/x");
      assertTrue(answer.body().endsWith(" got GET /x\n"), answer.body());
      assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""));
      assertEquals(400, get(proxy, "/x?file=../secret").statusCode());
      a.close();
      b.close();
      assertEquals("spare got GET /x\n", get(proxy, "/x").body());
    }
  }

  @Test
  void protectedRoutesTakeWhatIsAllowed() throws Exception {
    try (Proxy proxy = ProtectedRoutes.start(0, a.uri())) {
      assertEquals("a got GET /api/x\n", get(proxy, "/api/x").body());
      assertEquals(400, get(proxy, "/api/x?file=../secret").statusCode());
    }
  }

  @Test
  void failingEndpointsHaveSomethingInTheirPlace() throws Exception {
    try (Proxy proxy = FailingEndpoints.start(0, a.uri(), b.uri())) {
      a.close();
      assertEquals("b got GET /x\n", get(proxy, "/x").body());
      b.close();
      assertEquals("<p>We will be back soon.", get(proxy, "/x").body());
    }
  }

  @Test
  void administeredTellsWhoKnowsTheToken(@TempDir Path directory) throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "a token of some length\n");
    try (Proxy proxy = Administered.start(a.uri(), 0, 0, token)) {
      InetSocketAddress admin = proxy.adminAddress().orElseThrow();
      assertEquals(200, get(admin, "/ready").statusCode());
      assertEquals(401, get(admin, "/v1/overview").statusCode());
      assertTrue(get(admin, "/").body().contains("<title>Tidegate</title>"));
    }
  }

  @Test
  void explainingTellsWhichRouteARequestWouldTake() throws Exception {
    try (ReverseProxy proxy = Explaining.build(a.uri())) {
      String told = Explaining.explain(proxy).toCompletableFuture().get(20, SECONDS).toString();
      assertTrue(told.startsWith("GET https://shop.example/api/7\nroute /api/**\n"), told);
    }
  }

  @Test
  void mountedSharesTheApplicationsListener() throws Exception {
    try (Mounted application = Mounted.start(0, a.uri())) {
      assertEquals("hello\n", get(application.address(), "/").body());
      assertEquals("a got GET /api/7\n", get(application.address(), "/api/7").body());
    }
  }

  @Test
  void plainMainServes() throws Exception {
    try (Proxy gateway = PlainMain.start(0, a.uri())) {
      assertEquals("a got GET /x\n", get(gateway, "/x").body());
    }
  }

  @Test
  void watchingEventsKeepsThemUntilTheyAreTaken() throws Exception {
    BlockingQueue<ProxyEvent> events = new ArrayBlockingQueue<>(10);
    try (Proxy gateway = WatchingEvents.start(0, a.uri(), events)) {
      assertEquals("a got GET /x\n", get(gateway, "/x").body());
    }
    assertEquals(
        List.of(
            "listener-opened",
            "proxy-started",
            "proxy-draining",
            "listener-closed",
            "proxy-stopped"),
        events.stream().map(ProxyEvent::name).toList());
  }

  @Test
  void bothDirectionsShareAListener() throws Exception {
    try (BothDirections both = BothDirections.start(0, 0, a.uri())) {
      assertEquals("a got GET /x\n", get(both.gateway, "/x").body());
      assertRefused("destination_ip_prohibited", getThrough(both.egress, a.uri()));
      assertEquals(2, both.exchanges.sum());
    }
  }

  @Test
  void cachedReverseAnswersFromItsCache() throws Exception {
    try (CountingOrigin origin = new CountingOrigin(Map.of("Cache-Control", "max-age=600"));
        Proxy proxy = CachedReverse.start(0, origin.uri())) {
      assertEquals("answer 1", get(proxy, "/x").body());
      assertEquals("answer 1", get(proxy, "/x?utm_source=letter").body());
      assertEquals("answer 2", get(proxy, "/x?page=2").body());
    }
  }

  @Test
  void sharedCacheAnswersOneDirectionWithWhatCameTheOther() throws Exception {
    try (CountingOrigin origin = new CountingOrigin(Map.of("Cache-Control", "max-age=600"));
        SharedCache both = SharedCache.start(0, 0, "127.0.0.1", origin.uri())) {
      String target = "http://127.0.0.1:" + both.gateway.address().getPort() + "/x";
      assertEquals("answer 1", get(both.gateway, "/x").body());
      HttpResponse<String> answer = getThrough(both.egress, target);
      assertEquals("answer 1", answer.body());
      String status = answer.headers().firstValue("Cache-Status").orElse("");
      assertTrue(status.startsWith(both.egress.viaName() + ";hit"), status);
      assertEquals(1, both.cache.entries());
    }
  }

  @Test
  void metricsWithPrometheusTellOfRequestsByRoute() throws Exception {
    try (CountingOrigin origin = new CountingOrigin(Map.of());
        MetricsWithPrometheus measured = MetricsWithPrometheus.start(0, origin.uri())) {
      assertEquals("answer 1", get(measured.gateway, "/shop/1").body());
      String text = measured.text.get();
      assertTrue(text.contains("http_server_request_duration_seconds_count{"), text);
      assertTrue(text.contains("http_route=\"/shop/**\""), text);
    }
  }

  @Test
  void noExampleIsLongerThanAPage() throws IOException {
    Path sources = Path.of("src", "main", "java", "io", "tidegate", "examples");
    List<String> tooLong = new ArrayList<>();
    try (Stream<Path> files = Files.list(sources)) {
      for (Path file : files.sorted().toList()) {
        List<String> lines = Files.readAllLines(file);
        if (isExample(file, lines) && lines.size() > 60) {
          tooLong.add(file.getFileName().toString());
        }
      }
    }
    assertEquals(List.of(), tooLong);
  }

  /** Classes of the launcher are for nobody else; but for the one that it is started by. */
  private static boolean isExample(Path file, List<String> lines) {
    return lines.stream().anyMatch(line -> line.matches("public .*class .*"))
        && !file.endsWith("Tidegate.java");
  }

  @Test
  void accessLogsHaveALineForEachExchange(@TempDir Path directory) throws Exception {
    try (Origin origin = Origin.start("origin", 0)) {
      try (Proxy proxy = AccessLogs.start(0, origin.uri(), directory)) {
        get(proxy, "/x?token=secret");
      }
      String json = Files.readString(directory.resolve("access.json"));
      assertTrue(
          json.contains("\"client\":\"127.0.0.0\",\"method\":\"GET\",\"path\":\"/x\""), json);
      String text = Files.readString(directory.resolve("access.log"));
      assertTrue(text.contains("] \"GET /x?token=redacted HTTP/1.1\" 200 "), text);
    }
  }

  private static void assertRefused(String error, HttpResponse<String> response) {
    assertEquals(403, response.statusCode());
    String status = response.headers().firstValue("Proxy-Status").orElse("");
    assertTrue(status.endsWith("; error=" + error), status);
  }

  private static HttpResponse<String> get(Proxy proxy, String path) throws Exception {
    return get(proxy.address(), path);
  }

  private static HttpResponse<String> get(InetSocketAddress address, String path) throws Exception {
    return send(HttpClient.newBuilder(), "http://127.0.0.1:" + address.getPort() + path);
  }

  private static HttpResponse<String> getThrough(Proxy proxy, String uri) throws Exception {
    return send(HttpClient.newBuilder().proxy(ProxySelector.of(proxy.address())), uri);
  }

  private static HttpResponse<String> send(HttpClient.Builder client, String uri) throws Exception {
    return client
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request(uri), BodyHandlers.ofString());
  }

  private static HttpRequest request(String uri) {
    return HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(20)).build();
  }
}
