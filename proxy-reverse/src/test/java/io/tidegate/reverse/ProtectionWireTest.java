package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.reverse.protect.ProtectionBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Protection on the wire. */
class ProtectionWireTest {
  @RegisterExtension private final Opened opened = new Opened();
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.origin();
    origin.respond(ok("hello"));
  }

  private ReverseProxy.Builder builder(Consumer<ProtectionBuilder> ofRoute) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .viaName("gate")
        .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
        .route(path("/**"), route -> route.to("app").protect(ofRoute));
  }

  private int start(ReverseProxy.Builder builder) {
    Proxy proxy = opened.push(builder.start());
    return proxy.address().getPort();
  }

  private int start(Consumer<ProtectionBuilder> ofRoute) {
    return start(builder(ofRoute));
  }

  private static void assertRefused(int status, String error, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("gate; error=" + error, response.field("Proxy-Status"));
  }

  @Test
  void aDeniedClientGets403AndTheUpstreamNothing() throws Exception {
    int port = start(builder(p -> {}).protect(p -> p.denyClients("127.0.0.0/8")));
    assertRefused(403, "http_request_denied", RawClient.ask(port, get("/", "a")));
    assertEquals(0, origin.connections());
  }

  @Test
  void theClientThatATrustedProxyTellsIsTheOneThatCounts() throws Exception {
    int port = start(builder(p -> p.denyClients("192.0.2.0/24")).trustedClients("127.0.0.0/8"));
    try (RawClient client = RawClient.connect(port)) {
      assertRefused(
          403,
          "http_request_denied",
          client.exchange(
              head("GET / HTTP/1.1", "Host: a", "X-Forwarded-For: 198.51.100.1, 192.0.2.1")));
      assertEquals(
          200,
          client
              .exchange(
                  head("GET / HTTP/1.1", "Host: a", "X-Forwarded-For: 192.0.2.1, 198.51.100.1"))
              .status());
    }
  }

  @Test
  void aRequestTooManyGets429() throws Exception {
    int port =
        start(p -> p.rateLimit("site", 2, Duration.ofHours(2), l -> l.perClient().tellClients()));
    try (RawClient client = RawClient.connect(port)) {
      RawResponse first = client.exchange(get("/", "a"));
      assertEquals(200, first.status());
      assertEquals("\"site\";q=2;w=7200", first.field("RateLimit-Policy"));
      assertEquals("\"site\";r=1;t=3600", first.field("RateLimit"));
      assertEquals(200, client.exchange(get("/", "a")).status());
      RawResponse third = client.exchange(get("/", "a"));
      assertRefused(429, "http_request_denied", third);
      assertEquals("3600", third.field("Retry-After"));
      assertEquals("\"site\";r=0;t=7200", third.field("RateLimit"));
    }
    assertEquals(2, origin.heads().size());
  }

  @Test
  void aMethodThatIsNotAllowedGets405() throws Exception {
    RawResponse response =
        RawClient.ask(start(p -> p.allowMethods("GET")), head("DELETE / HTTP/1.1", "Host: a"));
    assertRefused(405, "http_request_denied", response);
    assertEquals("GET, HEAD", response.field("Allow"));
  }

  @Test
  void contentThatIsTooLongForTheRouteGets413() throws Exception {
    int port = start(p -> p.maxBodyBytes(4));
    assertRefused(
        413,
        "http_request_error",
        RawClient.ask(port, head("POST / HTTP/1.1", "Host: a", "Content-Length: 5") + "12345"));
    assertEquals(0, origin.connections());
    assertRefused(
        413,
        "http_request_error",
        RawClient.ask(
            port,
            head("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")
                + "5\r\n12345\r\n0\r\n\r\n"));
  }

  @Test
  void contentAsLongAsTheRouteTakesPasses() throws Exception {
    origin.onRequest(c -> c.send(ok(c.readBodyText())));
    RawResponse response =
        RawClient.ask(
            start(p -> p.maxBodyBytes(4)),
            head("POST / HTTP/1.1", "Host: a", "Content-Length: 4") + "1234");
    assertEquals("1234", response.text());
  }

  @Test
  void aPathThatClimbsGets400() throws Exception {
    int port = start(builder(p -> {}).protect(p -> p.filters(f -> f.pathTraversal())));
    assertRefused(
        400, "http_request_denied", RawClient.ask(port, get("/?file=..%2f..%2fetc", "a")));
  }

  @Test
  void aPreflightIsAnsweredWithoutTheUpstream() throws Exception {
    int port = start(p -> p.cors(c -> c.origins("https://app.example").methods("PUT")));
    RawResponse response =
        RawClient.ask(
            port,
            head(
                "OPTIONS / HTTP/1.1",
                "Host: a",
                "Origin: https://app.example",
                "Access-Control-Request-Method: PUT"));
    assertEquals(204, response.status());
    assertEquals("https://app.example", response.field("Access-Control-Allow-Origin"));
    assertEquals("GET, HEAD, POST, PUT", response.field("Access-Control-Allow-Methods"));
    assertEquals("Origin", response.field("Vary"));
    assertEquals(0, origin.connections());
  }

  @Test
  void aStoredResponseIsForEachOriginItsOwn() throws Exception {
    origin.respond(
        head("HTTP/1.1 200 OK", "Cache-Control: max-age=60", "Content-Length: 2") + "ok");
    int port =
        start(
            builder(p -> p.cors(c -> c.origins("https://a.example", "https://b.example")))
                .cache(c -> {}));
    try (RawClient client = RawClient.connect(port)) {
      for (String page :
          new String[] {"https://a.example", "https://b.example", "https://c.example"}) {
        RawResponse response =
            client.exchange(head("GET / HTTP/1.1", "Host: x", "Origin: " + page));
        assertEquals("ok", response.text());
        assertEquals("Origin", response.field("Vary"));
        if (page.equals("https://c.example")) {
          assertNull(response.field("Access-Control-Allow-Origin"));
        } else {
          assertEquals(page, response.field("Access-Control-Allow-Origin"));
        }
      }
    }
    assertEquals(1, origin.heads().size());
  }

  @Test
  void errorsOfTheProxysOwnHaveSecurityFieldsToo() throws Exception {
    origin.onRequest(c -> c.close());
    RawResponse response =
        RawClient.ask(
            start(p -> p.securityFields(f -> f.usual())),
            head("POST / HTTP/1.1", "Host: a", "Content-Length: 0"));
    assertEquals(502, response.status());
    assertEquals("nosniff", response.field("X-Content-Type-Options"));
    assertEquals("SAMEORIGIN", response.field("X-Frame-Options"));
  }

  @Test
  void requestsUnderWayAreCountedUntilTheyEnd() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    origin.onRequest(
        c -> {
          answer.await(10, TimeUnit.SECONDS);
          c.send(ok("late"));
        });
    int port = start(p -> p.maxActiveRequests(1));
    try (RawClient first = RawClient.connect(port);
        RawClient second = RawClient.connect(port)) {
      first.send(get("/", "a"));
      origin.awaitHeads(1);
      RawResponse refused = second.exchange(get("/", "a"));
      assertRefused(503, "connection_limit_reached", refused);
      assertEquals("1", refused.field("Retry-After"));
      answer.countDown();
      assertEquals("late", first.readResponse().text());
      assertEquals("late", second.exchange(get("/", "a")).text());
    }
  }
}
