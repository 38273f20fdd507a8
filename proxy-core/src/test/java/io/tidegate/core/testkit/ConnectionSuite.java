package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client connections: how long they live, who waits for whom, and how the proxy stops. */
public abstract class ConnectionSuite extends ProxyWireSuite {
  private static final Duration LONG = Duration.ofSeconds(10);

  /** The suite for one direction. */
  protected ConnectionSuite(Side side) {
    super(side);
  }

  // One request after the other

  @Test
  void aConnectionServesManyRequests() throws Exception {
    RawClient client = client();
    for (int i = 0; i < 100; i++) {
      RawResponse response = client.exchange(get("/" + i));
      assertAnswer("ok", response);
      assertNull(response.field("Connection"));
    }
    assertEquals(1, origin().connections());
  }

  @Test
  void aClientMaySayThatItIsDone() throws Exception {
    RawClient client = client();
    RawResponse response = client.exchange(request("GET", "/", "Connection: close"));
    assertAnswer("ok", response);
    assertEquals("close", response.field("Connection"));
    assertTrue(client.atEnd());
    assertNull(origin().lastRequest().field("Connection"));
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    origin().onRequest(c -> c.send(ok(c.request().startLine() + c.readBodyText())));
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      requests.append(
          i % 2 == 0
              ? get("/" + i)
              : request("POST", "/" + i, "Content-Length: 3") + "<" + (char) ('a' + i) + ">");
    }
    RawClient client = client();
    client.send(requests.toString());
    for (int i = 0; i < 20; i++) {
      String expected =
          i % 2 == 0
              ? "GET /" + i + " HTTP/1.1"
              : "POST /" + i + " HTTP/1.1<" + (char) ('a' + i) + ">";
      assertAnswer(expected, client.readResponse());
    }
    assertEquals(1, origin().connections());
  }

  @Test
  void aPipelinedRequestWaitsForTheResponseBeforeIt() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              await(first);
              c.send(ok("1"));
            },
            c -> c.send(ok("2")));
    RawClient client = client();
    client.send(get("/1") + get("/2"));
    origin().awaitHeads(1);
    assertAnswer("2", ask(get("/3"))); // meanwhile others are served
    assertEquals(2, origin().heads().size());
    first.countDown();
    assertAnswer("1", client.readResponse());
    assertAnswer("2", client.readResponse());
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    start(p -> p.keepAliveTimeout(SHORT));
    RawClient client = client();
    client.exchange(get("/"));
    assertTrue(client.atEnd());
  }

  // Slow and early

  @Test
  void aClientThatReadsNothingHoldsUpItsOriginAndNobodyElse() throws Exception {
    byte[] large = random(40_000_000);
    byte[] some = random(1_000_000);
    origin()
        .onRequest(
            c -> {
              byte[] content = c.request().startLine().contains("large") ? large : some;
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + content.length));
              c.send(content);
            });
    RawClient slow = client();
    slow.send(get("/large"));
    slow.readHead();
    RawClient quick = client();
    for (int i = 0; i < 60; i++) {
      assertArrayEquals(some, quick.exchange(get("/some")).body());
    }
    // 60 MB went past it on the same thread: it stands still
    assertTrue(origin().connection(0).sent() < large.length);
    assertArrayEquals(large, slow.readBytes(large.length));
  }

  @Test
  void anOriginThatReadsNothingHoldsUpItsClientAndNobodyElse() throws Exception {
    byte[] large = random(40_000_000);
    CountDownLatch enough = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              await(enough);
              assertArrayEquals(large, c.readBody());
              c.send(ok("all"));
            },
            c -> c.send(ok(c.readBodyText())));
    RawClient slow = client();
    slow.send(request("POST", "/", "Content-Length: " + large.length));
    origin().awaitHeads(1);
    CompletableFuture<Void> sending = aside(() -> slow.send(large));
    RawClient quick = client();
    String some = "x".repeat(100_000);
    for (int i = 0; i < 100; i++) {
      assertAnswer(
          some, quick.exchange(request("POST", "/", "Content-Length: " + some.length()) + some));
    }
    assertTrue(!sending.isDone());
    enough.countDown();
    assertAnswer("all", slow.readResponse());
    sending.join();
  }

  @Test
  void anAnswerBeforeTheEndOfTheRequestReachesTheClient() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 403 Forbidden", "Content-Length: 2") + "no");
              c.awaitClose();
            },
            c -> c.send(ok("next")));
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 1000000") + "the beginning");
    RawResponse response = client.readResponse();
    assertEquals("HTTP/1.1 403 Forbidden", response.statusLine());
    assertEquals("no", response.text());
    assertTrue(response.complete());
    assertEquals("close", response.field("Connection"));
    assertTrue(client.atEnd());
    origin().connection(0).awaitEnded();
    assertAnswer("next", ask(get("/")));
    assertEquals(2, origin().connections());
  }

  @Test
  void anEarlyAnswerReachesAClientThatIsStillSending() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 403 Forbidden", "Content-Length: 2") + "no");
              c.awaitClose();
            });
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 4000000"));
    CompletableFuture<Void> sending = aside(() -> client.send(new byte[4_000_000]));
    assertEquals(403, client.readResponse().status());
    sending.join();
  }

  /** The answer comes in pieces, each asked for by the test, for longer than any time-out. */
  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000000", "Content-Length: 9 / Expect: 100-continue"})
  void anAnswerThatGoesOnIsNotCutWhenTheClientSendsNothing(String fields) throws Exception {
    start(p -> p.idleTimeout(AMPLE).responseTimeout(AMPLE));
    int length = 10_000_000;
    BlockingQueue<Integer> pieces = new LinkedBlockingQueue<>();
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + length));
              for (int left = length; left > 0; ) {
                int piece = next(pieces);
                c.send(new byte[piece]);
                left -= piece;
              }
              c.awaitClose();
            });
    RawClient client = client();
    client.send(request("POST", "/", lines(fields)));
    assertTrue(client.readHead().startsWith("HTTP/1.1 200 "));
    long end = System.nanoTime() + AMPLE.toNanos() * 3 / 2;
    int taken = 0;
    for (; System.nanoTime() < end && taken < length / 2; taken++) {
      pieces.add(1);
      client.skip(1);
    }
    pieces.add(length - taken);
    client.skip(length - taken);
    assertTrue(client.atEnd());
    origin().connection(0).awaitEnded();
  }

  // Clients that leave

  @Test
  void aClientThatResetsCancelsTheUpstreamRequest() throws Exception {
    origin().onRequest(Peer::awaitClose);
    RawClient client = client();
    client.send(get("/"));
    origin().awaitHeads(1);
    client.reset();
    origin().connection(0).awaitEnded();
  }

  @Test
  void aClientThatResetsBehindItsContentCancelsTheUpstreamRequest() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              c.readBody();
              taken.countDown();
              c.awaitClose();
            });
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 5") + "hello");
    await(taken);
    client.reset();
    origin().connection(0).awaitEnded();
  }

  @Test
  void aClientThatResetsInTheMiddleOfAResponseCancelsIt() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: 1000000000"));
              c.sendUntilClosed(new byte[1 << 16]);
            });
    RawClient client = client();
    client.send(get("/"));
    client.readHead();
    client.reset();
    origin().connection(0).awaitEnded();
  }

  @Test
  void aClientThatHalfClosesGetsItsAnswer() throws Exception {
    RawClient client = client();
    client.send(get("/"));
    client.halfClose();
    assertAnswer("ok", client.readResponse());
    assertTrue(client.atEnd());
  }

  @Test
  void aClientThatHalfClosesBehindSeveralRequestsGetsAllAnswers() throws Exception {
    RawClient client = client();
    client.send(get("/1") + get("/2") + get("/3"));
    client.halfClose();
    for (int i = 0; i < 3; i++) {
      assertAnswer("ok", client.readResponse());
    }
    assertTrue(client.atEnd());
  }

  @Test
  void aClientThatHalfClosesBehindAnUploadGetsItsAnswer() throws Exception {
    origin()
        .onRequest(
            c -> {
              if (c.request().startLine().startsWith("GET /1")) {
                ask(get("/2")); // by then the proxy has seen the end of what the client sends
              }
              c.send(ok(c.readBodyText()));
            });
    RawClient client = client();
    client.send(get("/1") + request("POST", "/3", "Content-Length: 5") + "hello");
    client.halfClose();
    assertAnswer("", client.readResponse());
    assertAnswer("hello", client.readResponse());
    assertTrue(client.atEnd());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatHasHalfClosedMayTakeItsTimeForTheAnswer(boolean early) throws Exception {
    CountDownLatch rest = new CountDownLatch(1);
    start(p -> p.responseTimeout(Duration.ofMillis(1500))); // longer than an answer is waited for
    origin()
        .onRequest(
            c -> {
              if (c.request().startLine().contains("never")) {
                c.awaitClose();
              } else {
                c.send(head("HTTP/1.1 200 OK", "Content-Length: 4") + "lo");
                await(rest);
                c.send("ng");
              }
            });
    RawClient client = client();
    client.send(get("/long"));
    if (early) {
      client.halfClose();
    }
    client.readHead();
    client.halfClose();
    assertFailure(504, "http_response_timeout", ask(get("/never")));
    rest.countDown();
    assertEquals("long", client.readText(4));
  }

  @Test
  void aClientThatClosesIsNotWaitedForVeryLong() throws Exception {
    origin().onRequest(Peer::awaitClose);
    RawClient client = client();
    client.send(get("/"));
    client.close();
    origin().connection(0).awaitEnded();
  }

  // Limits

  @ParameterizedTest
  @CsvSource({"2, 100", "100, 2"})
  void thereAreOnlySoManyConnections(int inAll, int perClient) throws Exception {
    start(p -> p.maxConnections(inAll).maxConnectionsPerClient(perClient));
    RawClient first = client();
    RawClient second = client();
    assertAnswer("ok", first.exchange(get("/")));
    assertAnswer("ok", second.exchange(get("/")));
    assertTrue(client().atEnd());
    first.exchange(request("GET", "/", "Connection: close"));
    first.close();
    assertAnswer("ok", askUntilAdmitted());
    assertAnswer("ok", second.exchange(get("/")));
  }

  /** The proxy notices a moment later that a connection has gone. */
  private RawResponse askUntilAdmitted() throws IOException {
    long deadline = System.nanoTime() + Peer.PATIENCE.toNanos();
    while (true) {
      try {
        return ask(get("/"));
      } catch (IOException refused) {
        if (System.nanoTime() > deadline) {
          throw refused;
        }
      }
    }
  }

  // Starting and stopping

  @Test
  void stoppingClosesIdleConnectionsAndLetsTheOthersFinish() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> c.send(ok("idle")),
            c -> {
              await(answer);
              c.send(ok("finished"));
            });
    Proxy proxy = proxy();
    RawClient idle = client();
    assertAnswer("idle", idle.exchange(get("/")));
    RawClient busy = client();
    busy.send(get("/"));
    origin().awaitHeads(2);
    CompletableFuture<Void> stopping = aside(() -> proxy.stop(LONG));
    assertTrue(idle.atEnd());
    assertThrows(IOException.class, () -> ask(get("/")));
    answer.countDown();
    RawResponse response = busy.readResponse();
    assertAnswer("finished", response);
    assertEquals("close", response.field("Connection"));
    assertTrue(busy.atEnd());
    busy.close();
    stopping.join();
  }

  @Test
  void stoppingCutsWhatDoesNotFinish() throws Exception {
    origin().onRequest(Peer::awaitClose);
    Proxy proxy = proxy();
    RawClient client = client();
    client.send(get("/"));
    origin().awaitHeads(1);
    proxy.stop(SHORT);
    assertTrue(client.atEnd());
    origin().connection(0).awaitEnded();
  }

  @Test
  void stoppingLeavesNoUpstreamConnectionOpen() throws Exception {
    ask(get("/"));
    proxy().close();
    origin().connection(0).awaitEnded();
    proxy().close(); // twice does no harm
  }

  @Test
  void aBusyPortIsNamedPlainly() throws Exception {
    int port = port();
    var failure =
        assertThrows(UncheckedIOException.class, () -> start(p -> p.listen("127.0.0.1", port)));
    assertTrue(
        String.valueOf(failure.getMessage())
            .startsWith("cannot listen on 127.0.0.1:" + port + ": "),
        failure::getMessage);
  }

  @Test
  void aProxyStartsOnce() {
    Proxy proxy = proxy();
    assertThrows(IllegalStateException.class, proxy::start);
    proxy.close();
    assertThrows(IllegalStateException.class, proxy::start);
  }

  @Test
  void twoProxiesLiveSideBySide() throws Exception {
    Proxy first = start(p -> p.viaName("first"));
    RawClient ofFirst = client();
    Proxy second = start(p -> p.viaName("second"));
    RawClient ofSecond = client();
    assertEquals("1.1 first", ofFirst.exchange(get("/")).field("Via"));
    assertEquals("1.1 second", ofSecond.exchange(get("/")).field("Via"));
    first.close();
    assertAnswer("ok", ofSecond.exchange(get("/")));
    assertEquals("second", second.viaName());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void manyClientsAtOnceAllGetTheirOwnAnswers(int ioThreads) throws Exception {
    start(p -> p.ioThreads(ioThreads));
    origin().onRequest(c -> c.send(ok(c.request().startLine())));
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int n = 0; n < 16; n++) {
      int number = n;
      all.add(
          aside(
              () -> {
                try (RawClient client = RawClient.connect(port())) {
                  for (int i = 0; i < 50; i++) {
                    String path = "/" + number + "/" + i;
                    assertAnswer("GET " + path + " HTTP/1.1", client.exchange(get(path)));
                  }
                }
              }));
    }
    all.forEach(CompletableFuture::join);
  }

  // Listeners

  @Test
  void listenersSeeEveryStageAndHowItEnded() throws Exception {
    List<Stage> stages = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<ExchangeListener.Outcome> outcome = new CompletableFuture<>();
    start(
        p ->
            p.listener(
                new ExchangeListener() {
                  @Override
                  public void entered(Stage stage, ClientRequest request) {
                    stages.add(stage);
                  }

                  @Override
                  public void completed(Outcome ended) {
                    outcome.complete(ended);
                  }
                }));
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    ask(request("POST", "/x", "Content-Length: 3") + "abc");
    ExchangeListener.Outcome ended =
        outcome.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
    assertEquals(
        List.of(
            Stage.VALIDATE,
            Stage.AUTHORIZE,
            Stage.RESOLVE,
            Stage.SELECT,
            Stage.CONNECT,
            Stage.SEND,
            Stage.RECEIVE,
            Stage.RESPOND,
            Stage.COMPLETE),
        stages);
    assertEquals(200, ended.status());
    assertEquals(3, ended.requestOctets());
    assertEquals(3, ended.responseOctets());
    assertNull(ended.failure());
  }

  @ParameterizedTest
  @EnumSource
  void aListenerThatFailsHarmsNoExchange(Stage failing) throws Exception {
    start(
        p ->
            p.listener(
                new ExchangeListener() {
                  @Override
                  public void entered(Stage stage, @Nullable ClientRequest request) {
                    if (stage == failing) {
                      throw new NoClassDefFoundError("a listener that fails in " + stage);
                    }
                  }
                }));
    RawClient client = client();
    assertAnswer("ok", client.exchange(get("/1")));
    assertAnswer("ok", client.exchange(get("/2")));
  }

  @Test
  void aListenerThatFailsAtTheEndHarmsNoExchangeAndNoOtherListener() throws Exception {
    BlockingQueue<ExchangeListener.Outcome> outcomes = new LinkedBlockingQueue<>();
    start(
        p ->
            p.listener(
                    new ExchangeListener() {
                      @Override
                      public void completed(Outcome outcome) {
                        throw new NoClassDefFoundError("a listener that fails at the end");
                      }
                    })
                .listener(onCompleting(outcomes)));
    RawClient client = client();
    assertAnswer("ok", client.exchange(get("/1")));
    assertAnswer("ok", client.exchange(get("/2")));
    assertEquals(200, next(outcomes).status());
    assertEquals(200, next(outcomes).status());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void listenersAreToldOfAnExchangeThatIsCut(boolean responding) throws Exception {
    BlockingQueue<ExchangeListener.Outcome> outcomes = new LinkedBlockingQueue<>();
    Proxy proxy = start(p -> p.listener(onCompleting(outcomes)));
    origin()
        .onRequest(
            c -> {
              if (responding) {
                c.send(head("HTTP/1.1 200 OK", "Content-Length: 9"));
              }
              c.awaitClose();
            });
    RawClient client = client();
    client.send(get("/"));
    origin().awaitHeads(1);
    if (responding) {
      client.readHead();
    }
    proxy.stop(Duration.ZERO);
    ExchangeListener.Outcome cut = next(outcomes);
    assertEquals(responding ? 200 : 0, cut.status());
    assertNotNull(cut.failure());
    origin().connection(0).awaitEnded();
    assertTrue(outcomes.isEmpty());
  }
}
