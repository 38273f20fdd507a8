package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.reverse.Routes.field;
import static io.tidegate.reverse.Routes.host;
import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.HttpCache;
import io.tidegate.core.cache.CacheExplanation;
import io.tidegate.core.cache.CacheExplanation.Outcome;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.reverse.Explanation.Refusal;
import io.tidegate.reverse.Explanation.Refuser;
import io.tidegate.reverse.cluster.ClusterExplanation;
import io.tidegate.reverse.cluster.ClusterExplanation.Affinity;
import io.tidegate.reverse.cluster.EndpointExplanation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy tells about requests that nobody makes. */
@Timeout(20)
class ExplainTest {
  @RegisterExtension private final Opened opened = new Opened();
  private final HttpCache cache = HttpCache.inMemory(1 << 20);
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    opened.push(cache);
    origin = origin("one");
  }

  private OriginServer origin(String name) throws IOException {
    OriginServer started = opened.origin();
    String fields = head("HTTP/1.1 200 OK", "Cache-Control: max-age=600");
    String rest = ok(name).split("\r\n", 2)[1];
    started.onRequest(c -> c.send(fields.substring(0, fields.length() - 2) + rest));
    return started;
  }

  private ReverseProxy.Builder builder(Consumer<ClusterBuilder> app) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .cluster("app", app)
        .cluster("canary", c -> c.endpoint("http://canary:8080"));
  }

  private ReverseProxy.Builder builder() {
    return builder(c -> c.endpoint("http://" + origin.authority()));
  }

  private ReverseProxy opened(ReverseProxy.Builder builder) {
    return opened.push(builder.build());
  }

  private static Explanation explain(ReverseProxy proxy, RequestDescription request) {
    return proxy.explain(request).toCompletableFuture().join();
  }

  private static Explanation explain(ReverseProxy proxy, String uri) {
    return explain(proxy, RequestDescription.get(uri));
  }

  private static ClusterExplanation cluster(ReverseProxy proxy, RequestDescription request) {
    return explain(proxy, request).upstream().orElseThrow().cluster();
  }

  private static List<Boolean> eligible(ReverseProxy proxy) {
    return cluster(proxy, RequestDescription.get("http://a/")).endpoints().stream()
        .map(EndpointExplanation::eligible)
        .toList();
  }

  private static CacheExplanation cached(ReverseProxy proxy, RequestDescription request) {
    return explain(proxy, request).upstream().orElseThrow().cache();
  }

  private static RawResponse ask(ReverseProxy proxy, String... fields) throws IOException {
    String request = head("GET / HTTP/1.1", "Host: a", String.join("\r\n", fields));
    return RawClient.ask(proxy.address().getPort(), request);
  }

  // Routes

  @Test
  void theRouteIsNamedByWhatItAsksForAndItsPathAndHostAreMade() {
    ReverseProxy proxy =
        opened(
            builder()
                .route("/**", "app")
                .route(
                    host("shop.example").path("/v1/{id}").field("X-Canary", "secret"),
                    r -> r.to("canary").stripPrefix("/v1").endpointHost()));
    Explanation explained =
        explain(
            proxy,
            RequestDescription.get("https://shop.example/v1/7?token=secret")
                .field("X-Canary", "secret"));
    assertEquals("GET https://shop.example/v1/7", explained.request());
    assertEquals(Optional.of("shop.example/v1/{id} (field x-canary)"), explained.route());
    Explanation.Upstream upstream = explained.upstream().orElseThrow();
    assertEquals("/7", upstream.path());
    assertEquals("canary", upstream.cluster().name());
    assertEquals("canary:8080", upstream.cluster().endpoints().get(0).host());
    assertEquals(Optional.of("/**"), explain(proxy, "https://shop.example/v1/7").route());
    assertFalse(explained.toString().contains("secret"), explained::toString);
  }

  @Test
  void aPathMadeByARegularExpressionIsToldWithoutWhatBecomesAQuery() {
    ReverseProxy proxy =
        opened(
            builder()
                .route(path("/item/**"), r -> r.to("app").rewriteRegex("/item/(.*)", "/i?id=$1")));
    assertEquals("/i", explain(proxy, "http://a/item/secret").upstream().orElseThrow().path());
  }

  @ParameterizedTest(name = "{0} {1} from {2}: {3} by {4}")
  @CsvSource({
    "GET, http://a/api/x, 192.0.2.1, 403, PROXY, http_request_denied",
    "GET, http://a/elsewhere, 198.51.100.1, 404, ROUTE_TABLE, destination_not_found",
    "GET, http://a/api/..%2Fb, 198.51.100.1, 400, ROUTE_TABLE, http_request_error",
    "POST, http://a/api/x, 198.51.100.1, 405, ROUTE, http_request_denied",
  })
  void aRefusalTellsWhoRefuses(
      String method, String uri, String client, int status, Refuser by, String error) {
    ReverseProxy proxy =
        opened(
            builder()
                .protect(p -> p.denyClients("192.0.2.0/24"))
                .route(path("/api/**"), r -> r.to("app").protect(p -> p.allowMethods("GET"))));
    Explanation explained = explain(proxy, RequestDescription.of(method, uri).client(client));
    Refusal refusal = explained.refusal().orElseThrow();
    assertEquals(by, refusal.by());
    assertEquals(status, refusal.status());
    assertEquals(error, refusal.error());
    assertEquals(OptionalInt.of(status), explained.status());
    assertEquals(by == Refuser.ROUTE, explained.route().isPresent());
    assertEquals(Optional.empty(), explained.upstream());
  }

  @Test
  void anAnswerOfTheProxysOwnIsToldByItsStatus() {
    ReverseProxy proxy =
        opened(builder().route(path("/old/**"), r -> r.redirect(308, to -> to.path("/new"))));
    Explanation explained = explain(proxy, "http://a/old/x");
    assertEquals(Optional.of("/old/**"), explained.route());
    assertEquals(OptionalInt.of(308), explained.status());
    assertEquals(Optional.empty(), explained.refusal());
  }

  // Nothing happens

  @Test
  void noTokenIsTaken() throws Exception {
    ReverseProxy proxy =
        opened(
            builder()
                .route(
                    path("/**"),
                    r ->
                        r.to("app")
                            .protect(
                                p ->
                                    p.rateLimit("all", 1, Duration.ofHours(1), limit -> {})
                                        .rateLimit(
                                            "each",
                                            1,
                                            Duration.ofHours(1),
                                            limit -> limit.perClient()))));
    proxy.start();
    for (int i = 0; i < 3; i++) {
      assertEquals(Optional.empty(), explain(proxy, "http://a/").refusal());
    }
    assertEquals(200, ask(proxy).status());
    Refusal refusal = explain(proxy, "http://a/").refusal().orElseThrow();
    assertEquals(429, refusal.status());
    assertEquals(Refuser.ROUTE, refusal.by());
    assertEquals(429, ask(proxy).status());
  }

  @Test
  void aLimitPerClientIsLookedAtForTheClientThatIsDescribed() throws Exception {
    ReverseProxy proxy =
        opened(
            builder()
                .route(
                    path("/**"),
                    r ->
                        r.to("app")
                            .protect(
                                p ->
                                    p.rateLimit(
                                        "each",
                                        1,
                                        Duration.ofHours(1),
                                        limit -> limit.perClient()))));
    proxy.start();
    assertEquals(200, ask(proxy).status());
    RequestDescription get = RequestDescription.get("http://a/");
    assertEquals(429, explain(proxy, get).status().orElseThrow());
    assertEquals(Optional.empty(), explain(proxy, get.client("192.0.2.1")).refusal());
  }

  @Test
  void noTurnIsTakenAndNoRequestCounts() throws Exception {
    OriginServer two = origin("two");
    ReverseProxy proxy =
        opened(
            builder(
                    c ->
                        c.endpoint("http://" + origin.authority())
                            .endpoint("http://" + two.authority())
                            .loadBalancer(LoadBalancers.roundRobin()))
                .route(path("/**"), r -> r.to("app").protect(p -> p.maxActiveRequests(1))));
    proxy.start();
    String first = ask(proxy).text();
    explain(proxy, "http://a/");
    assertEquals(first.equals("one") ? "two" : "one", ask(proxy).text());
    assertEquals(List.of(true, true), eligible(proxy));
    assertEquals(
        List.of(0, 0),
        proxy.cluster("app").endpoints().stream().map(one -> one.activeRequests()).toList());
    assertEquals(2, origin.heads().size() + two.heads().size());
  }

  @Test
  void aFullRouteAndAFullEndpointAreTold() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    origin.onRequest(
        c -> {
          release.await();
          c.send(ok("late"));
        });
    ReverseProxy proxy =
        opened(
            builder(
                    c ->
                        c.endpoint("http://" + origin.authority())
                            .balance(b -> b.maxActiveRequests(1)))
                .route("/**", "app")
                .route(path("/limited"), r -> r.to("app").protect(p -> p.maxActiveRequests(1))));
    proxy.start();
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(head("GET /limited HTTP/1.1", "Host: a"));
      origin.awaitHeads(1);
      assertEquals(OptionalInt.of(503), explain(proxy, "http://a/limited").status());
      assertEquals(List.of(false), eligible(proxy));
      release.countDown();
      assertEquals(200, client.readResponse().status());
    }
  }

  // Endpoints

  @Test
  void backupsAreEligibleWhenNothingElseIs() {
    ReverseProxy proxy =
        opened(
            builder(
                    c ->
                        c.endpoint("http://10.0.0.1", e -> e.weight(3).zone("a"))
                            .endpoint("http://10.0.0.2", e -> e.backup()))
                .route("/**", "app"));
    assertEquals(List.of(true, false), eligible(proxy));
    EndpointExplanation first =
        cluster(proxy, RequestDescription.get("http://a:8080/")).endpoints().get(0);
    assertEquals("http://10.0.0.1:80", first.status().endpoint());
    assertEquals("a", first.zone());
    assertEquals(1, first.tierShare());
    assertEquals(3, first.weight());
    assertEquals(Duration.ZERO, first.latency());
    assertEquals("a:8080", first.host());
    proxy.cluster("app").drain("http://10.0.0.1");
    assertEquals(List.of(false, true), eligible(proxy));
  }

  @Test
  void aZoneWithoutAShareIsNotEligibleWhileTheFirstHasRoom() {
    ReverseProxy proxy =
        opened(
            builder(
                    c ->
                        c.endpoint("http://10.0.0.1", e -> e.zone("a"))
                            .endpoint("http://10.0.0.2", e -> e.zone("b"))
                            .balance(b -> b.zones("a", "b")))
                .route("/**", "app"));
    assertEquals(List.of(true, false), eligible(proxy));
    proxy.cluster("app").drain("http://10.0.0.1");
    assertEquals(List.of(false, true), eligible(proxy));
  }

  @ParameterizedTest
  @CsvSource({
    "false, , NEW, true",
    "false, stranger, MOVED, true",
    "true, , NEW, true",
    "true, stranger, REFUSED, false"
  })
  void whatAffinitySaysIsTold(boolean strict, String token, Affinity affinity, boolean eligible) {
    ReverseProxy proxy =
        opened(
            builder(
                    c ->
                        c.endpoint("http://10.0.0.1")
                            .balance(
                                b ->
                                    b.affinity(
                                        "at",
                                        a -> {
                                          if (strict) {
                                            a.strict();
                                          }
                                        })))
                .route("/**", "app"));
    RequestDescription get = RequestDescription.get("http://a/");
    ClusterExplanation told =
        cluster(proxy, token == null ? get : get.field("Cookie", "at=" + token));
    assertEquals(affinity, told.affinity());
    assertEquals(eligible, told.endpoints().get(0).eligible());
  }

  @Test
  void aClientThatIsKeptCanGoToItsEndpointOnly() throws Exception {
    OriginServer two = origin("two");
    ReverseProxy proxy =
        opened(
            builder(
                    c ->
                        c.endpoint("http://" + origin.authority())
                            .endpoint("http://" + two.authority())
                            .balance(b -> b.affinity("at")))
                .route("/**", "app"));
    proxy.start();
    RawResponse response = ask(proxy);
    String cookie = String.valueOf(response.field("Set-Cookie")).split(";", 2)[0];
    ClusterExplanation told =
        cluster(proxy, RequestDescription.get("http://a/").field("Cookie", cookie));
    assertEquals(Affinity.KEPT, told.affinity());
    boolean first = response.text().equals("one");
    assertEquals(
        List.of(first, !first),
        told.endpoints().stream().map(EndpointExplanation::eligible).toList());
  }

  // The cache

  @Test
  void withoutACacheItIsOff() {
    ReverseProxy proxy = opened(builder().route("/**", "app"));
    assertEquals(Outcome.OFF, cached(proxy, RequestDescription.get("http://a/")).outcome());
  }

  @Test
  void whatTheCacheWouldDoIsToldAndNotCounted() throws Exception {
    ReverseProxy proxy = opened(builder().route("/**", "app").cache(cache));
    proxy.start();
    RequestDescription get = RequestDescription.get("http://a/");
    var counted = cache.statistics();
    CacheExplanation before = cached(proxy, get);
    assertEquals(counted, cache.statistics());
    assertEquals(Outcome.MISS, before.outcome());
    assertEquals("uri-miss", before.reason());
    assertEquals(0, before.stored());
    ask(proxy);
    CacheExplanation after = cached(proxy, get);
    assertEquals(Outcome.FRESH, after.outcome());
    assertEquals("", after.reason());
    assertEquals("GET http://a/", after.key());
    assertEquals(1, after.stored());
    long lifetime = after.ageSeconds().orElseThrow() + after.freshForSeconds().orElseThrow();
    assertTrue(lifetime == 600 || lifetime == 599, after::toString); // whole seconds
    assertEquals(0, cache.statistics().hits());
    assertEquals(1, origin.heads().size());
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "GET, Cache-Control, no-cache, VALIDATE, request",
    "GET, Cache-Control, only-if-cached, FRESH, ''",
    "GET, Upgrade-Insecure-Requests, 1, FRESH, ''",
    "HEAD, Accept, */*, FRESH, ''",
    "POST, Accept, */*, BYPASS, method",
    "TRACE, Accept, */*, BYPASS, bypass",
    "QUERY, Accept, */*, UNKNOWN, ''",
    "PURGE, Accept, */*, PURGE, ''",
  })
  void theRequestDecidesToo(
      String method, String name, String value, Outcome outcome, String reason) throws Exception {
    ReverseProxy proxy =
        opened(
            builder()
                .route("/**", "app")
                .cache(cache)
                .cache(rules -> rules.purgeFrom("127.0.0.1")));
    proxy.start();
    ask(proxy);
    CacheExplanation told =
        cached(proxy, RequestDescription.of(method, "http://a/").field(name, value));
    assertEquals(outcome, told.outcome());
    assertEquals(reason, told.reason());
    assertEquals(1, cache.entries());
  }

  @Test
  void aPartitionIsShownAsAHashAndAQueryNotAtAll() {
    ReverseProxy proxy =
        opened(builder().route("/**", "app").route(field("X-C"), r -> r.to("canary")).cache(cache));
    CacheExplanation told =
        cached(proxy, RequestDescription.get("http://a/?secret").field("X-C", "1"));
    assertTrue(told.key().matches("GET http://a/\\?… partition#[0-9a-f]+"), told::key);
  }

  @Test
  void aStoreThatDoesNotAnswerHasNothing() {
    CacheStore silent =
        (CacheStore)
            java.lang.reflect.Proxy.newProxyInstance(
                CacheStore.class.getClassLoader(),
                new Class<?>[] {CacheStore.class},
                (self, method, arguments) -> null);
    ReverseProxy proxy =
        opened(
            builder()
                .route("/**", "app")
                .cache(HttpCache.in(silent))
                .cache(rules -> rules.fillTimeout(Duration.ofMillis(20))));
    CacheExplanation told = cached(proxy, RequestDescription.get("http://a/"));
    assertEquals(Outcome.MISS, told.outcome());
    assertEquals("the store has not answered", told.reason());
  }

  @Test
  void whatTheApplicationThrowsIsTold() {
    ReverseProxy proxy =
        opened(
            builder()
                .route("/**", "app")
                .cache(
                    rules ->
                        rules.partition(
                            request -> {
                              throw new IllegalStateException("which tenant?");
                            })));
    CompletionException thrown =
        assertThrows(CompletionException.class, () -> explain(proxy, "http://a/"));
    assertEquals("which tenant?", String.valueOf(thrown.getCause().getMessage()));
  }

  // Descriptions

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a", "ftp://a/", "http:///", "http://a b/", "http://u@a/", "*"})
  void whatIsNoUriIsRejected(String uri) {
    assertThrows(IllegalArgumentException.class, () -> RequestDescription.get(uri));
  }

  @ParameterizedTest
  @CsvSource({"Host, a", "'', a", "a b, c", "a, 'b\r\nc: d'"})
  void whatIsNoFieldIsRejected(String name, String value) {
    RequestDescription get = RequestDescription.get("http://a/");
    assertThrows(IllegalArgumentException.class, () -> get.field(name, value));
  }

  @Test
  void whatIsNoMethodOrAddressIsRejected() {
    RequestDescription get = RequestDescription.get("http://a/");
    assertThrows(
        IllegalArgumentException.class, () -> RequestDescription.of("CONNECT", "http://a/"));
    assertThrows(IllegalArgumentException.class, () -> RequestDescription.of("G T", "http://a/"));
    assertThrows(IllegalArgumentException.class, () -> get.client("localhost"));
  }

  @Test
  void anExplanationReadsLikeThis() {
    ReverseProxy proxy =
        opened(
            builder(
                    c ->
                        c.endpoint("http://10.0.0.1", e -> e.weight(2)).endpoint("http://10.0.0.2"))
                .route("/api/**", "app")
                .cache(cache));
    proxy.cluster("app").drain("http://10.0.0.2");
    assertEquals(
        """
        GET http://a/api/7
        route /api/**
        path /api/7
        cache miss (uri-miss), key GET http://a/api/7, 0 stored
        cluster app, affinity off
          * http://10.0.0.1:80 healthy, share 1.00, weight 2.00, active 0, latency 0 ms, Host a
          - http://10.0.0.2:80 draining, share 0.00, weight 1.00, active 0, latency 0 ms, Host a""",
        explain(proxy, "http://a/api/7").toString());
    assertEquals(
        "GET http://a/x\nrefused by route table: no route for this request"
            + " (destination_not_found)\nanswered with 404",
        explain(proxy, "http://a/x").toString());
  }
}
