package io.tidegate.core;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Pace;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pace is told of, and what it can do, on the wire. */
class PaceTest {
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration LONGER = Duration.ofMillis(1300);
  private static final Duration SOME = Duration.ofMillis(300);

  private final Recorded pace = new Recorded();
  private OriginServer origin;

  /** Lets {@code most} octets pass each way; the wait after them is as long as it is told. */
  private static final class Recorded implements Pace {
    private final AtomicLong fromClient = new AtomicLong();
    private final AtomicLong toClient = new AtomicLong();
    private volatile long debt;
    private volatile long wait;
    private volatile long most = Long.MAX_VALUE;
    private volatile int largest;
    private volatile int largestUp;

    @Override
    public long fromClient(int octets) {
      largestUp = Math.max(largestUp, octets);
      return passed(octets, fromClient);
    }

    @Override
    public long toClient(int octets) {
      largest = Math.max(largest, octets);
      return passed(octets, toClient);
    }

    private long passed(int octets, AtomicLong sum) {
      if (octets == 0) {
        return debt;
      }
      long once = wait;
      wait = 0;
      return sum.addAndGet(octets) > most ? NO_MORE : once;
    }

    @Override
    public Failure exhausted() {
      return Failure.denied("that was all").withStatus(429);
    }
  }

  private final class Paced extends OneRoute {
    Paced() {
      super(Direction.REVERSE);
    }

    @Override
    public Destinations destinations(ClientRequest request) {
      return Destinations.only(new Destination(false, "127.0.0.1", origin.port(), null));
    }

    @Override
    public Pace pace(ClientRequest request) {
      return pace;
    }
  }

  @BeforeEach
  void listen() throws Exception {
    origin = OriginServer.start();
  }

  @AfterEach
  void close() throws Exception {
    origin.close();
  }

  private Proxy start() {
    return new Paced().listen(0).ioThreads(1).idleTimeout(IDLE).cache(c -> {}).start();
  }

  private static RawResponse ask(Proxy proxy, String request) throws Exception {
    return RawClient.ask(proxy.address().getPort(), request);
  }

  private static String storable(int length) {
    return head("HTTP/1.1 200 OK", "Content-Length: " + length, "Cache-Control: public, max-age=60")
        + "x".repeat(length);
  }

  private static String post(String content) {
    return head("POST / HTTP/1.1", "Host: a", "Content-Length: " + content.length()) + content;
  }

  private static void assertHeldUp(Duration least, long began) {
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertTrue(took.compareTo(least) >= 0, () -> "after " + took);
  }

  @Test
  void itIsToldOfTheContentOfBothMessages() throws Exception {
    origin.respond(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");
    try (Proxy proxy = start()) {
      assertEquals("hello!", ask(proxy, post("abc")).text());
    }
    assertEquals(3, pace.fromClient.get());
    assertEquals(6, pace.toClient.get());
  }

  @Test
  void itIsToldOfStoredContentToo() throws Exception {
    origin.respond(storable(1000));
    try (Proxy proxy = start()) {
      for (int i = 1; i <= 3; i++) { // from the origin, from the store, from there in one write
        assertEquals(1000, ask(proxy, get("/", "a")).text().length());
        assertEquals(1000 * i, pace.toClient.get());
      }
    }
    assertEquals(1, origin.heads().size());
  }

  @Test
  void longStoredContentPassesInPieces() throws Exception {
    origin.respond(storable(100_000));
    try (Proxy proxy = start()) {
      ask(proxy, get("/", "a"));
      pace.largest = 0;
      assertEquals(100_000, ask(proxy, get("/", "a")).text().length());
    }
    assertEquals(200_000, pace.toClient.get());
    assertTrue(pace.largest <= 50_000, () -> pace.largest + " at once");
  }

  @Test
  void aResponseThatIsHeldUpIsNotIdle() throws Exception {
    origin.respond(ok("x".repeat(500_000)));
    pace.wait = LONGER.toNanos();
    try (Proxy proxy = start()) {
      long began = System.nanoTime();
      assertEquals(500_000, ask(proxy, get("/", "a")).text().length());
      assertHeldUp(LONGER, began);
    }
  }

  @Test
  void aRequestThatIsHeldUpIsNotIdle() throws Exception {
    pace.wait = LONGER.toNanos();
    try (Proxy proxy = start()) {
      long began = System.nanoTime();
      assertEquals("ok", ask(proxy, post("x".repeat(500_000))).text());
      assertHeldUp(LONGER, began);
    }
    assertEquals(500_000, pace.fromClient.get());
  }

  @Test
  void whatOthersOweIsPaidBeforeMuchPasses() throws Exception {
    origin.respond(storable(10_000));
    pace.debt = SOME.toNanos();
    try (Proxy proxy = start()) {
      for (int i = 0; i < 2; i++) { // from the origin, then from the store
        long began = System.nanoTime();
        assertEquals(10_000, ask(proxy, get("/", "a")).text().length());
        assertHeldUp(SOME, began);
      }
    }
  }

  @Test
  void aResponseThatComesWithItsHeadWaitsForWhatOthersOweToo() throws Exception {
    origin.respond(
        ok("hello"),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n",
        head("HTTP/1.0 200 OK") + "hello");
    pace.debt = SOME.toNanos();
    try (Proxy proxy = start()) {
      for (String expected : List.of("hello", "hello!", "hello")) {
        long began = System.nanoTime();
        assertEquals(expected, ask(proxy, get("/", "a")).text());
        assertHeldUp(SOME, began);
      }
    }
    assertEquals(16, pace.toClient.get());
  }

  @Test
  void aResponseThatBreaksOffBeforeTheDebtIsPaidIsCutAfterWhatHasCome() throws Exception {
    origin.onRequest(
        connection -> {
          connection.send(head("HTTP/1.1 200 OK", "Content-Length: 9") + "hello");
          connection.close();
        });
    pace.debt = SOME.toNanos();
    try (Proxy proxy = start()) {
      RawResponse response = ask(proxy, get("/", "a"));
      assertEquals("hello", response.text());
      assertFalse(response.complete());
    }
  }

  @Test
  void aRequestThatComesWithItsHeadWaitsForWhatOthersOweToo() throws Exception {
    String empty = head("HTTP/1.1 200 OK", "Content-Length: 0");
    origin.respond(empty, empty);
    String chunked =
        head("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")
            + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    pace.debt = SOME.toNanos();
    try (Proxy proxy = start();
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      for (String request : List.of(post("abc"), chunked)) {
        long began = System.nanoTime();
        assertEquals(200, client.exchange(request).status());
        assertHeldUp(SOME, began);
      }
    }
    assertEquals(8, pace.fromClient.get());
  }

  @Test
  void headsDoNotWait() throws Exception {
    String empty = head("HTTP/1.1 200 OK", "Content-Length: 0");
    origin.onRequest(connection -> connection.send(empty), connection -> connection.awaitClose());
    pace.debt = TimeUnit.HOURS.toNanos(1);
    try (Proxy proxy = start();
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      assertEquals(200, client.exchange(get("/", "a")).status());
      client.send(post("abc"));
      origin.awaitHeads(2);
    }
    assertEquals(0, pace.fromClient.get());
  }

  @Test
  void contentThatCameWithItsHeadPassesInPieces() throws Exception {
    try (Proxy proxy = start()) {
      assertEquals("ok", ask(proxy, post("x".repeat(20_000))).text());
    }
    assertEquals(20_000, pace.fromClient.get());
    assertTrue(pace.largestUp <= 15_000, () -> pace.largestUp + " at once");
  }

  @Test
  void aConnectionGoesOnAtFullSpeedAfterAnExchangeThatWasHeldUp() throws Exception {
    pace.wait = LONGER.toNanos();
    try (Proxy proxy = start();
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      assertEquals("ok", client.exchange(post("x".repeat(300_000))).text());
      assertEquals("ok", client.exchange(post("x".repeat(300_000))).text());
    }
    assertEquals(1, origin.connections());
    assertEquals(600_000, pace.fromClient.get());
  }

  @Test
  void aResponseBeyondWhatMayPassIsCut() throws Exception {
    origin.onRequest(
        connection -> {
          try {
            connection.send(storable(500_000));
          } catch (IOException e) {
            // the proxy, and with it what still goes into the store, may end before all has come
          }
        });
    pace.most = 100_000;
    try (Proxy proxy = start()) {
      assertFalse(ask(proxy, get("/", "a")).complete());
      assertFalse(ask(proxy, get("/", "a")).complete()); // from the store
    }
  }

  @Test
  void aRequestBeyondWhatMayPassIsRefused() throws Exception {
    origin.onRequest(connection -> connection.awaitClose());
    pace.most = 100_000;
    try (Proxy proxy = start();
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(head("POST / HTTP/1.1", "Host: a", "Content-Length: 1000000"));
      client.send("x".repeat(100_001));
      RawResponse response = client.readResponse();
      assertEquals(429, response.status());
      assertEquals("429 Too Many Requests: that was all\n", response.text());
    }
  }
}
