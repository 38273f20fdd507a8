package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.octets;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Quotas and limits of bandwidth on the wire. */
class LimitsWireTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);

  @RegisterExtension private final Opened opened = new Opened();
  private final Semaphore ended = new Semaphore(0);
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
            .anyConnectPort()
            .listener(
                new ExchangeListener() {
                  @Override
                  public void completed(Outcome outcome) {
                    ended.release();
                  }
                });
    more.accept(builder);
    ForwardProxy proxy = opened.push(builder.start());
    return proxy.address().getPort();
  }

  private RawClient client(int port) throws IOException {
    return opened.push(RawClient.connect(port));
  }

  private String request() {
    return request(origin.authority());
  }

  private static String request(String authority) {
    return get("http://" + authority + "/", authority);
  }

  private String connect() {
    return head("CONNECT " + origin.authority() + " HTTP/1.1", "Host: " + origin.authority());
  }

  private RawClient tunnel(int port) throws IOException {
    RawClient client = client(port);
    client.send(connect());
    assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
    return client;
  }

  private void awaitEnded(int exchanges) throws InterruptedException {
    assertTrue(ended.tryAcquire(exchanges, Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  @Test
  void aRequestTooManyIsToldWhenToComeAgain() throws Exception {
    int port = start(p -> p.quota(q -> q.perUser().requests(1, MINUTE)));
    assertEquals(200, RawClient.ask(port, request()).status());
    RawResponse refused = RawClient.ask(port, request());
    assertEquals(429, refused.status());
    assertEquals("60", refused.field("Retry-After"));
    assertEquals("gate; error=http_request_denied", refused.field("Proxy-Status"));
    assertEquals(
        "429 Too Many Requests: the quota of 1 requests in 1 minute is used up\n", refused.text());
    assertEquals(1, origin.heads().size());
  }

  @Test
  void octetsThatAreUsedUpForADayAreRefused() throws Exception {
    int port = start(p -> p.quota(q -> q.perUser().octets(2, DAY)));
    assertEquals(200, RawClient.ask(port, request()).status());
    RawResponse refused = RawClient.ask(port, connect());
    assertEquals(403, refused.status());
    assertTrue(refused.field("Retry-After").matches("86(400|39[0-9])"), refused::toString);
    assertEquals("403 Forbidden: the quota of 2 octets in 1 day is used up\n", refused.text());
  }

  @Test
  void whatIsBeyondTheQuotaIsCutIfAsked() throws Exception {
    origin.onRequest(
        connection -> {
          connection.send(head("HTTP/1.1 200 OK", "Content-Length: 900000000"));
          connection.sendUntilClosed(octets(10_000));
        });
    int port = start(p -> p.quota(q -> q.octets(100_000, DAY).cutOff()));
    RawResponse cut = RawClient.ask(port, request());
    assertEquals(200, cut.status());
    assertFalse(cut.complete());
  }

  @Test
  void aTunnelIsCutIfAsked() throws Exception {
    origin.onConnection(connection -> connection.awaitClose());
    RawClient client = tunnel(start(p -> p.quota(q -> q.octets(1000, DAY).cutOff())));
    client.send(octets(1001));
    client.awaitClose();
  }

  @Test
  void aTunnelTooManyIsRefusedUntilAnotherHasEnded() throws Exception {
    origin.onConnection(connection -> connection.awaitClose());
    int port = start(p -> p.quota(q -> q.perUser().maxTunnels(1)));
    RawClient first = tunnel(port);
    RawResponse refused = RawClient.ask(port, connect());
    assertEquals(429, refused.status());
    assertEquals("1", refused.field("Retry-After"));
    assertEquals(
        "429 Too Many Requests: too many tunnels are open, the quota has room for no more\n",
        refused.text());
    assertEquals(1, origin.connections());
    first.close();
    awaitEnded(2);
    tunnel(port);
  }

  @Test
  void whateverBecomesOfRequestsTheyAreUnderWayNoMore() throws Exception {
    int port = start(p -> p.quota(q -> q.maxActiveRequests(1)).idleTimeout(Duration.ofMillis(200)));
    String nowhere = "127.0.0.1:" + OriginServer.unusedPort();
    assertEquals(502, RawClient.ask(port, request(nowhere)).status());
    assertEquals(
        502, RawClient.ask(port, head("CONNECT " + nowhere + " HTTP/1.1", "Host: a")).status());
    origin.onRequest(
        connection -> connection.awaitClose(), connection -> connection.send(ok("ok")));
    RawClient leaving = client(port);
    leaving.send(request());
    origin.awaitHeads(1);
    assertEquals(429, RawClient.ask(port, request()).status());
    leaving.reset();
    awaitEnded(4);
    assertEquals("ok", RawClient.ask(port, request()).text());
  }

  @Test
  void octetsThroughATunnelTakeTheirTimeBothWays() throws Exception {
    byte[] some = octets(300_000);
    origin.onConnection(
        connection -> {
          connection.send(connection.readBytes(some.length));
          connection.awaitClose();
        });
    int port = start(p -> p.bandwidth(b -> b.perConnection(1_000_000)).tunnelIdleTimeout(MINUTE));
    RawClient client = tunnel(port);
    long began = System.nanoTime();
    client.send(some);
    assertArrayEquals(some, client.readBytes(some.length));
    long took = millisSince(began); // twice 300 ms, less bursts of 100 ms and waits too short
    assertTrue(took >= 340 && took < 5000, () -> took + " ms");
  }

  @Test
  void aResponseTakesItsTime() throws Exception {
    origin.respond(ok("x".repeat(400_000)));
    int port = start(p -> p.bandwidth(b -> b.whole(0, 1_000_000)));
    long began = System.nanoTime();
    assertEquals(400_000, RawClient.ask(port, request()).text().length());
    long took = millisSince(began);
    assertTrue(took >= 270 && took < 5000, () -> took + " ms");
  }

  @Test
  void aRequestTakesItsTime() throws Exception {
    int port = start(p -> p.bandwidth(b -> b.perUser(1_000_000, 0)));
    String post = post(400_000);
    long began = System.nanoTime();
    assertEquals("ok", RawClient.ask(port, post).text());
    long took = millisSince(began); // the last read may be of 64 KiB and is owed
    assertTrue(took >= 200 && took < 5000, () -> took + " ms");
  }

  private String post(int length) {
    return head(
            "POST http://" + origin.authority() + "/ HTTP/1.1",
            "Host: " + origin.authority(),
            "Content-Length: " + length)
        + "x".repeat(length);
  }

  private static void assertTook(long least, long most, long began) {
    long took = millisSince(began);
    assertTrue(took >= least && took <= most, () -> took + " ms");
  }

  @Test
  void manyShortResponsesAreNoFasterThanALongOneAndLeaveNoDebtToOthers() throws Exception {
    origin.respond(ok("x".repeat(1500)));
    int port = start(p -> p.bandwidth(b -> b.whole(0, 100_000)));
    long began = System.nanoTime();
    try (RawClient client = client(port)) {
      for (int i = 0; i < 80; i++) {
        assertEquals(1500, client.exchange(request()).text().length());
      }
    }
    assertTook(1000, 5000, began); // 1200 ms less the burst and what is owed for the last ones
    long second = System.nanoTime();
    assertEquals(1500, RawClient.ask(port, request()).text().length());
    assertTook(0, 1000, second);
  }

  @Test
  void manyShortRequestsAreNoFasterThanALongOne() throws Exception {
    int port = start(p -> p.bandwidth(b -> b.whole(100_000, 0)));
    long began = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertEquals("ok", RawClient.ask(port, post(1500)).text());
    }
    RawClient client = client(port);
    for (int i = 0; i < 20; i++) {
      assertEquals("ok", client.exchange(post(1500)).text());
    }
    assertTook(400, 5000, began);
  }

  @Test
  void manyConnectionsThatSendMuchAtOnceLeaveAnotherOneItsPart() throws Exception {
    origin.onRequest(connection -> connection.awaitClose());
    int port = start(p -> p.bandwidth(b -> b.whole(100_000, 0)).idleTimeout(MINUTE));
    for (int i = 0; i < 10; i++) { // six seconds for all
      client(port).send(post(60_000));
    }
    origin.awaitHeads(10);
    origin.respond(ok("ok"));
    String request = post(1500);
    int content = request.length() - 1500;
    RawClient another = client(port);
    another.send(request.substring(0, content));
    origin.awaitHeads(11);
    long began = System.nanoTime();
    another.send(request.substring(content));
    assertEquals("ok", another.readResponse().text());
    assertTook(0, 2500, began);
  }

  @Test
  void whatIsSentAheadIntoATunnelTakesItsTime() throws Exception {
    origin.onConnection(connection -> connection.send(connection.readBytes(30_000)));
    int port = start(p -> p.bandwidth(b -> b.whole(50_000, 0)).tunnelIdleTimeout(MINUTE));
    RawClient client = client(port);
    long began = System.nanoTime();
    byte[] some = octets(30_000);
    client.send(connect() + new String(some, StandardCharsets.ISO_8859_1));
    assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
    assertArrayEquals(some, client.readBytes(some.length));
    assertTook(350, 5000, began); // 600 ms less the burst and what is owed for the last ones
  }
}
