package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.core.testkit.Messages.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.BufferingBuilder;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept for slow clients: requests until they are whole, responses until they are taken. */
public abstract class BufferingSuite extends ProxyWireSuite {
  /** More than sockets hold back, so that a client that reads nothing stops whoever sends. */
  private static final int LARGE = 24 << 20;

  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);
  @TempDir private Path directory;

  /** The suite for one direction. */
  protected BufferingSuite(Side side) {
    super(side);
  }

  private void startBuffering(Consumer<BufferingBuilder> details) {
    startBuffering(details, p -> {});
  }

  private void startBuffering(Consumer<BufferingBuilder> details, Consumer<ProxyBuilder<?>> more) {
    start(
        p -> {
          p.buffering(details).bufferDirectory(directory).listener(onCompleting(outcomes));
          more.accept(p);
        });
  }

  // Requests

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/grpc"})
  void anUpstreamSeesARequestOnlyWhenItIsComplete(String type) throws Exception {
    startBuffering(BufferingBuilder::requests);
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    RawClient client = client();
    client.send(request("POST", "/", "Content-Type: " + type, "Content-Length: 6") + "abc");
    RawClient other = client();
    assertAnswer("", other.exchange(get("/"))); // by then the first would have been forwarded
    assertEquals(1, origin().heads().size());
    client.send("def");
    assertAnswer("abcdef", client.readResponse());
    assertEquals(2, origin().heads().size());
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "16384, 0", "65536, 65536", "65537, 65536", "300000, 1000", "5000000, 65536"})
  void contentComesWholeAndWithItsLength(int length, int memory) throws Exception {
    startBuffering(b -> b.requests().requestMemoryBytes(memory));
    byte[] content = random(length);
    origin()
        .onRequest(
            c -> {
              assertArrayEquals(content, c.readBody());
              c.send(ok("ok"));
            });
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: " + length));
    client.send(content);
    assertAnswer("ok", client.readResponse());
    client.send(request("POST", "/", "Transfer-Encoding: chunked"));
    client.send(Integer.toHexString(length) + "\r\n");
    client.send(content);
    client.send("\r\n0\r\n\r\n");
    assertAnswer("ok", client.readResponse());
    for (String sent : origin().heads()) {
      assertEquals(String.valueOf(length), RawHead.parse(sent).field("Content-Length"));
      assertNull(RawHead.parse(sent).field("Transfer-Encoding"));
    }
  }

  @Test
  void contentWithTrailersStaysChunked() throws Exception {
    startBuffering(BufferingBuilder::requests);
    origin()
        .onRequest(
            c -> {
              ChunkedBody body = c.readChunked();
              assertEquals("abc", text(body.content()));
              assertEquals(1, body.trailers().size());
              c.send(ok("ok"));
            });
    String trailed = "3\r\nabc\r\n0\r\nETag: \"1\"\r\n\r\n";
    assertAnswer("ok", ask(request("POST", "/", "Transfer-Encoding: chunked") + trailed));
    assertNull(origin().lastRequest().field("Content-Length"));
  }

  @Test
  void noContentIsSentAsNone() throws Exception {
    startBuffering(BufferingBuilder::requests);
    assertAnswer("ok", ask(request("POST", "/", "Transfer-Encoding: chunked") + chunked()));
    assertEquals("0", origin().lastRequest().field("Content-Length"));
    assertAnswer("ok", ask(request("POST", "/", "Content-Length: 0")));
    assertEquals("0", origin().lastRequest().field("Content-Length"));
    assertAnswer("ok", ask(get("/")));
    assertNull(origin().lastRequest().field("Content-Length"));
  }

  @Test
  void aClientThatWaitsToBeAskedIsAskedByUs() throws Exception {
    startBuffering(BufferingBuilder::requests);
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 3", "Expect: 100-continue"));
    assertTrue(client.readHead().startsWith("HTTP/1.1 100 "));
    assertNothingForwarded();
    client.send("abc");
    assertAnswer("abc", client.readResponse());
    assertNull(origin().lastRequest().field("Expect"));
  }

  @ParameterizedTest
  @CsvSource({"100, 0", "0, 70000", "1000, 100000"})
  void contentLongerThanIsBufferedIsRefused(int memory, int file) throws Exception {
    startBuffering(b -> b.requests().requestMemoryBytes(memory).requestFileBytes(file));
    origin().onRequest(c -> c.send(ok(String.valueOf(c.readBody().length))));
    int most = memory + file;
    String whole = "x".repeat(most);
    assertAnswer(
        String.valueOf(most), ask(request("POST", "/", "Content-Length: " + most) + whole));
    assertAnswer(
        String.valueOf(most),
        ask(request("POST", "/", "Transfer-Encoding: chunked") + chunked(whole)));
    RawClient announced = client();
    announced.send(request("POST", "/", "Content-Length: " + (most + 1)));
    assertFailure(413, "http_request_error", announced.readResponse());
    RawClient chunks = client();
    chunks.send(request("POST", "/", "Transfer-Encoding: chunked") + chunked(whole, "x"));
    assertFailure(413, "http_request_error", chunks.readResponse());
    assertEquals(2, origin().heads().size());
  }

  @Test
  void theLimitOfAllContentCountsWhileItIsBuffered() throws Exception {
    startBuffering(BufferingBuilder::requests, p -> p.maxBodyBytes(10));
    RawClient client = client();
    client.send(request("POST", "/", "Transfer-Encoding: chunked") + chunked("12345", "678901"));
    assertFailure(413, "http_request_error", client.readResponse());
    assertNothingForwarded();
  }

  @Test
  void aSlowClientIsGivenUpBeforeAnUpstreamIsAsked() throws Exception {
    startBuffering(BufferingBuilder::requests, p -> p.idleTimeout(SHORT));
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 6") + "abc");
    assertFailure(408, "http_request_error", client.readResponse());
    assertNothingForwarded();
  }

  @Test
  void aClientThatGoesAwayMeanwhileIsNobodysConcern() throws Exception {
    startBuffering(b -> b.requests().requestMemoryBytes(0));
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 1000000"));
    client.send(new byte[500_000]);
    client.reset();
    assertEquals(499, next(outcomes).failure().status());
    assertNothingForwarded();
    assertAnswer("ok", ask(get("/")));
  }

  @Test
  void whenAllBuffersAreFullTheServiceIsUnavailable() throws Exception {
    startBuffering(b -> b.requests().requestMemoryBytes(0), p -> p.maxBufferFileBytes(100_000));
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 1000000"));
    client.send(new byte[300_000]);
    assertFailure(503, "proxy_internal_error", client.readResponse());
    assertNothingForwarded();
    assertAnswer("ok", ask(request("POST", "/", "Content-Length: 3") + "abc"));
  }

  @Test
  void aDiskThatFailsIsAnErrorOfOurs() throws Exception {
    startBuffering(b -> b.requests().requestMemoryBytes(0));
    Files.delete(directory);
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 1000000"));
    client.send(new byte[300_000]);
    assertFailure(500, "proxy_internal_error", client.readResponse());
    Files.createDirectory(directory);
    assertNothingForwarded();
    client.close();
    RawClient next = client();
    next.send(request("POST", "/", "Content-Length: 300000"));
    next.send(new byte[300_000]);
    assertAnswer("ok", next.readResponse());
  }

  // Requests that are sent again

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 3", "Transfer-Encoding: chunked"})
  void whatIsKeptIsSentAgainWhenAnIdleConnectionTurnsOutToBeDead(String framing) throws Exception {
    assertSentAgain(BufferingBuilder::requests, framing);
  }

  @Test
  void whatFitsIsKeptWhileItIsSent() throws Exception {
    assertSentAgain(b -> b.replayBytes(3), "Content-Length: 3");
  }

  private void assertSentAgain(Consumer<BufferingBuilder> details, String framing)
      throws Exception {
    startBuffering(details);
    origin()
        .onRequest(
            c -> c.send(ok("first")),
            c -> {
              assertEquals("abc", c.readBodyText());
              c.close();
            },
            c -> c.send(ok(c.readBodyText())));
    assertAnswer("first", ask(get("/")));
    String content = framing.startsWith("T") ? chunked("abc") : "abc";
    assertAnswer("abc", ask(request("PUT", "/", framing) + content));
    assertEquals(3, origin().heads().size());
  }

  @Test
  void whatDoesNotFitIsNotSentAgain() throws Exception {
    startBuffering(b -> b.replayBytes(2));
    origin()
        .onRequest(
            c -> c.send(ok("first")),
            c -> {
              assertEquals("abc", c.readBodyText());
              c.close();
            },
            c -> c.send(ok("never")));
    assertAnswer("first", ask(get("/")));
    assertFailure(
        502,
        "connection_terminated",
        ask(request("PUT", "/", "Transfer-Encoding: chunked") + chunked("a", "bc")));
    assertEquals(2, origin().heads().size());
  }

  @Test
  void theRestFollowsWhatIsSentAgain() throws Exception {
    startBuffering(b -> b.replayBytes(100));
    CountDownLatch again = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> c.send(ok("first")),
            c -> {
              assertEquals("abc", c.readText(3));
              c.close();
            },
            c -> {
              assertEquals("abc", c.readText(3));
              again.countDown();
              assertEquals("def", c.readText(3));
              c.send(ok("all"));
            });
    assertAnswer("first", ask(get("/")));
    RawClient client = client();
    client.send(request("PUT", "/", "Content-Length: 6") + "abc");
    await(again);
    client.send("def");
    assertAnswer("all", client.readResponse());
  }

  @Test
  void contentIsNotDelayedToBeKept() throws Exception {
    startBuffering(b -> b.replayBytes(100));
    CountDownLatch half = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              assertEquals("abc", c.readText(3));
              half.countDown();
              assertEquals("def", c.readText(3));
              c.send(ok("all"));
            });
    RawClient client = client();
    client.send(request("PUT", "/", "Content-Length: 6") + "abc");
    await(half);
    client.send("def");
    assertAnswer("all", client.readResponse());
  }

  // Responses

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: " + LARGE, "Transfer-Encoding: chunked"})
  void theUpstreamIsFreeWhileTheClientStillReads(String framing) throws Exception {
    startBuffering(BufferingBuilder::responses);
    byte[] content = random(LARGE);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", framing, "Connection: close"));
              sendContent(c, framing, content);
              c.awaitClose();
            },
            c -> c.send(ok("next")));
    RawClient slow = client();
    slow.send(get("/"));
    origin().connection(0).awaitEnded(); // the proxy has all, and has let go of it
    RawResponse response = slow.readResponse();
    assertTrue(response.complete());
    assertArrayEquals(content, response.body());
    assertAnswer("next", slow.exchange(get("/")));
    assertEquals(LARGE, next(outcomes).responseOctets());
  }

  private static void sendContent(OriginConnection c, String framing, byte[] content)
      throws Exception {
    boolean chunks = framing.startsWith("T");
    if (chunks) {
      c.send(Integer.toHexString(content.length) + "\r\n");
    }
    c.send(content);
    if (chunks) {
      c.send("\r\n0\r\n\r\n");
    }
  }

  @Test
  void trailersComeBehindWhatIsBuffered() throws Exception {
    startBuffering(BufferingBuilder::responses);
    CountDownLatch all = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"));
              c.send(Integer.toHexString(LARGE) + "\r\n");
              c.send(new byte[LARGE]);
              c.send("\r\n0\r\nETag: \"1\"\r\n\r\n");
              all.countDown();
            });
    RawClient slow = client();
    slow.send(request("GET", "/", "TE: trailers", "Connection: TE"));
    await(all);
    RawResponse response = slow.readResponse();
    assertEquals(LARGE, response.body().length);
    assertEquals("\"1\"", response.trailers().get(0).value());
  }

  @Test
  void moreThanIsBufferedWaitsForTheClient() throws Exception {
    startBuffering(b -> b.responses().responseFileBytes(1 << 20));
    byte[] content = random(LARGE);
    CountDownLatch all = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + LARGE));
              c.send(content);
              all.countDown();
            });
    RawClient slow = client();
    slow.send(get("/"));
    assertAnswer("ok", askAnother());
    assertEquals(1, all.getCount());
    assertArrayEquals(content, slow.readResponse().body());
    await(all);
  }

  /** The answer of another proxy, which takes its time. */
  private RawResponse askAnother() throws Exception {
    try (OriginServer other = OriginServer.start()) {
      return RawClient.ask(other.port(), head("GET / HTTP/1.1", "Host: a"));
    }
  }

  @Test
  void whatCameBeforeAnUpstreamFailedIsStillDelivered() throws Exception {
    startBuffering(BufferingBuilder::responses);
    byte[] content = random(LARGE);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + (LARGE + 1)));
              c.send(content);
              c.close();
            });
    RawClient slow = client();
    slow.send(get("/"));
    origin().connection(0).awaitEnded();
    RawResponse response = slow.readResponse();
    assertFalse(response.complete());
    assertArrayEquals(content, response.body());
    assertEquals("http_response_incomplete", next(outcomes).failure().error().token());
  }

  @Test
  void aClientThatLeavesFreesWhatWasKeptForIt() throws Exception {
    startBuffering(BufferingBuilder::responses);
    CountDownLatch all = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + LARGE));
              c.send(new byte[LARGE]);
              all.countDown();
            },
            c -> c.send(ok("next")));
    RawClient slow = client();
    slow.send(get("/"));
    await(all);
    slow.reset();
    Outcome outcome = next(outcomes);
    assertEquals(499, outcome.failure().status());
    assertTrue(outcome.responseOctets() < LARGE);
    assertAnswer("next", ask(get("/")));
  }

  @Test
  void aClientThatTakesNothingIsCut() throws Exception {
    startBuffering(BufferingBuilder::responses, p -> p.idleTimeout(AMPLE));
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + LARGE));
              c.send(new byte[LARGE]);
            });
    RawClient slow = client();
    slow.send(get("/"));
    Outcome outcome = next(outcomes);
    assertEquals("http_request_error", outcome.failure().error().token());
    assertEquals(408, outcome.failure().status());
  }

  @Test
  void aDiskThatFailsMakesTheUpstreamWait() throws Exception {
    startBuffering(BufferingBuilder::responses);
    Files.delete(directory);
    byte[] content = random(LARGE);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + LARGE));
              c.send(content);
            });
    RawClient slow = client();
    slow.send(get("/"));
    origin().awaitHeads(1);
    assertArrayEquals(content, slow.readResponse().body());
    Files.createDirectory(directory);
  }

  @Test
  void theProxyClosesWithoutLeavingAnything() throws Exception {
    startBuffering(BufferingBuilder::responses);
    CountDownLatch all = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + LARGE));
              c.send(new byte[LARGE]);
              all.countDown();
            });
    RawClient slow = client();
    slow.send(get("/"));
    await(all);
    proxy().close();
    assertEquals(499, next(outcomes).failure().status());
    try (var files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/event-stream",
        "Content-Type: Text/Event-Stream ; charset=utf-8",
        "X-Accel-Buffering: no"
      })
  void someResponsesAreNotBuffered(String field) throws Exception {
    startBuffering(BufferingBuilder::responses);
    byte[] content = random(LARGE);
    CompletableFuture<Boolean> tooSoon = new CompletableFuture<>();
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", field, "Content-Length: " + LARGE));
              c.send(content);
              tooSoon.complete(release.getCount() > 0);
            });
    RawClient slow = client();
    slow.send(get("/"));
    assertAnswer("ok", askAnother());
    release.countDown();
    RawResponse response = slow.readResponse();
    assertArrayEquals(content, response.body());
    assertFalse(tooSoon.join());
    String[] nameAndValue = field.split(": ");
    assertEquals(nameAndValue[1], response.field(nameAndValue[0]));
  }

  @ParameterizedTest
  @CsvSource({
    "text/event-stream, true",
    "text/event-stream, false",
    "application/x-ndjson, true",
    "text/plain, true"
  })
  void eachEventReachesTheClientBeforeTheNext(String type, boolean buffering) throws Exception {
    startBuffering(
        b -> {
          if (buffering) {
            b.requests().responses();
          }
        });
    LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    origin()
        .onRequest(
            c -> {
              c.send(
                  head("HTTP/1.1 200 OK", "Content-Type: " + type, "Transfer-Encoding: chunked"));
              for (int i = 0; i < 20; i++) {
                c.send("7\r\ndata: " + (char) ('a' + i) + "\r\n");
                assertEquals("data: " + (char) ('a' + i), next(seen));
              }
              c.send("0\r\n\r\n");
            });
    RawClient client = client();
    client.send(get("/"));
    client.readHead();
    for (int i = 0; i < 20; i++) {
      assertEquals("7\r\n", client.readText(3));
      seen.add(client.readText(7));
      client.readText(2);
    }
    assertEquals("0\r\n\r\n", client.readText(5));
  }

  @Test
  void whatIsStoredIsNotBufferedAsWell() throws Exception {
    startBuffering(
        b -> b.responses().responseMemoryBytes(0).responseFileBytes(0),
        p -> p.cache(c -> c.maxBytes(8L * LARGE).maxResponseBytes(LARGE)));
    byte[] content = random(LARGE);
    CountDownLatch all = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              c.send(
                  head("HTTP/1.1 200 OK", "Cache-Control: max-age=60", "Content-Length: " + LARGE));
              c.send(content);
              all.countDown();
            });
    RawClient slow = client();
    slow.send(get("/"));
    await(all); // the store takes it
    assertArrayEquals(content, slow.readResponse().body());
    assertTrue(Arrays.equals(content, ask(get("/")).body()));
    assertEquals(1, origin().heads().size());
  }

  @Test
  void anInterimResponseDoesNotDisturb() throws Exception {
    startBuffering(b -> b.requests().responses());
    origin()
        .onRequest(
            c -> {
              c.readBody();
              c.send(head("HTTP/1.1 103 Early Hints", "Link: </a>"));
              c.send(ok("ok"));
            });
    RawResponse response = ask(request("POST", "/", "Content-Length: 3") + "abc");
    assertAnswer("ok", response);
    assertEquals(1, response.interim().size());
  }

  @Test
  void anEarlyAnswerIsPassedOnWhileContentIsStillKept() throws Exception {
    startBuffering(b -> b.requests());
    byte[] content = ("x".repeat(8 << 20)).getBytes(ISO_8859_1);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 403 Forbidden", "Content-Length: 0"));
              c.awaitClose();
            });
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: " + content.length));
    client.send(content);
    assertEquals(403, client.readResponse().status());
    assertEquals(403, next(outcomes).status());
  }
}
