package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.reverse.Routes.client;
import static io.tidegate.reverse.Routes.cookie;
import static io.tidegate.reverse.Routes.field;
import static io.tidegate.reverse.Routes.query;
import static io.tidegate.reverse.Routes.scheme;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.CacheBuilder;
import io.tidegate.core.HttpCache;
import io.tidegate.core.Proxy;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who shares stored responses where one URL leads to several clusters. */
class RoutePartitionWireTest {
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final HttpCache cache = HttpCache.inMemory(1 << 20);
  private OriginServer main;
  private OriginServer canary;

  @BeforeEach
  void startOrigins() throws IOException {
    main = origin("main");
    canary = origin("canary");
  }

  private OriginServer origin(String name) throws IOException {
    OriginServer origin = OriginServer.start();
    opened.add(origin);
    String response = head("HTTP/1.1 200 OK", "Cache-Control: max-age=600");
    String rest = ok(name).split("\r\n", 2)[1];
    origin.onRequest(c -> c.send(response.substring(0, response.length() - 2) + rest));
    return origin;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
    cache.close();
  }

  private ReverseProxy.Builder builder() {
    return ReverseProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .cluster("main", c -> c.endpoint("http://" + main.authority()))
        .cluster("canary", c -> c.endpoint("http://" + canary.authority()))
        .cache(cache);
  }

  private int start(ReverseProxy.Builder builder) {
    Proxy proxy = builder.start();
    opened.add(proxy);
    return proxy.address().getPort();
  }

  private int start(RouteMatch match, Consumer<CacheBuilder> rules) {
    return start(builder().cache(rules).route("/**", "main").route(match, r -> r.to("canary")));
  }

  private int start(RouteMatch match) {
    return start(match, rules -> {});
  }

  private static String asked(String target, String... fields) {
    return head("GET " + target + " HTTP/1.1", "Host: a", String.join("\r\n", fields));
  }

  private static String ask(int port, String request) throws IOException {
    return RawClient.ask(port, request).text();
  }

  private void assertAsked(int ofMain, int ofCanary) {
    assertEquals(List.of(ofMain, ofCanary), List.of(main.heads().size(), canary.heads().size()));
  }

  @Test
  void whatAFieldChoosesIsStoredForThoseWhoSendIt() throws Exception {
    int port = start(field("X-Canary", "1"));
    for (int i = 0; i < 2; i++) {
      assertEquals("canary", ask(port, asked("/", "X-Canary: 1")));
      assertEquals("main", ask(port, get("/", "a")));
    }
    assertAsked(1, 1);
  }

  @Test
  void whatACookieChoosesIsStoredForThoseWhoHaveIt() throws Exception {
    int port = start(cookie("beta"));
    for (int i = 0; i < 2; i++) {
      assertEquals("main", ask(port, get("/", "a")));
      assertEquals("canary", ask(port, asked("/", "Cookie: beta=1")));
    }
    assertAsked(1, 1);
  }

  @Test
  void whatClientsOfOneNetworkGetIsNotForOthers() throws Exception {
    int inside = start(client("127.0.0.0/8"));
    int outside = start(client("192.0.2.0/24"));
    for (int i = 0; i < 2; i++) {
      assertEquals("canary", ask(inside, get("/", "a")));
      assertEquals("main", ask(outside, get("/", "a")));
    }
    assertAsked(1, 1);
  }

  @Test
  void eachClusterOfASplitHasItsOwn() throws Exception {
    int port =
        start(
            builder()
                .route(
                    Routes.path("/**"),
                    r -> r.split("main", 1).split("canary", 1).splitByField("X-User")));
    List<String> first = new ArrayList<>();
    List<String> again = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      first.add(ask(port, asked("/", "X-User: " + i)));
    }
    for (int i = 0; i < 8; i++) {
      again.add(ask(port, asked("/", "X-User: " + i)));
    }
    assertEquals(first, again);
    assertAsked(1, 1);
  }

  @Test
  void oneClusterBehindDifferentConditionsIsStoredApart() throws Exception {
    int port =
        start(
            builder()
                .route(field("X-A"), r -> r.to("main").requestField("X-Seen", "a"))
                .route(field("X-B"), r -> r.to("main").requestField("X-Seen", "b")));
    ask(port, asked("/", "X-A: 1"));
    ask(port, asked("/", "X-B: 1"));
    assertAsked(2, 0);
  }

  @Test
  void aLimitOfActiveRequestsDoesNotMixThem() throws Exception {
    int port =
        start(
            builder()
                .route("/**", "main")
                .route(field("X-A"), r -> r.to("canary").protect(p -> p.maxActiveRequests(9))));
    assertEquals("canary", ask(port, asked("/", "X-A: 1")));
    assertEquals("main", ask(port, get("/", "a")));
  }

  @Test
  void aPathThatIsMadeAnewDoesNotMixThem() throws Exception {
    int port =
        start(
            builder()
                .route("/**", "main")
                .route(field("X-A"), r -> r.to("canary").rewriteRegex("/(.*)", "/v2/$1")));
    assertEquals("canary", ask(port, asked("/", "X-A: 1")));
    assertEquals("main", ask(port, get("/", "a")));
    assertEquals("canary", ask(port, asked("/", "X-A: 1")));
    assertAsked(1, 1);
  }

  @Test
  void aParameterThatTheKeyLeavesOutDoesNotMixThem() throws Exception {
    int port = start(query("v", "2"), rules -> rules.ignoreParameters("v"));
    assertEquals("canary", ask(port, asked("/?v=2")));
    assertEquals("main", ask(port, asked("/?v=1")));
    assertEquals("main", ask(port, asked("/")));
    assertAsked(1, 1);
  }

  @Test
  void whatTheUriChoosesIsSharedWithProxiesThatHaveNoSuchRoute() throws Exception {
    int first = start(scheme("http").query("v", "2"));
    int second = start(builder().route("/**", "main"));
    assertEquals("canary", ask(first, asked("/?v=2")));
    assertEquals("canary", ask(second, asked("/?v=2")));
    assertAsked(0, 1);
  }

  @Test
  void thePartitionOfTheApplicationStillCounts() throws Exception {
    int port =
        start(
            field("X-Canary"),
            rules ->
                rules.partition(
                    request ->
                        String.valueOf(request.head().fields().first(FieldName.of("X-Tenant")))));
    for (String tenant : List.of("a", "b", "a")) {
      ask(port, asked("/", "X-Canary: 1", "X-Tenant: " + tenant));
      ask(port, asked("/", "X-Tenant: " + tenant));
    }
    assertAsked(2, 2);
  }

  @Test
  void noPartitionOfTheApplicationIsThatOfARoute() throws Exception {
    List<String> keys = new ArrayList<>();
    int port =
        start(
            field("X-Canary"),
            rules ->
                rules.partition(
                    request ->
                        String.valueOf(request.head().fields().first(FieldName.of("X-Tenant")))));
    for (String tenant : List.of("", "0:", "canary")) {
      ask(port, asked("/", "X-Canary: 1", "X-Tenant: " + tenant));
      ask(port, asked("/", "X-Tenant: " + tenant));
    }
    cache.find("http", 10).forEach(entry -> keys.add(entry.key()));
    assertEquals(6, keys.stream().distinct().count());
  }

  @Test
  void aChangeIsForgottenForAll() throws Exception {
    int port = start(field("X-Canary"));
    ask(port, asked("/", "X-Canary: 1"));
    ask(port, asked("/"));
    ask(port, head("POST / HTTP/1.1", "Host: a", "Content-Length: 0"));
    ask(port, asked("/", "X-Canary: 1"));
    ask(port, asked("/"));
    assertAsked(3, 2);
  }

  @Test
  void theApplicationInvalidatesForAll() throws Exception {
    int port = start(field("X-Canary"));
    ask(port, asked("/", "X-Canary: 1"));
    ask(port, asked("/"));
    assertEquals(2, cache.invalidate(URI.create("http://a/"), HttpCache.Invalidation.REMOVE));
  }

  @Test
  void aPurgeReachesAll() throws Exception {
    int port =
        start(
            builder()
                .cache(rules -> rules.purgeFrom("127.0.0.0/8"))
                .route("/**", "main")
                .route(field("X-Canary"), r -> r.to("canary")));
    ask(port, asked("/", "X-Canary: 1"));
    ask(port, asked("/"));
    ask(port, head("PURGE / HTTP/1.1", "Host: a"));
    assertEquals(0, cache.entries());
  }
}
