package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.core.testkit.Messages.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeFilter;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Stage;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels that CONNECT opens (RFC 9110 §9.3.6). */
class ConnectTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @RegisterExtension private final Opened opened = new Opened();
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.origin();
  }

  private int start(Consumer<ForwardProxy.Builder> more) {
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .allowPrivateDestinations()
            .anyConnectPort();
    more.accept(builder);
    Proxy proxy = opened.push(builder.start());
    return proxy.address().getPort();
  }

  private RawClient client(int port) throws IOException {
    return opened.push(RawClient.connect(port));
  }

  private String connect() {
    return head("CONNECT " + origin.authority() + " HTTP/1.1", "Host: " + origin.authority());
  }

  /** A client inside a tunnel to the origin. */
  private RawClient tunnel(Consumer<ForwardProxy.Builder> more) throws IOException {
    RawClient client = client(start(more));
    client.send(connect());
    assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
    return client;
  }

  private RawClient tunnel() throws IOException {
    return tunnel(p -> {});
  }

  private static byte[] random(int count) {
    byte[] octets = new byte[count];
    new Random(count).nextBytes(octets);
    return octets;
  }

  private static CompletableFuture<Void> sending(Peer peer, byte[] octets) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            peer.send(octets);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void octetsPassBothWaysIntactAndAtTheSameTime() throws Exception {
    byte[] up = random(5_000_000);
    byte[] down = random(5_000_001);
    origin.onConnection(
        c -> {
          CompletableFuture<Void> sent = sending(c, down);
          assertArrayEquals(up, c.readBytes(up.length));
          sent.join();
          assertTrue(c.atEnd());
        });
    RawClient client = tunnel();
    CompletableFuture<Void> sent = sending(client, up);
    assertArrayEquals(down, client.readBytes(down.length));
    sent.join();
    client.halfClose();
    assertTrue(client.atEnd());
  }

  @Test
  void theOriginSeesNothingOfTheConnectRequest() throws Exception {
    RawClient client = tunnel();
    RawResponse response = client.exchange(head("GET /x HTTP/1.1", "Host: a", "Proxy-A: b"));
    assertEquals("ok", response.text());
    assertNull(response.field("Via"));
    assertEquals(head("GET /x HTTP/1.1", "Host: a", "Proxy-A: b"), origin.heads().get(0));
  }

  @Test
  void tlsPassesThroughUntouched() throws Exception {
    try (OriginServer secure = OriginServer.startTls(Tls.server())) {
      secure.respond(ok("secret"));
      RawClient outer = client(start(p -> {}));
      outer.send(
          head("CONNECT " + secure.authority() + " HTTP/1.1", "Host: " + secure.authority()));
      outer.readHead();
      RawClient inner = RawClient.tlsInside(outer, Tls.client());
      assertEquals("secret", inner.exchange(head("GET / HTTP/1.1", "Host: a")).text());
    }
  }

  @Test
  void octetsThatFollowTheRequestGoIntoTheTunnel() throws Exception {
    origin.onConnection(c -> c.send(c.readText(5)));
    RawClient client = client(start(p -> {}));
    client.send(connect() + "hasty");
    client.readHead();
    assertEquals("hasty", client.readText(5));
  }

  @Test
  void octetsThatTheUpstreamSendsFirstArrive() throws Exception {
    origin.onConnection(
        c -> {
          c.send("220 hello\r\n");
          c.awaitClose();
        });
    assertEquals("220 hello\r\n", tunnel().readText(11));
  }

  @Test
  void theClientMayEndFirstAndStillListen() throws Exception {
    origin.onConnection(
        c -> {
          assertEquals("question", text(c.readUntilClose()));
          c.send("answer");
        });
    RawClient client = tunnel();
    client.send("question");
    client.halfClose();
    assertEquals("answer", text(client.readUntilClose()));
  }

  @Test
  void theUpstreamMayEndFirstAndStillListen() throws Exception {
    origin.onConnection(
        c -> {
          c.send("hello");
          c.halfClose();
          assertEquals("question", text(c.readUntilClose()));
        });
    RawClient client = tunnel();
    assertEquals("hello", text(client.readUntilClose()));
    client.send("question");
    client.halfClose();
    origin.connection(0).awaitEnded();
  }

  @Test
  void aLargeAnswerArrivesAfterTheClientHasEnded() throws Exception {
    byte[] answer = random(5_000_000);
    origin.onConnection(
        c -> {
          c.readUntilClose();
          c.send(answer);
        });
    RawClient client = tunnel();
    client.halfClose();
    assertArrayEquals(answer, client.readUntilClose());
  }

  @Test
  void aClientThatResetsTakesTheUpstreamAlong() throws Exception {
    origin.onConnection(Peer::awaitClose);
    RawClient client = tunnel();
    client.reset();
    origin.connection(0).awaitEnded();
    assertTrue(origin.connection(0).endedByReset());
  }

  @Test
  void clientsThatResetBeforeTheirTunnelOpensLeaveNoConnectionBehind() throws Exception {
    BlockingQueue<RawClient> leaving = new LinkedBlockingQueue<>();
    origin.onConnection(
        c -> {
          leaving.take().reset();
          c.awaitClose();
        });
    int port = start(p -> {});
    for (int i = 0; i < 100; i++) {
      RawClient client = client(port);
      client.send(connect());
      leaving.add(client);
      origin.connection(i).awaitEnded();
    }
  }

  @Test
  void clientsThatResetRightAfterAskingLeaveNoConnectionBehind() throws Exception {
    origin.onConnection(Peer::awaitClose);
    int port = start(p -> {});
    for (int i = 0; i < 100; i++) {
      RawClient client = client(port);
      client.send(connect());
      client.reset();
    }
    RawClient last = client(port);
    last.send(connect());
    last.readHead();
    last.reset();
    for (int i = 0; i < origin.connections(); i++) {
      origin.connection(i).awaitEnded();
    }
  }

  @Test
  void aTunnelThatHasWaitedGetsAConnectionOfItsOwn() throws Exception {
    Semaphore connecting = new Semaphore(0);
    CountDownLatch first = new CountDownLatch(1);
    origin.onRequest(
        c -> {
          if (c.request().startLine().contains("/first")) {
            first.await();
          }
          c.send(ok(String.valueOf(c.index())));
        });
    int port =
        start(
            p ->
                p.maxUpstreamConnections(1)
                    .listener(
                        new ExchangeListener() {
                          @Override
                          public void entered(Stage stage, @Nullable ClientRequest request) {
                            if (stage == Stage.CONNECT) {
                              connecting.release();
                            }
                          }
                        }));
    RawClient plain = client(port);
    plain.send(get("http://" + origin.authority() + "/first", origin.authority()));
    origin.awaitHeads(1);
    RawClient tunnel = client(port);
    tunnel.send(connect());
    assertTrue(connecting.tryAcquire(2, 10, TimeUnit.SECONDS));
    first.countDown();
    assertEquals("0", plain.readResponse().text());
    assertEquals("HTTP/1.1 200 OK\r\n\r\n", tunnel.readHead());
    assertEquals("1", tunnel.exchange(get("/inside", "a")).text());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aTunnelIsNeverGivenAUsedConnection(int maxUpstreamConnections) throws Exception {
    origin.onRequest(c -> c.send(ok(String.valueOf(c.index()))));
    RawClient client = client(start(p -> p.maxUpstreamConnections(maxUpstreamConnections)));
    String plain = get("http://" + origin.authority() + "/", origin.authority());
    assertEquals("0", client.exchange(plain).text());
    client.send(connect());
    assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
    assertEquals("1", client.exchange(get("/inside", "a")).text());
  }

  @Test
  void anUpstreamThatResetsTakesTheClientAlong() throws Exception {
    origin.onConnection(
        c -> {
          c.readText(1);
          c.reset();
        });
    RawClient client = tunnel();
    client.send("x");
    assertTrue(client.atEnd());
    assertTrue(client.endedByReset()); // an end in order would say that nothing is missing
  }

  @Test
  void whatCameBeforeAResetIsNotLost() throws Exception {
    origin.onConnection(
        c -> {
          c.send("the beginning");
          c.readText(1);
          c.reset();
        });
    RawClient client = tunnel();
    assertEquals("the beginning", client.readText(13));
    client.send("x");
    assertTrue(client.atEnd());
    assertTrue(client.endedByReset());
  }

  @Test
  void whoHasBeenToldOfTheEndIsNotReset() throws Exception {
    origin.onConnection(
        c -> {
          c.send("all");
          c.halfClose();
          c.readText(1);
          c.reset();
        });
    RawClient client = tunnel();
    assertEquals("all", text(client.readUntilClose()));
    client.send("x");
    origin.connection(0).awaitEnded();
    assertFalse(client.endedByReset());
  }

  @Test
  void aTunnelLastsNoLongerThanItMayEvenInUse() throws Exception {
    origin.onConnection(c -> c.sendUntilClosed(new byte[1000]));
    RawClient client = tunnel(p -> p.tunnelTimeout(SHORT));
    client.awaitClose();
    assertTrue(client.endedByReset());
    origin.connection(0).awaitEnded();
  }

  @Test
  void octetsAreCountedEachWay() throws Exception {
    BlockingQueue<ExchangeListener.Outcome> outcomes = new LinkedBlockingQueue<>();
    origin.onConnection(
        c -> {
          c.send("four");
          c.readText(10);
          c.send("and five");
          c.halfClose();
          c.readUntilClose();
        });
    RawClient client =
        client(
            start(
                p ->
                    p.listener(
                        new ExchangeListener() {
                          @Override
                          public void completed(Outcome outcome) {
                            outcomes.add(outcome);
                          }
                        })));
    client.send(connect() + "early"); // in one segment
    client.readHead();
    client.send("later");
    assertEquals("fourand five", text(client.readUntilClose()));
    client.halfClose();
    ExchangeListener.Outcome outcome = outcomes.poll(10, TimeUnit.SECONDS);
    assertEquals(10, outcome.requestOctets());
    assertEquals(12, outcome.responseOctets());
    assertEquals(200, outcome.status());
    assertEquals(Stage.TUNNEL, outcome.stage());
    assertNull(outcome.failure());
  }

  @Test
  void aTunnelThatIsSilentIsClosed() throws Exception {
    origin.onConnection(Peer::awaitClose);
    RawClient client = tunnel(p -> p.tunnelIdleTimeout(SHORT));
    assertTrue(client.atEnd());
    assertTrue(client.endedByReset());
    origin.connection(0).awaitEnded();
  }

  @Test
  void aTunnelThatIsHalfClosedAndSilentIsClosed() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    origin.onConnection(
        c -> {
          assertTrue(c.atEnd());
          over.await(); // and says nothing
        });
    RawClient client = tunnel(p -> p.tunnelHalfCloseTimeout(SHORT));
    client.halfClose();
    assertTrue(client.atEnd());
    over.countDown();
  }

  @Test
  void anHttp10ClientMayConnect() throws Exception {
    RawClient client = client(start(p -> {}));
    client.send(head("CONNECT " + origin.authority() + " HTTP/1.0"));
    assertTrue(client.readHead().startsWith("HTTP/1.1 200 "));
    assertEquals("ok", client.exchange(head("GET / HTTP/1.1", "Host: a")).text());
  }

  @Test
  void aTunnelBelongsToOneClient() throws Exception {
    int port = start(p -> {});
    for (int i = 0; i < 2; i++) {
      try (RawClient client = RawClient.connect(port)) {
        client.send(connect());
        client.readHead();
        assertEquals("ok", client.exchange(head("GET / HTTP/1.1", "Host: a")).text());
      }
    }
    assertEquals(2, origin.connections());
  }

  @Test
  void stoppingEndsTunnels() throws Exception {
    origin.onConnection(Peer::awaitClose);
    Proxy proxy =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .allowPrivateDestinations()
            .anyConnectPort()
            .start();
    RawClient client = client(proxy.address().getPort());
    client.send(connect());
    client.readHead();
    proxy.stop(SHORT);
    assertTrue(client.atEnd());
    origin.connection(0).awaitEnded();
  }

  // Refusals

  private static void assertFailure(int status, String error, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("gate; error=" + error, response.field("Proxy-Status"));
  }

  @Test
  void connectLeadsTo443UnlessAllowed() throws Exception {
    Proxy strict =
        opened.push(
            ForwardProxy.builder()
                .listen("127.0.0.1", 0)
                .viaName("gate")
                .allowPrivateDestinations()
                .start());
    assertFailure(403, "http_request_denied", RawClient.ask(strict.address().getPort(), connect()));
  }

  @Test
  void aRefusedConnectionIsABadGateway() throws Exception {
    int port = start(p -> {});
    origin.close();
    RawClient client = client(port);
    assertFailure(502, "connection_refused", client.exchange(connect()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:x",
        "http://127.0.0.1:1/",
        "/",
        ":443",
        "a:0"
      })
  void aTargetThatIsNoAuthorityIsRefused(String target) throws Exception {
    RawResponse response =
        RawClient.ask(start(p -> {}), head("CONNECT " + target + " HTTP/1.1", "Host: a"));
    assertFailure(400, "http_request_error", response);
  }

  @Test
  void connectHasNoContent() throws Exception {
    String request =
        head(
            "CONNECT " + origin.authority() + " HTTP/1.1",
            "Host: " + origin.authority(),
            "Content-Length: 3");
    assertFailure(400, "http_request_error", RawClient.ask(start(p -> {}), request + "abc"));
    assertEquals(0, origin.connections());
  }

  @Test
  void aFailedConnectLeavesTheConnectionUsable() throws Exception {
    RawClient client = client(start(p -> {}));
    String unused = "127.0.0.1:" + OriginServer.unusedPort();
    assertFailure(
        502,
        "connection_refused",
        client.exchange(head("CONNECT " + unused + " HTTP/1.1", "Host: " + unused)));
    client.send(connect());
    assertEquals("HTTP/1.1 200 OK", RawHead.parse(client.readHead()).startLine());
  }

  @Test
  void aFilterSeesTheRequestAndMayRefuseItOnceTheConnectionIsThere() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    ExchangeFilter filter =
        new ExchangeFilter() {
          @Override
          public void request(ClientRequest request, Completion<Verdict> completion) {
            seen.add(request.head().method());
            ExchangeFilter.super.request(request, completion);
          }

          @Override
          public void response(
              ClientRequest request,
              Destination destination,
              ResponseHead response,
              Completion<Verdict> completion) {
            seen.add(response.status() + " " + destination);
            completion.completed(OwnResponse.of(403));
          }
        };
    RawClient client = client(start(p -> p.filter(filter)));
    assertEquals(403, client.exchange(connect()).status());
    assertEquals("CONNECT", seen.take());
    assertEquals("200 http://" + origin.authority(), seen.take());
    origin.connection(0).awaitEnded();
  }

  @Test
  void aFilterMayLetATunnelOpenLater() throws Exception {
    ExchangeFilter slow =
        new ExchangeFilter() {
          @Override
          public void response(
              ClientRequest request,
              Destination destination,
              ResponseHead response,
              Completion<Verdict> completion) {
            CompletableFuture.runAsync(
                () -> completion.completed(new Pass(Fields.of("Opened-By", "a filter"))));
          }
        };
    origin.onConnection(
        c -> {
          c.send("early");
          c.send(c.readText(5));
        });
    RawClient client = client(start(p -> p.filter(slow)));
    client.send(connect() + "hasty");
    assertEquals("HTTP/1.1 200 OK\r\nOpened-By: a filter\r\n\r\n", client.readHead());
    assertEquals("earlyhasty", client.readText(10));
  }
}
