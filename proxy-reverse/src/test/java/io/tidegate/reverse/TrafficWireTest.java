package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeFilter;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.core.testkit.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a route makes besides those of clients, on the wire. */
class TrafficWireTest {
  @RegisterExtension private final Opened opened = new Opened();
  private final CountDownLatch over = new CountDownLatch(1);
  private OriginServer app;
  private OriginServer other;

  @BeforeEach
  void startOrigins() throws IOException {
    app = opened.origin();
    other = opened.origin();
    app.respond(ok("app"));
  }

  @AfterEach
  void closeAll() throws Exception {
    over.countDown();
  }

  private int start(Consumer<RouteBuilder> route) {
    return start(route, builder -> {});
  }

  private int start(Consumer<RouteBuilder> route, Consumer<ReverseProxy.Builder> more) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .cluster("app", c -> c.endpoint("http://" + app.authority()))
            .cluster("other", c -> c.endpoint("http://" + other.authority()))
            .route(Routes.path("/**"), r -> route.accept(r.to("app")));
    more.accept(builder);
    ReverseProxy proxy = opened.push(builder.start());
    return proxy.address().getPort();
  }

  // Leave to pass

  private int authorized() {
    return start(route -> route.authorizedBy("other", "/verify?app=1", "X-User", "X-Groups"));
  }

  @Test
  void aRequestPassesWithWhatTheServerThatWasAskedSaysAboutIt() throws Exception {
    other.respond(head("HTTP/1.1 204 No", "X-User: ann", "X-Groups: a", "X-Groups: b", "X-C: c"));
    String request =
        head(
            "DELETE /a%20b?c=d HTTP/1.1",
            "Host: shop.example", "Authorization: Bearer t", "X-User: root", "If-Match: \"1\"");
    assertEquals("app", RawClient.ask(authorized(), request).text());
    RawHead asked = other.lastRequest();
    assertEquals("GET /verify?app=1 HTTP/1.1", asked.startLine());
    assertEquals("shop.example", asked.field("Host"));
    assertEquals("Bearer t", asked.field("Authorization"));
    assertEquals("DELETE", asked.field("X-Forwarded-Method"));
    assertEquals("/a%20b?c=d", asked.field("X-Forwarded-Uri"));
    assertEquals("127.0.0.1", asked.field("X-Forwarded-For"));
    assertNull(asked.field("If-Match"));
    RawHead sent = app.lastRequest();
    assertEquals("DELETE /a%20b?c=d HTTP/1.1", sent.startLine());
    assertEquals(List.of("ann"), sent.all("X-User"));
    assertEquals(List.of("a", "b"), sent.all("X-Groups"));
    assertNull(sent.field("X-C"));
    assertEquals("\"1\"", sent.field("If-Match"));
  }

  @Test
  void filtersAreNotAskedAboutTheServerThatGivesLeave() throws Exception {
    other.respond(ok(""));
    BlockingQueue<Destination> asked = new LinkedBlockingQueue<>();
    ExchangeFilter filter =
        new ExchangeFilter() {
          @Override
          public void response(
              ClientRequest request,
              Destination destination,
              ResponseHead response,
              Completion<Verdict> completion) {
            asked.add(destination);
            completion.completed(new Pass(response.fields()));
          }
        };
    int port = start(route -> route.authorizedBy("other", "/"), p -> p.filter(filter));
    assertEquals("app", RawClient.ask(port, get("/", "a")).text());
    assertEquals("[http://" + app.authority() + "]", asked.toString());
  }

  @Test
  void aClientCannotSayItselfWhatTheServerHasNotSaid() throws Exception {
    other.respond(ok(""));
    RawClient.ask(authorized(), head("GET / HTTP/1.1", "Host: a", "x-user: root"));
    assertNull(app.lastRequest().field("X-User"));
  }

  @ParameterizedTest
  @CsvSource({"401, no", "403, ''", "302, elsewhere", "500, broken"})
  void anyOtherAnswerIsTheClients(int status, String content) throws Exception {
    other.respond(
        head(
                "HTTP/1.1 " + status + " X",
                "Location: https://login.example/",
                "WWW-Authenticate: Basic",
                "Set-Cookie: s=1",
                "Content-Length: " + content.length())
            + content);
    try (RawClient client = RawClient.connect(authorized())) {
      RawResponse response = client.exchange(get("/", "a"));
      assertEquals(status, response.status());
      assertEquals(content, response.text());
      assertEquals("https://login.example/", response.field("Location"));
      assertEquals("Basic", response.field("WWW-Authenticate"));
      assertEquals("s=1", response.field("Set-Cookie"));
      other.respond(ok(""));
      assertEquals("app", client.exchange(get("/", "a")).text());
    }
    assertEquals(1, app.heads().size());
  }

  @Test
  void contentReachesTheUpstreamAfterLeaveWasGiven() throws Exception {
    other.respond(ok(""));
    app.onRequest(c -> c.send(ok(c.readBodyText())));
    String request = head("POST / HTTP/1.1", "Host: a", "Content-Length: 5") + "hello";
    assertEquals("hello", RawClient.ask(authorized(), request).text());
    assertNull(other.lastRequest().field("Content-Length"));
  }

  @Test
  void whenNobodyCanBeAskedNothingPasses() throws Exception {
    other.onRequest(c -> c.reset());
    assertEquals(502, RawClient.ask(authorized(), get("/", "a")).status());
    assertEquals(0, app.connections());
  }

  @Test
  void aRequestWithoutLeaveHasNoFallbackCluster() throws Exception {
    OriginServer spare = opened.origin();
    other.onRequest(
        c -> {
          c.send(head("HTTP/1.1 401 No", "Content-Length: 10") + "half");
          c.reset();
        });
    int port =
        start(
            route -> route.authorizedBy("other", "/").resilience(r -> r.fallback("spare")),
            builder -> builder.cluster("spare", c -> c.endpoint("http://" + spare.authority())));
    assertEquals(502, RawClient.ask(port, get("/", "a")).status());
    assertEquals(0, spare.connections());
    assertEquals(0, app.connections());
  }

  @Test
  void theServerThatIsAskedSeesThePathThatTheUpstreamGets() throws Exception {
    other.respond(ok(""));
    RawClient.ask(authorized(), get("/public/../admin?a=/../b", "a"));
    assertEquals("/admin?a=/../b", other.lastRequest().field("X-Forwarded-Uri"));
    assertEquals("GET /admin?a=/../b HTTP/1.1", app.lastRequest().startLine());
  }

  @Test
  void whatIsStoredNeedsLeaveAsWell() throws Exception {
    other.respond(ok(""), head("HTTP/1.1 403 No", "Content-Length: 0"));
    app.respond(
        head("HTTP/1.1 200 OK", "Cache-Control: public, max-age=60", "Content-Length: 1") + "a");
    int port =
        start(route -> route.authorizedBy("other", "/"), builder -> builder.cache(cache -> {}));
    assertEquals(200, RawClient.ask(port, get("/", "a")).status());
    assertEquals(403, RawClient.ask(port, get("/", "a")).status());
  }

  @Test
  void aClientThatLeavesIsNotAskedAbout() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    other.onRequest(
        c -> {
          asked.countDown();
          c.awaitClose();
          left.countDown();
        });
    try (RawClient client = RawClient.connect(authorized())) {
      client.send(get("/", "a"));
      asked.await();
    }
    assertTrue(left.await(10, TimeUnit.SECONDS));
    assertEquals(0, app.connections());
  }

  // Copies

  private final BlockingQueue<String> copies = new LinkedBlockingQueue<>();

  private void collectCopies() {
    other.onRequest(
        c -> {
          copies.add(c.request().startLine() + " " + c.readBodyText());
          c.send(head("HTTP/1.1 500 Oops", "Content-Length: 0"));
        });
  }

  private String copy() throws InterruptedException {
    return copies.poll(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Length: 5", "Transfer-Encoding: chunked"})
  void aRequestIsCopiedWithItsContent(String framing) throws Exception {
    collectCopies();
    app.onRequest(c -> c.send(ok(c.readBodyText())));
    String content =
        framing.isEmpty() ? "" : framing.startsWith("C") ? "hello" : "5\r\nhello\r\n0\r\n\r\n";
    String[] lines = {"PUT /a?b HTTP/1.1", "Host: a", framing};
    String request = framing.isEmpty() ? get("/a?b", "a") : head(lines) + content;
    String told = framing.isEmpty() ? "" : "hello";
    assertEquals(told, RawClient.ask(start(r -> r.mirror("other")), request).text());
    assertEquals((framing.isEmpty() ? "GET" : "PUT") + " /a?b HTTP/1.1 " + told, copy());
  }

  @ParameterizedTest
  @CsvSource({"5, 64", "5, 2", "5, 0", "65536, 64"})
  void aRequestThatIsBufferedIsCopiedToo(int length, int memory) throws Exception {
    collectCopies();
    int port =
        start(r -> r.mirror("other").buffering(b -> b.requests().requestMemoryBytes(memory)));
    String content = "x".repeat(length);
    String request = head("POST /a HTTP/1.1", "Host: a", "Content-Length: " + length) + content;
    assertEquals("app", RawClient.ask(port, request).text());
    assertEquals("POST /a HTTP/1.1 " + content, copy());
  }

  @Test
  void aRequestThatWasCollectedForTheCacheIsCopiedToo() throws Exception {
    collectCopies();
    int port = start(r -> r.mirror("other"), builder -> builder.cache(cache -> {}));
    String request =
        head("QUERY /a HTTP/1.1", "Host: a", "Content-Type: a/b", "Content-Length: 5") + "hello";
    assertEquals("app", RawClient.ask(port, request).text());
    assertEquals("QUERY /a HTTP/1.1 hello", copy());
  }

  @Test
  void aRequestThatIsSentTwiceIsCopiedOnce() throws Exception {
    collectCopies();
    app.onRequest(
        c -> c.send(ok("first")),
        c -> {
          c.readBytes(2);
          c.reset();
        },
        c -> c.send(ok(c.readBodyText())));
    int port = start(r -> r.mirror("other"));
    try (RawClient client = RawClient.connect(port)) {
      client.exchange(get("/1", "a"));
      assertEquals("GET /1 HTTP/1.1 ", copy());
      String request = head("PUT /2 HTTP/1.1", "Host: a", "Content-Length: 5") + "hello";
      assertEquals("hello", client.exchange(request).text());
      assertEquals("PUT /2 HTTP/1.1 hello", copy());
      client.exchange(get("/3", "a"));
      assertEquals("GET /3 HTTP/1.1 ", copy());
    }
  }

  @Test
  void aRequestThatBreaksOffHalfwayAndBeginsAgainIsCopiedWhole() throws Exception {
    collectCopies();
    CountDownLatch again = new CountDownLatch(1);
    app.onRequest(
        c -> c.send(ok("first")),
        c -> {
          c.readBytes(2);
          c.reset();
        },
        c -> {
          c.readBytes(2);
          again.countDown();
          c.readBytes(3);
          c.send(ok("second"));
        });
    try (RawClient client = RawClient.connect(start(r -> r.mirror("other")))) {
      client.exchange(get("/1", "a"));
      assertEquals("GET /1 HTTP/1.1 ", copy());
      client.send(head("PUT /2 HTTP/1.1", "Host: a", "Content-Length: 5") + "he");
      assertTrue(again.await(10, TimeUnit.SECONDS));
      client.send("llo");
      assertEquals("second", client.readResponse().text());
      assertEquals("PUT /2 HTTP/1.1 hello", copy());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRequestWithTooMuchContentIsNotCopied(boolean buffered) throws Exception {
    collectCopies();
    int port =
        start(
            r -> {
              r.mirror("other", 100, 4);
              if (buffered) {
                r.buffering(b -> b.requests());
              }
            });
    String request = head("PUT /long HTTP/1.1", "Host: a", "Content-Length: 5") + "hello";
    assertEquals("app", RawClient.ask(port, request).text());
    assertEquals("app", RawClient.ask(port, get("/short", "a")).text());
    assertEquals("GET /short HTTP/1.1 ", copy());
  }

  @Test
  void nobodyWaitsForTheOneWhoGetsTheCopy() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    other.onRequest(
        c -> {
          asked.countDown();
          over.await();
        });
    int port = start(r -> r.mirror("other"));
    try (RawClient client = RawClient.connect(port)) {
      assertEquals("app", client.exchange(get("/1", "a")).text());
      assertTrue(asked.await(10, TimeUnit.SECONDS));
      assertEquals("app", client.exchange(get("/2", "a")).text());
    }
  }

  @Test
  void aMirrorThatIsDownIsNoConcernOfTheClients() throws Exception {
    String gone = "http://127.0.0.1:" + OriginServer.unusedPort();
    int port =
        start(r -> r.mirror("gone"), builder -> builder.cluster("gone", c -> c.endpoint(gone)));
    try (RawClient client = RawClient.connect(port)) {
      assertEquals("app", client.exchange(get("/1", "a")).text());
      assertEquals("app", client.exchange(get("/2", "a")).text());
    }
  }

  @Test
  void noShareOfTheRequestsIsNone() throws Exception {
    int port = start(r -> r.mirror("other", 0, 10));
    try (RawClient client = RawClient.connect(port)) {
      for (int i = 0; i < 50; i++) {
        client.exchange(get("/", "a"));
      }
    }
    assertEquals(0, other.connections());
  }
}
