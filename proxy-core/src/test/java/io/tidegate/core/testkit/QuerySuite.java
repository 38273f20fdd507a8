package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.HttpCache;
import io.tidegate.core.cache.CacheStatistics;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Stage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * QUERY (RFC 10008) and the cache: its content is a part of the key, so it is read before anything
 * is looked up, and can be sent as often as it takes.
 */
public abstract class QuerySuite extends CachedSuite {
  private static final String CONTINUE = head("HTTP/1.1 100 Continue");
  private static final int LIMIT = 64 << 10;

  private final List<String> seen = new CopyOnWriteArrayList<>();

  /** The suite for one direction. */
  protected QuerySuite(Side side) {
    super(side);
  }

  @BeforeEach
  void startWithCache() {
    caching(cache -> {});
    echo(FRESH);
  }

  /** The origin answers with the content of the request and these fields. */
  private void echo(String... fields) {
    origin().onRequest(answering(fields));
  }

  private OriginServer.Script answering(String... fields) {
    return c -> {
      String content = c.readBodyText();
      seen.add(content);
      c.send(response(content, fields));
    };
  }

  private String query(String content, String... fields) {
    return request("QUERY", "/", and("Content-Length: " + content.length(), fields)) + content;
  }

  /** The same with content in chunks, one for each octet. */
  private String chunkedQuery(String content, String... fields) {
    return request("QUERY", "/", and("Transfer-Encoding: chunked", fields))
        + chunked(content.split(""));
  }

  private static String[] and(String field, String... fields) {
    List<String> all = new ArrayList<>(List.of(fields));
    all.add(field);
    return all.toArray(String[]::new);
  }

  private static void assertForwarded(String how, String text, RawResponse response) {
    assertAnswer(text, response);
    assertEquals(NAME + ";" + how, status(response));
  }

  private void assertSeen(String... contents) {
    assertEquals(List.of(contents), seen);
  }

  // What is the same query

  @Test
  void theSameQueryIsAnsweredFromTheStore() throws Exception {
    assertForwarded("fwd=uri-miss;stored", "a", ask(query("a")));
    assertHit("a", ask(query("a")));
    assertHit("a", ask(query("a")));
    assertForwarded("fwd=uri-miss;stored", "b", ask(query("b")));
    assertHit("b", ask(query("b")));
    assertHit("a", ask(query("a")));
    assertSeen("a", "b");
  }

  @Test
  void howContentIsFramedDoesNotCount() throws Exception {
    assertAnswer("abc", ask(query("abc")));
    assertHit("abc", ask(chunkedQuery("abc")));
    assertHit("abc", ask(request("QUERY", "/", "Transfer-Encoding: chunked") + chunked("abc")));
    assertHit("abc", ask(request10("QUERY", "/", "Content-Length: 3") + "abc"));
    assertSeen("abc");
  }

  @Test
  void contentThatComesInPiecesIsOne() throws Exception {
    assertAnswer("abc", ask(query("abc")));
    RawClient client = client();
    client.send(request("QUERY", "/", "Content-Length: 3"));
    for (String octet : List.of("a", "b", "c")) {
      client.send(octet);
    }
    assertHit("abc", client.readResponse());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Type", "Content-Encoding", "Content-Language", "Content-Location"})
  void whatIsSaidAboutTheContentSetsQueriesApart(String name) throws Exception {
    assertAnswer("a", ask(query("a", name + ": x")));
    assertHit("a", ask(query("a", name + ": x")));
    assertForwarded("fwd=uri-miss;stored", "a", ask(query("a", name + ": y")));
    assertForwarded("fwd=uri-miss;stored", "a", ask(query("a")));
  }

  @Test
  void whatTheOriginIsNotToldDoesNotSetQueriesApart() throws Exception {
    assertAnswer("a", ask(query("a")));
    assertHit("a", ask(query("a", "Content-Type: x", "Connection: Content-Type")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Length: 0"})
  void aQueryWithoutContentIsAQueryToo(String framing) throws Exception {
    String[] fields = framing.isEmpty() ? new String[0] : new String[] {framing};
    echo(FRESH);
    assertForwarded("fwd=uri-miss;stored", "", ask(request("QUERY", "/", fields)));
    assertHit("", ask(request("QUERY", "/", fields)));
    assertHit("", ask(request("QUERY", "/", "Transfer-Encoding: chunked") + chunked()));
    assertAnswer("", ask(get("/")));
    assertSeen("", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void aQueryAndAGetDoNotAnswerEachOther(String method) throws Exception {
    origin().onRequest(c -> c.send(response(c.request().method() + c.readBodyText(), FRESH)));
    assertAnswer("QUERY", ask(request("QUERY", "/")));
    assertAnswer("GET", ask(get("/")));
    assertHit("QUERY", ask(request("QUERY", "/")));
    RawResponse response = ask(request(method, "/"));
    assertHit(method.equals("GET") ? "GET" : "", response);
    assertEquals("3", response.field("Content-Length"));
    assertAsked(2);
  }

  @Test
  void whatVaryNamesSetsQueriesApart() throws Exception {
    echo(FRESH, "Vary: Accept");
    assertAnswer("a", ask(query("a", "Accept: x")));
    assertForwarded("fwd=vary-miss;stored", "a", ask(query("a", "Accept: y")));
    assertHit("a", ask(query("a", "Accept: x")));
    assertSeen("a", "a");
  }

  // As for GET

  @Test
  void aStaleResponseIsValidatedWithTheQueryItself() throws Exception {
    origin()
        .onRequest(
            answering(STALE, "ETag: \"1\""),
            c -> {
              seen.add(c.readBodyText());
              c.send(notModified(FRESH, "ETag: \"1\""));
            });
    ask(query("abc"));
    RawResponse validated = ask(query("abc"));
    assertAnswer("abc", validated);
    assertTrue(status(validated).startsWith(NAME + ";fwd=stale;fwd-status=304"));
    assertEquals("\"1\"", origin().lastRequest().field("If-None-Match"));
    assertHit("abc", ask(query("abc")));
    assertSeen("abc", "abc");
  }

  @Test
  void aNotModifiedResponseThatIsAboutNothingStoredHasTheQuerySentAgain() throws Exception {
    origin()
        .onRequest(
            answering(STALE, "ETag: \"1\""),
            c -> {
              seen.add(c.readBodyText());
              c.send(notModified("ETag: \"2\""));
            },
            answering(FRESH));
    ask(query("abc"));
    assertAnswer("abc", ask(query("abc")));
    assertNull(origin().lastRequest().field("If-None-Match"));
    assertSeen("abc", "abc", "abc");
  }

  @ParameterizedTest
  @CsvSource({"304, \"1\"", "200, \"2\""})
  void theConditionsOfAClientAreEvaluated(int expected, String tag) throws Exception {
    echo(FRESH, "ETag: \"1\"");
    ask(query("abc"));
    RawResponse response = ask(query("abc", "If-None-Match: " + tag));
    assertEquals(expected, response.status());
    assertEquals(expected == 304 ? "" : "abc", response.text());
    assertSeen("abc");
  }

  @Test
  void aPartIsServedFromTheWhole() throws Exception {
    ask(query("0123456789"));
    RawResponse response = ask(query("0123456789", "Range: bytes=2-4"));
    assertEquals(206, response.status());
    assertEquals("bytes 2-4/10", response.field("Content-Range"));
    assertEquals("234", response.text());
    assertSeen("0123456789");
  }

  @Test
  void aPartIsStoredAndCompleted() throws Exception {
    origin()
        .onRequest(
            c -> {
              assertEquals("q", c.readBodyText());
              c.send(part("01234", "bytes 0-4/10"));
            },
            c -> {
              assertEquals("q", c.readBodyText());
              assertEquals("bytes=5-", c.request().field("Range"));
              c.send(part("56789", "bytes 5-9/10"));
            });
    ask(query("q", "Range: bytes=0-4"));
    RawResponse stored = ask(query("q", "Range: bytes=1-2"));
    assertEquals(206, stored.status());
    assertEquals("12", stored.text());
    assertAnswer("0123456789", ask(query("q")));
    assertHit("0123456789", ask(query("q")));
  }

  private static String part(String content, String range) {
    return response(206, content, FRESH, "ETag: \"1\"", "Content-Range: " + range);
  }

  @Test
  void aStaleResponseIsServedWhileTheQueryIsSentOnOurAccount() throws Exception {
    origin()
        .onRequest(
            answering(STALE, "ETag: \"1\""),
            c -> {
              seen.add(c.readBodyText());
              c.send(notModified(FRESH, "ETag: \"1\""));
            });
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    start(
        p ->
            p.cache(c -> c.staleWhileRevalidate(Duration.ofMinutes(5)))
                .listener(onCompleting(outcomes)));
    ask(chunkedQuery("abc"));
    assertHit("abc", ask(chunkedQuery("abc")));
    for (int i = 0; i < 3; i++) {
      next(outcomes); // of two clients, and of ours
    }
    assertHit("abc", ask(query("abc")));
    assertSeen("abc", "abc");
    assertEquals("QUERY", origin().lastRequest().method());
  }

  @Test
  void aStaleResponseIsBetterThanNone() throws Exception {
    origin().onRequest(answering(STALE), OriginConnection::close);
    ask(query("abc"));
    assertHit("abc", ask(query("abc")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Cache-Control: no-store", "Cache-Control: private", "Vary: *"})
  void whatMayNotBeStoredIsNot(String field) throws Exception {
    echo(field);
    assertForwarded("fwd=uri-miss", "a", ask(query("a")));
    assertForwarded("fwd=uri-miss", "a", ask(query("a")));
  }

  @Test
  void whereTheAnswerCanBeHadWithGetIsPassedOn() throws Exception {
    echo(FRESH, "Location: /queries/1", "Content-Location: /results/1");
    for (int i = 0; i < 2; i++) {
      RawResponse response = ask(query("a"));
      assertEquals("/queries/1", response.field("Location"));
      assertEquals("/results/1", response.field("Content-Location"));
    }
    assertSeen("a");
  }

  @Test
  void aClientThatWantsAStoredResponseOrNoneGetsNone() throws Exception {
    String[] stored = {"Cache-Control: only-if-cached"};
    assertFailure(504, "http_request_error", ask(query("a", stored)));
    String tooLong = "a".repeat(LIMIT + 1);
    assertFailure(504, "http_request_error", ask(query(tooLong, stored)));
    assertNothingForwarded();
  }

  // Forgotten

  @Test
  void anUnsafeMethodForgetsAllQueries() throws Exception {
    ask(query("a"));
    ask(query("b"));
    assertHit("b", ask(query("b")));
    assertAnswer("", ask(request("DELETE", "/")));
    assertForwarded("fwd=uri-miss;stored", "a", ask(query("a")));
    assertForwarded("fwd=uri-miss;stored", "b", ask(query("b")));
  }

  @Test
  void aQueryForgetsNothing() throws Exception {
    ask(get("/"));
    ask(query("a"));
    ask(query("b"));
    assertHit("", ask(get("/")));
    assertHit("a", ask(query("a")));
  }

  @Test
  void theApplicationForgetsAllQueriesOfAUri() throws Exception {
    try (HttpCache cache = HttpCache.inMemory(1 << 20)) {
      start(p -> p.cache(cache));
      ask(query("a"));
      ask(query("b"));
      ask(get("/"));
      assertEquals(3, cache.entries());
      cache.invalidate(
          URI.create("http://" + origin().authority() + "/"), HttpCache.Invalidation.REMOVE);
      assertEquals(0, cache.entries());
    }
  }

  // Many at once

  @Test
  void equalQueriesBecomeOne() throws Exception {
    Semaphore lookedUp = new Semaphore(0);
    startPatient(lookedUp);
    origin()
        .onRequest(
            c -> {
              String content = c.readBodyText();
              await(release);
              c.send(response(content, FRESH));
            },
            answering());
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      RawClient client = client();
      client.send(i % 2 == 0 ? query("same") : chunkedQuery("same"));
      clients.add(client);
      acquire(lookedUp, 1);
    }
    assertForwarded("fwd=uri-miss", "other", ask(query("other")));
    assertAnswer("", ask(get("/")));
    release.countDown();
    for (RawClient client : clients) {
      assertAnswer("same", client.readResponse());
    }
    assertSeen("other", "");
    assertAsked(3);
  }

  @Test
  void queriesThatHaveWaitedInVainAreSent() throws Exception {
    Semaphore lookedUp = new Semaphore(0);
    startPatient(lookedUp);
    origin()
        .onRequest(
            c -> {
              await(release);
              answering().run(c);
            },
            answering());
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      RawClient client = client();
      client.send(query("same"));
      clients.add(client);
      acquire(lookedUp, 1);
    }
    release.countDown();
    for (RawClient client : clients) {
      assertAnswer("same", client.readResponse());
    }
    assertSeen("same", "same", "same", "same");
  }

  private void startPatient(Semaphore lookedUp) {
    start(
        p ->
            p.listener(onEntering(Stage.LOOKUP, lookedUp))
                .cache(c -> c.fillTimeout(Duration.ofMinutes(1))));
  }

  @Test
  void pipelinedQueriesAreAnsweredInOrder() throws Exception {
    RawClient client = client();
    client.send(query("a") + chunkedQuery("b") + query("a") + get("/") + query("b") + query("c"));
    for (String content : List.of("a", "b", "a", "", "b", "c")) {
      assertAnswer(content, client.readResponse());
    }
    assertSeen("a", "b", "", "c");
  }

  // Content that is too long

  @Test
  void contentUpToTheLimitIsAPartOfTheKey() throws Exception {
    caching(c -> c.maxQueryBytes(10));
    for (String content : List.of("0123456789", "0123456789x")) {
      boolean fits = content.length() == 10;
      String how = fits ? "fwd=uri-miss;stored" : "fwd=bypass";
      assertForwarded(how, content, ask(query(content)));
      assertEquals(fits, status(ask(query(content))).contains("hit"));
      assertEquals(fits, status(ask(chunkedQuery(content))).contains("hit"));
    }
  }

  @Test
  void aQueryThatIsTooLongConcernsNoCache() throws Exception {
    try (HttpCache cache = HttpCache.inMemory(1 << 20)) {
      start(p -> p.cache(cache).cache(c -> c.maxQueryBytes(1).statusDetail()));
      RawClient client = client();
      RawResponse passed = client.exchange(query("ab"));
      assertForwarded("fwd=bypass;detail=request-content", "ab", passed);
      client.exchange(query("a"));
      client.exchange(query("a"));
      CacheStatistics counted = cache.statistics();
      assertEquals(1, counted.passed());
      assertEquals(1, counted.misses());
    }
  }

  @Test
  void withoutALimitNoQueryIsStored() throws Exception {
    caching(c -> c.maxQueryBytes(0));
    for (int i = 0; i < 2; i++) {
      assertForwarded("fwd=bypass", "a", ask(query("a")));
      assertForwarded("fwd=bypass", "", ask(request("QUERY", "/")));
    }
  }

  @ParameterizedTest
  @CsvSource({"65535", "65536", "65537", "70000", "300000", "5000000"})
  void contentArrivesWholeHoweverLongItIs(int length) throws Exception {
    byte[] content = random(length);
    origin()
        .onRequest(
            c -> {
              assertArrayEquals(content, c.readBody());
              c.send(response("all", FRESH));
            });
    RawClient client = client();
    for (int i = 0; i < 2; i++) {
      client.send(request("QUERY", "/", "Content-Length: " + length));
      client.send(content);
      assertAnswer("all", client.readResponse());
      client.send(request("QUERY", "/", "Transfer-Encoding: chunked"));
      client.send(Integer.toHexString(length) + "\r\n");
      client.send(content);
      client.send("\r\n0\r\n\r\n");
      assertAnswer("all", client.readResponse());
    }
    assertAsked(length > LIMIT ? 4 : 1);
  }

  @Test
  void theLimitMayBeHigh() throws Exception {
    caching(c -> c.maxQueryBytes(16 << 20));
    String content = Messages.text(random(5_000_000));
    assertForwarded("fwd=uri-miss;stored", content, ask(query(content)));
    assertHit(content, ask(query(content)));
  }

  @Test
  void aResponseThatComesBeforeAllOfTheQueryHasBeenSentIsNotStored() throws Exception {
    caching(c -> c.maxQueryBytes(16 << 20));
    String content = "a".repeat(16 << 20);
    Semaphore answered = new Semaphore(0);
    origin()
        .onRequest(
            c -> {
              c.send(response("early", FRESH));
              acquire(answered, 1); // until then, nothing of the content is read
              c.awaitClose();
            });
    for (int i = 0; i < 2; i++) {
      assertForwarded("fwd=uri-miss", "early", ask(query(content)));
      answered.release();
      origin().connection(i).awaitEnded();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100_000, 1_000_000})
  void trailersArriveBehindTheContent(int length) throws Exception {
    String content = Messages.text(random(length));
    origin()
        .onConnection(
            c -> {
              c.readHead();
              ChunkedBody body = c.readChunked();
              assertEquals(content, Messages.text(body.content()));
              assertEquals(1, body.trailers().size());
              assertEquals("ETag", body.trailers().get(0).name());
              c.send(ok("ok"));
            });
    String last = "0\r\nETag: \"1\"\r\nHost: evil\r\n\r\n";
    String body = Integer.toHexString(length) + "\r\n" + content + "\r\n" + last;
    assertAnswer("ok", ask(request("QUERY", "/", "Transfer-Encoding: chunked") + body));
  }

  @Test
  void anOriginThatReadsNothingHoldsUpItsClientAndNobodyElse() throws Exception {
    byte[] large = random(40_000_000);
    origin()
        .onRequest(
            c -> {
              await(release);
              assertArrayEquals(large, c.readBody());
              c.send(ok("all"));
            },
            answering());
    RawClient slow = client();
    slow.send(request("QUERY", "/", "Transfer-Encoding: chunked"));
    CompletableFuture<Void> sending =
        aside(
            () -> {
              slow.send(Integer.toHexString(large.length) + "\r\n");
              slow.send(large);
              slow.send("\r\n0\r\n\r\n");
            });
    origin().awaitHeads(1);
    String some = "x".repeat(100_000);
    RawClient quick = client();
    for (int i = 0; i < 100; i++) {
      assertAnswer(some, quick.exchange(query(some)));
    }
    assertFalse(sending.isDone());
    release.countDown();
    assertAnswer("all", slow.readResponse());
    sending.join();
  }

  @Test
  void contentThatWaitsForAConnectionIsNotReadOn() throws Exception {
    byte[] large = random(40_000_000);
    start(p -> p.cache(c -> {}).maxUpstreamConnections(1).pendingTimeout(Duration.ofMinutes(1)));
    ask(query("stored"));
    origin()
        .onRequest(
            later(ok("first")),
            c -> {
              assertArrayEquals(large, c.readBody());
              c.send(ok("all"));
            });
    RawClient first = client();
    first.send(get("/"));
    origin().awaitHeads(2);
    RawClient slow = client();
    slow.send(request("QUERY", "/", "Transfer-Encoding: chunked"));
    CompletableFuture<Void> sending =
        aside(
            () -> {
              slow.send(Integer.toHexString(large.length) + "\r\n");
              slow.send(large);
              slow.send("\r\n0\r\n\r\n");
            });
    RawClient quick = client();
    for (int i = 0; i < 1000; i++) {
      assertHit("stored", quick.exchange(query("stored")));
    }
    assertFalse(sending.isDone());
    release.countDown();
    assertAnswer("first", first.readResponse());
    assertAnswer("all", slow.readResponse());
    sending.join();
  }

  // Asking for the content

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
  void aClientThatWaitsToBeAskedIsAskedOnce(String framing) throws Exception {
    RawClient client = client();
    for (int i = 0; i < 2; i++) {
      client.send(request("QUERY", "/", framing, "Expect: 100-continue"));
      assertEquals(CONTINUE, client.readHead());
      client.send(framing.startsWith("C") ? "hello" : chunked("hel", "lo"));
      RawResponse response = client.readResponse();
      assertAnswer("hello", response);
      assertEquals(List.of(), response.interim());
    }
    assertSeen("hello");
    assertNull(origin().lastRequest().field("Expect"));
  }

  @Test
  void aClientThatIsAskedMaySendTooMuch() throws Exception {
    String content = "a".repeat(LIMIT + 1);
    RawClient client = client();
    client.send(request("QUERY", "/", "Transfer-Encoding: chunked", "Expect: 100-continue"));
    assertEquals(CONTINUE, client.readHead());
    client.send(chunked(content));
    RawResponse response = client.readResponse();
    assertForwarded("fwd=bypass", content, response);
    assertEquals(List.of(), response.interim());
    assertNull(origin().lastRequest().field("Expect"));
  }

  @Test
  void ifTheContentIsNotCollectedTheOriginAsks() throws Exception {
    String content = "a".repeat(LIMIT + 1);
    origin()
        .onRequest(
            c -> {
              c.send(CONTINUE);
              c.send(response(c.readBodyText(), FRESH));
            });
    RawClient client = client();
    String length = "Content-Length: " + content.length();
    client.send(request("QUERY", "/", length, "Expect: 100-continue"));
    assertEquals(CONTINUE, client.readHead());
    assertEquals("100-continue", origin().lastRequest().field("Expect"));
    client.send(content);
    assertForwarded("fwd=bypass", content, client.readResponse());
  }

  // Clients that break the rules

  @Test
  void contentThatDoesNotComeIsTimedOut() throws Exception {
    start(p -> p.cache(c -> {}).idleTimeout(SHORT));
    assertRefused(408, request("QUERY", "/", "Content-Length: 10") + "abc");
    assertRefused(408, request("QUERY", "/", "Content-Length: 10", "Expect: 100-continue"));
  }

  /** When the content of the third is late, the second has waited for longer. */
  @Test
  void theTimeForContentEndsWithIt() throws Exception {
    Semaphore lookedUp = new Semaphore(0);
    start(
        p ->
            p.listener(onEntering(Stage.LOOKUP, lookedUp))
                .idleTimeout(SHORT)
                .cache(c -> c.fillTimeout(Duration.ofMinutes(1))));
    origin()
        .onRequest(
            c -> {
              String content = c.readBodyText();
              await(release);
              c.send(response(content, FRESH));
            });
    RawClient first = client();
    first.send(query("a"));
    RawClient second = client();
    second.send(query("a"));
    acquire(lookedUp, 2);
    RawResponse late = ask(request("QUERY", "/", "Content-Length: 10") + "a");
    assertFailure(408, "http_request_error", late);
    release.countDown();
    assertAnswer("a", first.readResponse());
    assertAnswer("a", second.readResponse());
    assertAsked(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void moreContentThanIsTakenAtAllIsRefused(boolean chunked) throws Exception {
    start(p -> p.cache(c -> {}).maxBodyBytes(10));
    assertRefused(413, chunked ? chunkedQuery("0123456789x") : query("0123456789x"));
    assertAnswer("0123456789", ask(query("0123456789")));
    assertHit("0123456789", ask(chunkedQuery("0123456789")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\n", "1\r\nab\r\n0\r\n\r\n", "1\r\na\r\n0\r\nX A: b\r\n\r\n"})
  void brokenContentIsRefused(String body) throws Exception {
    assertRefused(400, request("QUERY", "/", "Transfer-Encoding: chunked") + body + get("/x"));
  }

  private void assertRefused(int status, String request) throws IOException {
    RawClient client = client();
    client.send(request);
    RawResponse response = client.readResponse();
    assertFailure(status, "http_request_error", response);
    assertEquals("close", response.field("Connection"));
    assertTrue(client.atEnd());
    assertNothingForwarded();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatLeavesInTheMiddleOfItsContentIsForgotten(boolean inOrder) throws Exception {
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    start(p -> p.cache(c -> {}).listener(onCompleting(outcomes)));
    RawClient client = client();
    client.send(request("QUERY", "/", "Content-Length: 10", "Expect: 100-continue"));
    client.readHead();
    client.send("abc");
    if (inOrder) {
      client.close();
    } else {
      client.reset();
    }
    Outcome outcome = next(outcomes);
    assertEquals(499, outcome.failure().status());
    assertNothingForwarded();
  }

  // Sent again

  @ParameterizedTest
  @CsvSource({"true, 5, true", "false, 60000, true", "true, 60000, false", "false, 5, false"})
  void aQueryIsSentAgainWithItsContentWhenItsPooledConnectionDies(
      boolean chunked, int length, boolean isRead) throws Exception {
    String content = Messages.text(random(length));
    origin()
        .onConnection(
            c -> {
              c.readHead();
              c.send(ok("first"));
              c.readHead();
              if (isRead) {
                assertEquals(content, c.readBodyText());
              }
              c.reset();
            },
            c -> {
              c.readHead();
              c.send(response(c.readBodyText(), FRESH));
            });
    RawClient client = client();
    assertAnswer("first", client.exchange(get("/x")));
    String body = chunked ? Messages.chunked(content) : content;
    String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length;
    assertForwarded(
        "fwd=uri-miss;stored", content, client.exchange(request("QUERY", "/", framing) + body));
    assertHit(content, client.exchange(query(content)));
    assertAsked(3);
    assertEquals(origin().heads().get(1), origin().heads().get(2));
  }

  @Test
  void aQueryThatWasNotKeptIsNotSentAgain() throws Exception {
    String content = "a".repeat(LIMIT + 1);
    origin()
        .onConnection(
            c -> {
              c.readHead();
              c.send(ok("first"));
              c.readHead();
              c.readBody();
              c.reset();
            });
    RawClient client = client();
    assertAnswer("first", client.exchange(get("/x")));
    assertFailure(
        502,
        "connection_terminated",
        client.exchange(request("QUERY", "/", "Transfer-Encoding: chunked") + chunked(content)));
    assertAsked(2);
  }

  @Test
  void withoutACacheAQueryGoesThroughAsItComes() throws Exception {
    start(p -> {});
    origin()
        .onRequest(
            c -> {
              assertEquals("abc", c.readText(3));
              release.countDown();
              c.readText(3);
              c.send(ok("ok"));
            });
    RawClient client = client();
    client.send(request("QUERY", "/", "Content-Length: 6") + "abc");
    await(release);
    client.send("def");
    assertAnswer("ok", client.readResponse());
  }
}
