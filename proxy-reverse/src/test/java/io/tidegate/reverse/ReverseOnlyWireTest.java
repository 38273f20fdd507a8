package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.reverse.Routes.host;
import static io.tidegate.reverse.Routes.path;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.reverse.balance.LoadBalancer;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a reverse proxy does, on the wire. */
class ReverseOnlyWireTest {
  @RegisterExtension private final Opened opened = new Opened();
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.origin();
  }

  private static String uri(OriginServer origin) {
    return "http://" + origin.authority();
  }

  private ReverseProxy.Builder builder() {
    return ReverseProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .viaName("gate")
        .cluster("app", cluster -> cluster.endpoint(uri(origin)));
  }

  private int start(ReverseProxy.Builder builder) {
    Proxy proxy = opened.push(builder.start());
    return proxy.address().getPort();
  }

  private static void assertFailure(int status, String error, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("gate; error=" + error, response.field("Proxy-Status"));
  }

  // Balancing

  @Test
  void endpointsTakeTurns() throws Exception {
    OriginServer second = opened.origin();
    origin.respond(ok("1"));
    second.respond(ok("2"));
    int port =
        start(
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .ioThreads(1)
                .cluster(
                    "app",
                    c ->
                        c.endpoint(uri(origin))
                            .endpoint(uri(second))
                            .loadBalancer(LoadBalancers.roundRobin()))
                .route("/**", "app"));
    List<String> answers = new ArrayList<>();
    try (RawClient client = RawClient.connect(port)) {
      for (int i = 0; i < 6; i++) {
        answers.add(client.exchange(get("/", "a")).text());
      }
    }
    assertEquals(List.of("1", "2", "1", "2", "1", "2"), answers);
    assertEquals(1, origin.connections());
    assertEquals(1, second.connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void theNextEndpointIsTriedWhenOneRefusesTheConnection(String method) throws Exception {
    String refusing = "http://127.0.0.1:" + OriginServer.unusedPort();
    origin.onRequest(c -> c.send(ok(c.readBodyText())));
    int port =
        start(
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .ioThreads(1)
                .cluster(
                    "app",
                    c ->
                        c.endpoint(refusing)
                            .endpoint(uri(origin))
                            .loadBalancer(LoadBalancers.roundRobin()))
                .route("/**", "app"));
    for (int i = 0; i < 3; i++) {
      String request = head(method + " / HTTP/1.1", "Host: a", "Content-Length: 2") + "hi";
      assertEquals("hi", RawClient.ask(port, request).text());
    }
  }

  /** What is kept for the cache, and what is not because it is too long. */
  @ParameterizedTest
  @ValueSource(ints = {2, 100_000})
  void aQueryGoesToTheNextEndpointWithAllOfItsContent(int length) throws Exception {
    String refusing = "http://127.0.0.1:" + OriginServer.unusedPort();
    String content = "x".repeat(length);
    LoadBalancer inOrder = (candidates, random) -> 0;
    origin.onRequest(c -> c.send(ok(c.readBodyText())));
    int port =
        start(
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .ioThreads(1)
                .cluster(
                    "app", c -> c.endpoint(refusing).endpoint(uri(origin)).loadBalancer(inOrder))
                .route("/**", "app")
                .cache(rules -> {}));
    for (String framing : List.of("Content-Length: " + length, "Transfer-Encoding: chunked")) {
      String body = framing.startsWith("C") ? content : chunked(content);
      String request = head("QUERY / HTTP/1.1", "Host: a", framing) + body;
      assertEquals(content, RawClient.ask(port, request).text());
    }
  }

  @Test
  void allEndpointsRefusingIsABadGateway() throws Exception {
    String one = "http://127.0.0.1:" + OriginServer.unusedPort();
    String two = "http://127.0.0.1:" + OriginServer.unusedPort();
    int port =
        start(
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .viaName("gate")
                .cluster("app", c -> c.endpoint(one).endpoint(two))
                .route("/**", "app"));
    assertFailure(502, "connection_refused", RawClient.ask(port, get("/", "a")));
  }

  @Test
  void aRequestThatWasSentIsNotSentToAnotherEndpoint() throws Exception {
    OriginServer second = opened.origin();
    origin.onRequest(c -> c.reset());
    int port =
        start(
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .ioThreads(1)
                .viaName("gate")
                .cluster(
                    "app",
                    c ->
                        c.endpoint(uri(origin))
                            .endpoint(uri(second))
                            .loadBalancer(LoadBalancers.roundRobin()))
                .route("/**", "app"));
    String request = head("POST / HTTP/1.1", "Host: a", "Content-Length: 0");
    assertFailure(502, "connection_terminated", RawClient.ask(port, request));
    assertEquals(0, second.connections());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aLoadBalancerThatFailsIsAnInternalError(int failing) throws Exception {
    String one = "http://127.0.0.1:" + OriginServer.unusedPort();
    String two = "http://127.0.0.1:" + OriginServer.unusedPort();
    String three = "http://127.0.0.1:" + OriginServer.unusedPort();
    AtomicInteger asked = new AtomicInteger();
    LoadBalancer balancer =
        (candidates, random) -> {
          if (asked.incrementAndGet() == failing) {
            throw new StackOverflowError("a load balancer that fails");
          }
          return 0;
        };
    int port =
        start(
            builder()
                .cluster(
                    "bad",
                    c -> c.endpoint(one).endpoint(two).endpoint(three).loadBalancer(balancer))
                .route("/bad", "bad")
                .route("/**", "app"));
    try (RawClient client = RawClient.connect(port)) {
      assertFailure(500, "proxy_internal_error", client.exchange(get("/bad", "a")));
      assertEquals("ok", client.exchange(get("/good", "a")).text());
    }
    assertEquals(failing, asked.get());
  }

  /** The first endpoint stops listening before its pooled connection dies. */
  @Test
  void aRequestToBeSentAgainGoesToTheNextEndpointIfItsOwnIsGone() throws Exception {
    try (ServerSocket dying = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serveOnceAndDie(dying));
      String first = "http://127.0.0.1:" + dying.getLocalPort();
      LoadBalancer inOrder = (candidates, random) -> 0;
      int port =
          start(
              ReverseProxy.builder()
                  .listen("127.0.0.1", 0)
                  .ioThreads(1)
                  .cluster(
                      "app", c -> c.endpoint(first).endpoint(uri(origin)).loadBalancer(inOrder))
                  .route("/**", "app"));
      assertEquals("dying", RawClient.ask(port, get("/1", "a")).text());
      assertEquals("ok", RawClient.ask(port, get("/2", "a")).text());
      served.orTimeout(10, TimeUnit.SECONDS).join();
      assertEquals(1, origin.heads().size());
    }
  }

  /** Answers one request, and resets the connection at the first octet of another. */
  private static void serveOnceAndDie(ServerSocket listener) {
    try (Socket connection = listener.accept()) {
      connection.getInputStream().read(new byte[1 << 16]);
      listener.close();
      connection.getOutputStream().write(ok("dying").getBytes(ISO_8859_1));
      connection.getInputStream().read();
      connection.setSoLinger(true, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Slow clients

  /** The rate is measured from five seconds on; both clients send no more until then. */
  @ParameterizedTest
  @ValueSource(strings = {"POST", "QUERY"})
  void contentThatComesMoreSlowlyThanItMustIsTimedOut(String method) throws Exception {
    origin.onRequest(
        c -> {
          try {
            c.send(ok(c.readBodyText()));
          } catch (EOFException cut) {
            assertTrue(c.request().startLine().contains("slow"));
          }
        });
    int port = start(builder().minBodyRate(10).route("/**", "app").cache(rules -> {}));
    String sent = "x".repeat(1000);
    try (RawClient slow = RawClient.connect(port);
        RawClient quick = RawClient.connect(port)) {
      quick.send(head(method + " /quick HTTP/1.1", "Host: a", "Content-Length: 1001") + sent);
      slow.send(head(method + " /slow HTTP/1.1", "Host: a", "Content-Length: 1001") + "x");
      RawResponse refusal = slow.readResponse();
      assertFailure(408, "http_request_error", refusal);
      assertEquals("close", refusal.field("Connection"));
      quick.send("y");
      assertEquals(sent + "y", quick.readResponse().text());
    }
  }

  // Names

  @Test
  void anEndpointWhoseNameHasNoAddressIsABadGateway() throws Exception {
    int port =
        start(
            builder()
                .cluster("nowhere", c -> c.endpoint("http://nowhere.invalid"))
                .route("/**", "nowhere"));
    assertFailure(502, "dns_error", RawClient.ask(port, get("/", "a")));
  }

  @Test
  void theNextEndpointIsTriedWhenANameHasNoAddress() throws Exception {
    int port =
        start(
            builder()
                .cluster(
                    "half",
                    c ->
                        c.endpoint("http://nowhere.invalid")
                            .endpoint(uri(origin))
                            .loadBalancer(LoadBalancers.roundRobin()))
                .route("/**", "half"));
    for (int i = 0; i < 2; i++) {
      assertEquals("ok", RawClient.ask(port, get("/", "a")).text());
    }
  }

  // Routes

  @Test
  void requestsWithoutARouteAreNotFound() throws Exception {
    int port = start(builder().route("/app/**", "app"));
    assertFailure(404, "destination_not_found", RawClient.ask(port, get("/other", "a")));
    assertEquals("ok", RawClient.ask(port, get("/app/x", "a")).text());
    assertEquals(1, origin.heads().size());
  }

  @Test
  void hostAndPathDecide() throws Exception {
    OriginServer shop = opened.origin();
    shop.respond(ok("shop"));
    int port =
        start(
            builder()
                .cluster("shop", c -> c.endpoint(uri(shop)))
                .route(host("shop.example.com").path("/a/**"), route -> route.to("shop"))
                .route("/**", "app"));
    assertEquals("shop", RawClient.ask(port, get("/a/b", "Shop.example.com:80")).text());
    assertEquals("ok", RawClient.ask(port, get("/b", "shop.example.com")).text());
    assertEquals("ok", RawClient.ask(port, get("/a/b", "example.com")).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/../private", "/%2e%2e/private", "/a/%2E%2e/private"})
  void noSpellingOfAPathGetsAroundTheRoutes(String target) throws Exception {
    int port = start(builder().route("/a/**", "app"));
    int status = RawClient.ask(port, get(target, "a")).status();
    assertTrue(status == 404 || status == 400, () -> "status " + status);
    assertEquals(List.of(), origin.heads());
  }

  @Test
  void connectIsNotOffered() throws Exception {
    int port = start(builder().route("/**", "app"));
    RawResponse response =
        RawClient.ask(port, head("CONNECT " + origin.authority() + " HTTP/1.1", "Host: a"));
    assertFailure(405, "http_request_error", response);
    assertTrue(String.valueOf(response.field("Allow")).contains("GET"));
    assertEquals(0, origin.connections());
  }

  @Test
  void optionsForTheWholeServerReachIt() throws Exception {
    int port = start(builder().route("/**", "app"));
    assertEquals("ok", RawClient.ask(port, head("OPTIONS * HTTP/1.1", "Host: a")).text());
    assertEquals("OPTIONS * HTTP/1.1", origin.lastRequest().startLine());
  }

  // Rewriting

  @Test
  void aPrefixIsStrippedOnTheWayInAndPutBackOnTheWayOut() throws Exception {
    origin.respond(
        head(
            "HTTP/1.1 302 Found",
            "Location: http://" + origin.authority() + "/login?next=/",
            "Content-Location: /x",
            "Set-Cookie: a=b; Path=/; Domain=127.0.0.1; HttpOnly",
            "Set-Cookie: c=d; Path=/sub",
            "Content-Length: 0"));
    int port =
        start(builder().route(path("/shop/**"), route -> route.to("app").stripPrefix("/shop")));
    RawResponse response = RawClient.ask(port, get("/shop/cart?x=/shop", "www.example.com"));
    assertEquals("GET /cart?x=/shop HTTP/1.1", origin.lastRequest().startLine());
    assertEquals("http://www.example.com/shop/login?next=/", response.field("Location"));
    assertEquals("/shop/x", response.field("Content-Location"));
    assertEquals(
        List.of("a=b; Path=/shop; HttpOnly", "c=d; Path=/shop/sub"), response.all("Set-Cookie"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void earlyHintsAreMappedLikeTheResponse(boolean isProtected) throws Exception {
    String link = "Link: <http://" + origin.authority() + "/a.css>; rel=preload";
    origin.respond(
        head(
                "HTTP/1.1 103 Early Hints",
                link,
                "Via: 1.1 " + origin.authority(),
                "endpoint-load-metrics: TEXT cpu_utilization=0.3")
            + head("HTTP/1.1 200 OK", link, "Content-Length: 0"));
    int port =
        start(
            builder()
                .viaName("gate")
                .route(
                    path("/shop/**"),
                    route -> {
                      route.to("app").stripPrefix("/shop").responseField("X-Final", "1");
                      if (isProtected) {
                        route.protect(p -> p.securityFields(f -> f.usual()));
                      }
                    }));
    RawResponse response = RawClient.ask(port, get("/shop/", "www.example.com"));
    RawHead hints = response.interim().get(0);
    assertEquals("<http://www.example.com/shop/a.css>; rel=preload", response.field("Link"));
    assertEquals(response.field("Link"), hints.field("Link"));
    assertEquals("1.1 upstream, 1.1 gate", hints.field("Via"));
    assertNull(hints.field("endpoint-load-metrics"));
    assertNull(hints.field("X-Final"));
  }

  @Test
  void redirectsElsewhereStay() throws Exception {
    origin.respond(
        head("HTTP/1.1 302 Found", "Location: https://elsewhere.example/x", "Content-Length: 0"));
    int port = start(builder().route("/**", "app"));
    RawResponse response = RawClient.ask(port, get("/", "www.example.com"));
    assertEquals("https://elsewhere.example/x", response.field("Location"));
  }

  @Test
  void aRedirectToTheUpstreamItselfIsMapped() throws Exception {
    origin.respond(
        head(
            "HTTP/1.1 302 Found",
            "Location: http://" + origin.authority() + "/x",
            "Content-Length: 0"));
    int port = start(builder().route("/**", "app"));
    RawResponse response = RawClient.ask(port, get("/", "www.example.com"));
    assertEquals("http://www.example.com/x", response.field("Location"));
  }

  @Test
  void theUpstreamGetsTheClientsHost() throws Exception {
    int port = start(builder().route("/**", "app"));
    RawClient.ask(port, get("/", "www.example.com"));
    assertEquals("www.example.com", origin.lastRequest().field("Host"));
  }

  @Test
  void theUpstreamMayGetItsOwnHost() throws Exception {
    int port = start(builder().endpointHost().route("/**", "app"));
    RawClient.ask(port, get("/", "www.example.com"));
    assertEquals(origin.authority(), origin.lastRequest().field("Host"));
  }

  @Test
  void fieldRulesHaveTheLastWord() throws Exception {
    origin.respond(head("HTTP/1.1 200 OK", "X-Secret: 1", "Content-Length: 0"));
    int port =
        start(
            builder()
                .requestField("X-Added", "yes")
                .removeRequestField("Cookie")
                .responseField("X-Frame-Options", "DENY")
                .removeResponseField("X-Secret")
                .route("/**", "app"));
    RawResponse response =
        RawClient.ask(port, head("GET / HTTP/1.1", "Host: a", "Cookie: a=b", "X-Added: no"));
    assertEquals("yes", origin.lastRequest().field("X-Added"));
    assertNull(origin.lastRequest().field("Cookie"));
    assertEquals("DENY", response.field("X-Frame-Options"));
    assertNull(response.field("X-Secret"));
  }

  // Forwarded

  @Test
  void whatAStrangerSaysAboutItselfIsReplaced() throws Exception {
    int port = start(builder().route("/**", "app"));
    RawClient.ask(
        port,
        head(
            "GET / HTTP/1.1",
            "Host: www.example.com",
            "X-Forwarded-For: 192.0.2.1",
            "X-Forwarded-Proto: https",
            "Forwarded: for=192.0.2.1"));
    RawHead request = origin.lastRequest();
    assertEquals("127.0.0.1", request.field("X-Forwarded-For"));
    assertEquals("http", request.field("X-Forwarded-Proto"));
    assertEquals("www.example.com", request.field("X-Forwarded-Host"));
    assertNull(request.field("Forwarded"));
  }

  @Test
  void whatATrustedProxySaysIsContinued() throws Exception {
    int port = start(builder().trustedClients("127.0.0.0/8").route("/**", "app"));
    RawClient.ask(
        port,
        head(
            "GET / HTTP/1.1",
            "Host: www.example.com",
            "X-Forwarded-For: 192.0.2.1",
            "X-Forwarded-Proto: https"));
    RawHead request = origin.lastRequest();
    assertEquals("192.0.2.1, 127.0.0.1", String.join(", ", request.all("X-Forwarded-For")));
    assertEquals("https", request.field("X-Forwarded-Proto"));
  }

  @Test
  void theStandardFieldCanBeUsedInstead() throws Exception {
    int port = start(builder().forwarded(ForwardedMode.FORWARDED).route("/**", "app"));
    RawClient.ask(port, get("/", "www.example.com"));
    RawHead request = origin.lastRequest();
    assertTrue(String.valueOf(request.field("Forwarded")).contains("for=127.0.0.1"));
    assertNull(request.field("X-Forwarded-For"));
  }

  /** What is put together from two parts finds no room, so that all of it is asked for. */
  @Test
  void anEndpointThatIsAskedAgainForWhatFoundNoRoomIsInUseUntilItHasAnswered() throws Exception {
    OriginServer other = opened.origin();
    CountDownLatch release = new CountDownLatch(1);
    BlockingQueue<Integer> active = new LinkedBlockingQueue<>();
    LoadBalancer balancer =
        (candidates, random) -> {
          active.add(candidates.activeRequests(0));
          return 0;
        };
    int port =
        start(
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .ioThreads(1)
                .cluster(
                    "app", c -> c.endpoint(uri(origin)).endpoint(uri(other)).loadBalancer(balancer))
                .route("/**", "app")
                .cache(rules -> rules.maxBytes(6000)));
    String part = "HTTP/1.1 206 Partial Content\r\nCache-Control: max-age=600\r\nETag: \"1\"";
    String tooMuch = "X-Big: " + "x".repeat(6000);
    origin.onRequest(
        c -> c.send(head(part, "Content-Range: bytes 0-4/10", "Content-Length: 5") + "01234"),
        c -> {
          c.send(head(part, "Content-Range: bytes 5-9/10", "Content-Length: 5", tooMuch) + "56789");
          c.awaitClose();
        },
        c -> {
          release.await();
          c.send(ok("0123456789"));
        },
        c -> c.send(ok("ok")));
    RawClient.ask(port, head("GET / HTTP/1.1", "Host: a", "Range: bytes=0-4"));
    try (RawClient client = RawClient.connect(port)) {
      client.send(get("/", "a"));
      origin.awaitHeads(3);
      origin.connection(0).awaitEnded();
      RawClient.ask(port, get("/other", "a"));
      release.countDown();
      assertEquals("0123456789", client.readResponse().text());
    }
    RawClient.ask(port, get("/other", "a"));
    assertEquals(List.of(0, 0, 1, 0), List.copyOf(active));
  }

  // Refreshing

  /** The balancer fails when the refresh asks it: the second time. */
  @Test
  void aRefreshThatFailsToBeginIsNoConcernOfTheClientAndIsTriedAgain() throws Exception {
    OriginServer other = opened.origin();
    AtomicInteger asked = new AtomicInteger();
    LoadBalancer balancer =
        (candidates, random) -> {
          if (asked.incrementAndGet() == 2) {
            throw new StackOverflowError("a load balancer that fails");
          }
          return 0;
        };
    int port =
        start(
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .ioThreads(1)
                .cluster(
                    "app", c -> c.endpoint(uri(origin)).endpoint(uri(other)).loadBalancer(balancer))
                .route("/**", "app")
                .cache(rules -> rules.fillTimeout(Duration.ofMinutes(1))));
    String old = "x".repeat(3_000_000);
    origin.respond(
        head(
                "HTTP/1.1 200 OK",
                "Cache-Control: max-age=50, stale-while-revalidate=1000",
                "Age: 100",
                "Content-Length: " + old.length())
            + old);
    for (int i = 0; i < 3; i++) {
      assertEquals(old, RawClient.ask(port, get("/", "a")).text());
    }
    origin.awaitHeads(2);
    assertEquals(3, asked.get());
  }

  // Purging

  @Test
  void whatHasNoRouteIsNotPurged() throws Exception {
    int port =
        start(
            builder()
                .route(host("www.example.com"), r -> r.to("app"))
                .cache(rules -> rules.purgeFrom("127.0.0.1")));
    assertFailure(
        404,
        "destination_not_found",
        RawClient.ask(port, head("PURGE / HTTP/1.1", "Host: other.example.com")));
    RawResponse purged = RawClient.ask(port, head("PURGE / HTTP/1.1", "Host: www.example.com"));
    assertEquals("{\"invalidated\":0}", purged.text());
  }
}
