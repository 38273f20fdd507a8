package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.reverse.balance.LoadBalancer;
import java.io.IOException;
import java.time.Duration;
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
import org.junit.jupiter.params.provider.ValueSource;

/** What a route does about endpoints that fail or are slow, on the wire. */
class ResilienceWireTest {
  private static final Duration HEDGE = Duration.ofMillis(300);

  /** A little less, for clocks that do not agree. */
  private static final long HEDGED_NANOS = HEDGE.minusMillis(20).toNanos();

  private static final LoadBalancer IN_ORDER = (candidates, random) -> 0;
  private static final String FAILED = head("HTTP/1.1 503 Busy", "Content-Length: 4") + "busy";

  @RegisterExtension private final Opened opened = new Opened();
  private final CountDownLatch over = new CountDownLatch(1);
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private OriginServer first;
  private OriginServer second;

  @BeforeEach
  void startOrigins() throws IOException {
    first = opened.origin();
    second = opened.origin();
    second.onRequest(c -> c.send(ok(c.readBodyText() + "second")));
  }

  @AfterEach
  void closeAll() throws Exception {
    over.countDown();
  }

  private static String uri(OriginServer origin) {
    return "http://" + origin.authority();
  }

  private int start(Consumer<ResilienceBuilder> resilience) {
    return start(resilience, builder -> {});
  }

  private int start(Consumer<ResilienceBuilder> resilience, Consumer<ReverseProxy.Builder> more) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .listener(
                new ExchangeListener() {
                  @Override
                  public void completed(Outcome outcome) {
                    outcomes.add(outcome);
                  }
                })
            .cluster(
                "app", c -> c.endpoint(uri(first)).endpoint(uri(second)).loadBalancer(IN_ORDER))
            .route(
                Routes.path("/**"),
                route ->
                    route
                        .to("app")
                        .resilience(r -> r.backOff(Duration.ZERO, Duration.ZERO))
                        .resilience(resilience));
    more.accept(builder);
    ReverseProxy proxy = opened.push(builder.start());
    return proxy.address().getPort();
  }

  private static void assertFailure(int status, String error, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("gate; error=" + error, response.field("Proxy-Status"));
  }

  private static String put(String content) {
    return head("PUT / HTTP/1.1", "Host: a", "Content-Length: " + content.length()) + content;
  }

  // Sent again

  @Test
  void aRequestThatIsLostOnTheWayIsSentToAnotherEndpoint() throws Exception {
    first.onRequest(c -> c.reset());
    assertEquals("second", RawClient.ask(start(r -> {}), get("/", "a")).text());
    assertEquals(1, first.heads().size());
  }

  @Test
  void aResponseThatIsNoneCountsAsAFailure() throws Exception {
    first.respond("HTTP/1.1 nonsense\r\n\r\n");
    assertEquals("second", RawClient.ask(start(r -> {}), get("/", "a")).text());
  }

  @Test
  void aResponseThatSaysItsServerIsBusyIsSparedTheClient() throws Exception {
    first.respond(FAILED);
    assertEquals("second", RawClient.ask(start(r -> {}), get("/", "a")).text());
  }

  @Test
  void aBusyResponseWithoutContentLeavesItsConnectionToOthers() throws Exception {
    first.respond(head("HTTP/1.1 503 Busy", "Content-Length: 0"));
    int port = start(r -> {});
    try (RawClient client = RawClient.connect(port)) {
      assertEquals("second", client.exchange(get("/1", "a")).text());
      assertEquals("second", client.exchange(get("/2", "a")).text());
    }
    assertEquals(2, first.heads().size());
    assertEquals(1, first.connections());
  }

  @Test
  void theLastBusyResponseIsTheClients() throws Exception {
    first.respond(FAILED);
    second.respond(FAILED);
    RawResponse response = RawClient.ask(start(r -> {}), get("/", "a"));
    assertEquals(503, response.status());
    assertEquals("busy", response.text());
    assertNull(response.field("Proxy-Status"));
  }

  @Test
  void whichResponsesCountAsFailuresCanBeSaid() throws Exception {
    first.respond(FAILED);
    assertEquals("busy", RawClient.ask(start(r -> r.retryOn(500)), get("/", "a")).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH"})
  void aRequestThatIsNotSafeToRepeatIsNeverSentAgain(String method) throws Exception {
    first.onRequest(c -> c.reset());
    String request = head(method + " / HTTP/1.1", "Host: a", "Content-Length: 0");
    assertFailure(502, "connection_terminated", RawClient.ask(start(r -> {}), request));
    assertEquals(0, second.connections());
  }

  private void losesContent() {
    first.onRequest(
        c -> {
          c.readBody();
          c.reset();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64 << 10})
  void shortContentIsKeptUntilItHasReachedAnEndpoint(int length) throws Exception {
    losesContent();
    String content = "x".repeat(length);
    RawResponse response = RawClient.ask(start(r -> {}), put(content));
    assertEquals(content + "second", response.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 0", "Content-Length: 4"})
  void theRestOfTheContentGoesToTheEndpointThatIsTriedNext(String length) throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    first.onRequest(
        c -> {
          c.readBytes(3);
          c.send(head("HTTP/1.1 503 Busy", length) + (length.endsWith("4") ? "busy" : ""));
          answered.countDown();
          over.await();
          c.reset(); // more may have come before the proxy has read the answer
        });
    int port = start(r -> r.backOff(Duration.ofMillis(200), Duration.ofMillis(200)));
    try (RawClient client = RawClient.connect(port)) {
      client.send(head("PUT / HTTP/1.1", "Host: a", "Content-Length: 30003") + "abc");
      assertTrue(answered.await(10, TimeUnit.SECONDS));
      client.send("x".repeat(30_000));
      assertEquals("abc" + "x".repeat(30_000) + "second", client.readResponse().text());
    }
  }

  @Test
  void contentThatIsTooLongToBeKeptIsNotSentAgain() throws Exception {
    losesContent();
    String content = "x".repeat((64 << 10) + 1);
    assertFailure(502, "connection_terminated", RawClient.ask(start(r -> {}), put(content)));
    assertEquals(0, second.connections());
  }

  @Test
  void contentIsNotSentAgainIfItIsNotToBeKept() throws Exception {
    losesContent();
    int port = start(r -> {}, builder -> builder.buffering(b -> b.replayBytes(0)));
    assertFailure(502, "connection_terminated", RawClient.ask(port, put("hello")));
    assertEquals(0, second.connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello"})
  void contentOfARequestThatIsNotSafeToRepeatIsNeverSentAgain(String content) throws Exception {
    losesContent();
    int port = start(r -> {}, builder -> builder.buffering(b -> b.requests().replayBytes(100)));
    String request = put(content).replace("PUT", "POST");
    assertFailure(502, "connection_terminated", RawClient.ask(port, request));
    assertEquals(0, second.connections());
  }

  @Test
  void oneAttemptIsAllIfThatIsSaid() throws Exception {
    first.onRequest(c -> c.reset());
    assertFailure(
        502, "connection_terminated", RawClient.ask(start(r -> r.attempts(1)), get("/", "a")));
    assertEquals(0, second.connections());
  }

  @Test
  void anEndpointThatDoesNotAnswerInTimeIsMadeUpForByAnother() throws Exception {
    first.onRequest(c -> over.await());
    int port = start(r -> r.responseTimeout(Duration.ofSeconds(1)));
    assertEquals("second", RawClient.ask(port, get("/", "a")).text());
  }

  @Test
  void whenNoEndpointAnswersInTimeTheClientIsTold() throws Exception {
    first.onRequest(c -> over.await());
    second.onRequest(c -> over.await());
    int port = start(r -> r.responseTimeout(Duration.ofMillis(200)));
    assertFailure(504, "http_response_timeout", RawClient.ask(port, get("/", "a")));
    assertEquals(1, first.awaitHeads(1).size());
    assertEquals(1, second.awaitHeads(1).size());
  }

  @Test
  void theWholeExchangeHasATimeoutOfItsOwn() throws Exception {
    first.onRequest(c -> over.await());
    int port = start(r -> r.exchangeTimeout(Duration.ofMillis(200)));
    assertFailure(504, "http_response_timeout", RawClient.ask(port, get("/", "a")));
    assertEquals(0, second.connections());
  }

  @Test
  void aResponseThatHasBegunIsNotMadeUpFor() throws Exception {
    first.onRequest(
        c -> {
          c.send(head("HTTP/1.1 200 OK", "Content-Length: 10") + "half");
          c.reset();
        });
    try (RawClient client = RawClient.connect(start(r -> {}))) {
      client.send(get("/", "a"));
      client.readHead();
      assertEquals("half", new String(client.readUntilClose()));
    }
    assertEquals(0, second.connections());
  }

  @Test
  void whenTheBudgetIsSpentTheClientGetsTheFailure() throws Exception {
    first.respond(FAILED);
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .cluster(
                "app",
                c ->
                    c.endpoint(uri(first))
                        .endpoint(uri(second))
                        .loadBalancer(IN_ORDER)
                        .retryBudget(0, 2))
            .route("/**", "app");
    ReverseProxy proxy = opened.push(builder.start());
    int port = proxy.address().getPort();
    assertEquals("second", RawClient.ask(port, get("/1", "a")).text());
    assertEquals("second", RawClient.ask(port, get("/2", "a")).text());
    assertEquals("busy", RawClient.ask(port, get("/3", "a")).text());
  }

  @Test
  void whenAllEndpointsFailTheyGetNoMoreThanTheBudgetAdds() throws Exception {
    first.respond(FAILED);
    second.respond(FAILED);
    int port = start(r -> r.attempts(5));
    try (RawClient client = RawClient.connect(port)) {
      for (int i = 0; i < 200; i++) {
        assertEquals(503, client.exchange(get("/", "a")).status());
      }
    }
    int sentAgain = first.heads().size() + second.heads().size() - 200;
    assertTrue(sentAgain <= 200 * 20 / 100 + 10, () -> sentAgain + " were sent again");
    assertTrue(sentAgain >= 200 * 20 / 100, () -> sentAgain + " were sent again");
  }

  // Sent twice at a time

  private int hedged() throws Exception {
    return hedged(r -> {});
  }

  private int hedged(Consumer<ResilienceBuilder> more) throws Exception {
    int port = start(r -> more.accept(r.hedge(95, HEDGE, 100).attempts(1)));
    first.respond(ok("first"));
    try (RawClient client = RawClient.connect(port)) {
      for (int i = 0; i < 128; i++) {
        assertEquals("first", client.exchange(get("/", "a")).text());
      }
    }
    return port;
  }

  /** The first endpoint answers when the second has been asked, and has said this and no more. */
  private void firstAnswersAfter(String ofSecond) {
    CountDownLatch said = new CountDownLatch(1);
    first.onRequest(
        c -> {
          said.await();
          c.send(ok("first"));
        });
    second.onRequest(
        c -> {
          c.send(ofSecond);
          said.countDown();
          c.awaitClose();
        });
  }

  @Test
  void aSecondEndpointIsAskedWhenTheFirstIsSlowAndTheFirstIsLeft() throws Exception {
    int port = hedged();
    CountDownLatch left = new CountDownLatch(1);
    first.onRequest(
        c -> {
          c.awaitClose();
          left.countDown();
        });
    assertEquals("second", RawClient.ask(port, get("/", "a")).text());
    assertTrue(left.await(10, TimeUnit.SECONDS));
    assertEquals(1, second.heads().size());
  }

  @Test
  void theFirstMayStillBeatTheSecond() throws Exception {
    int port = hedged();
    firstAnswersAfter("");
    assertEquals("first", RawClient.ask(port, get("/", "a")).text());
  }

  private Outcome told(RawResponse served) throws Exception {
    assertEquals(200, served.status());
    Outcome told = outcomes.poll(10, TimeUnit.SECONDS);
    for (int i = 0; i < 128; i++) { // those that were timed before
      told = outcomes.poll(10, TimeUnit.SECONDS);
    }
    return told;
  }

  @Test
  void theFirstOfTwoIsToldOfIfItServesTheClient() throws Exception {
    int port = hedged();
    firstAnswersAfter("");
    Outcome told = told(RawClient.ask(port, get("/", "a")));
    assertEquals(first.port(), told.destination().port());
    assertTrue(told.connectionReused());
    assertTrue(told.times().response() >= HEDGED_NANOS, "since the first was asked");
    assertTrue(told.times().select() < HEDGED_NANOS);
  }

  @Test
  void theSecondOfTwoIsToldOfIfItServesTheClient() throws Exception {
    int port = hedged();
    first.onRequest(c -> c.awaitClose());
    Outcome told = told(RawClient.ask(port, get("/", "a")));
    assertEquals(second.port(), told.destination().port());
    assertFalse(told.connectionReused());
    assertTrue(told.times().total() >= HEDGED_NANOS);
    assertTrue(told.times().select() < HEDGED_NANOS, "of the first");
    assertTrue(
        told.times().connect() + told.times().response() <= told.times().total() - HEDGED_NANOS,
        "since the second was asked");
  }

  @Test
  void theFirstOfTwoIsToldOfIfTheSecondFails() throws Exception {
    int port = hedged();
    firstAnswersAfter(FAILED);
    Outcome told = told(RawClient.ask(port, get("/", "a")));
    assertEquals(first.port(), told.destination().port());
    assertTrue(told.times().response() >= HEDGED_NANOS, "since the first was asked");
  }

  @Test
  void ifOneOfTwoFailsTheOtherServesTheClient() throws Exception {
    int port = hedged();
    CountDownLatch secondAsked = new CountDownLatch(1);
    CountDownLatch firstGone = new CountDownLatch(1);
    first.onRequest(
        c -> {
          secondAsked.await();
          c.reset();
          firstGone.countDown();
        });
    second.onRequest(
        c -> {
          secondAsked.countDown();
          firstGone.await();
          c.send(ok("second"));
        });
    assertEquals("second", RawClient.ask(port, get("/", "a")).text());
  }

  @Test
  void aBadAnswerOfOneOfTwoIsNoReasonToLeaveTheOther() throws Exception {
    int port = hedged();
    firstAnswersAfter(FAILED);
    assertEquals("first", RawClient.ask(port, get("/", "a")).text());
  }

  @Test
  void anEndpointStaysTimedWhenTheSecondCannotBeReached() throws Exception {
    int port = hedged(r -> r.responseTimeout(Duration.ofSeconds(1)));
    second.close();
    first.onRequest(c -> over.await());
    assertFailure(504, "http_response_timeout", RawClient.ask(port, get("/", "a")));
  }

  @Test
  void aRequestThatChangesSomethingIsSentToOneEndpointAtATime() throws Exception {
    int port = hedged();
    CountDownLatch asked = new CountDownLatch(1);
    first.onRequest(
        c -> {
          asked.countDown();
          c.awaitClose();
        });
    try (RawClient client = RawClient.connect(port)) {
      client.send(head("DELETE / HTTP/1.1", "Host: a", "Content-Length: 0"));
      asked.await();
      // A safe one behind it, long after the second endpoint would have been asked.
      assertEquals("second", RawClient.ask(port, get("/", "a")).text());
    }
    assertEquals(1, second.heads().size());
  }

  // In the end

  @Test
  void anotherClusterServesWhatNoEndpointCould() throws Exception {
    OriginServer last = opened.origin();
    last.respond(ok("last"));
    first.onRequest(c -> c.reset());
    second.onRequest(c -> c.reset());
    int port =
        start(
            r -> r.fallback("spare"),
            builder -> builder.cluster("spare", c -> c.endpoint(uri(last))));
    assertEquals("last", RawClient.ask(port, get("/", "a")).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello"})
  void aRequestThatIsNotSafeToRepeatGoesToNoOtherClusterOnceItWasSent(String content)
      throws Exception {
    OriginServer last = opened.origin();
    losesContent();
    int port =
        start(
            r -> r.fallback("spare"),
            builder ->
                builder.buffering(b -> b.requests()).cluster("spare", c -> c.endpoint(uri(last))));
    String request = put(content).replace("PUT", "POST");
    assertFailure(502, "connection_terminated", RawClient.ask(port, request));
    assertEquals(0, last.connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello"})
  void aRequestThatIsNotSafeToRepeatGoesToAnotherClusterIfItWasNeverSent(String content)
      throws Exception {
    OriginServer last = opened.origin();
    last.onRequest(c -> c.send(ok(c.readBodyText() + "last")));
    String gone = "http://127.0.0.1:" + OriginServer.unusedPort();
    int port =
        start(
            r -> {},
            builder ->
                builder
                    .cluster("gone", c -> c.endpoint(gone))
                    .cluster("spare", c -> c.endpoint(uri(last)))
                    .route(
                        Routes.path("/gone"),
                        route -> route.to("gone").resilience(r -> r.fallback("spare"))));
    String request = put(content).replace("PUT /", "POST /gone");
    assertEquals(content + "last", RawClient.ask(port, request).text());
  }

  @Test
  void ifTheFallbackFailsTooTheClientIsToldTheFirstFailure() throws Exception {
    first.onRequest(c -> c.reset());
    second.onRequest(c -> c.reset());
    String gone = "http://127.0.0.1:" + OriginServer.unusedPort();
    int port =
        start(r -> r.fallback("spare"), builder -> builder.cluster("spare", c -> c.endpoint(gone)));
    assertFailure(502, "connection_terminated", RawClient.ask(port, get("/", "a")));
  }

  @Test
  void aResponseOfOurOwnServesWhatNoEndpointCould() throws Exception {
    first.onRequest(c -> c.reset());
    second.onRequest(c -> c.reset());
    int port = start(r -> r.fallback(200, "text/html", "<p>später"));
    RawResponse response = RawClient.ask(port, get("/", "a"));
    assertEquals(200, response.status());
    assertEquals("text/html", response.field("Content-Type"));
    assertEquals("<p>später", new String(response.body(), java.nio.charset.StandardCharsets.UTF_8));
    assertEquals("no-store", response.field("Cache-Control"));
  }

  @Test
  void theLastBusyResponseIsMadeUpForByTheFallback() throws Exception {
    first.respond(FAILED);
    second.respond(FAILED);
    int port = start(r -> r.fallback(200, "text/plain", "later"));
    assertEquals("later", RawClient.ask(port, get("/", "a")).text());
  }

  @Test
  void whatTheClientIsToBlameForHasNoFallback() throws Exception {
    int port =
        start(r -> r.fallback(200, "text/plain", "later"), builder -> builder.maxBodyBytes(3));
    assertEquals(413, RawClient.ask(port, put("hello")).status());
  }
}
