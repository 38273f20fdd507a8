package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.HttpCache;
import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests for one response that is not stored yet: who waits for whom, and who does not. */
public abstract class CollapseSuite extends CachedSuite {
  private static final int MANY = 12;

  /** Longer than a test may take: whoever waits so long has failed. */
  private static final Duration FOREVER = Duration.ofMinutes(1);

  private final CountDownLatch rest = new CountDownLatch(1);
  private final Semaphore lookedUp = new Semaphore(0);
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

  /** The suite for one direction. */
  protected CollapseSuite(Side side) {
    super(side);
  }

  private void startPatient(Consumer<ProxyBuilder<?>> more) {
    start(
        p -> {
          p.listener(onEntering(Stage.LOOKUP, lookedUp)).listener(onCompleting(outcomes));
          p.cache(c -> c.fillTimeout(FOREVER).maxBytes(128 << 20));
          more.accept(p);
        });
  }

  /** Clients that all have asked for the same and wait. */
  private List<RawClient> waiting(int count) throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(asking(get("/")));
    }
    return clients;
  }

  /** A client whose request has been looked up. */
  private RawClient asking(String request) throws IOException, InterruptedException {
    RawClient client = client();
    client.send(request);
    acquire(lookedUp, 1);
    return client;
  }

  /** Half a response at once, and the rest when the test calls for it. */
  private OriginServer.Script inTwoParts(String first, String second) {
    int length = first.length() + second.length();
    return c -> {
      c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: " + length) + first);
      await(rest);
      c.send(second);
    };
  }

  /** Lets the origin answer, and all read at once. */
  private void assertAllGet(byte[] content, List<RawClient> clients) {
    List<CompletableFuture<Void>> reading = new ArrayList<>();
    for (RawClient client : clients) {
      reading.add(aside(() -> assertArrayEquals(content, client.readResponse().body())));
    }
    release.countDown();
    reading.forEach(CompletableFuture::join);
  }

  // All get the one response

  @Test
  void oneRequestIsMadeAndAllGetItsOctetsAsTheyCome() throws Exception {
    startPatient(p -> {});
    origin()
        .onRequest(
            c -> {
              await(release);
              c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: 10") + "first");
              await(rest);
              c.send("later");
            });
    List<RawClient> clients = waiting(MANY);
    release.countDown();
    for (RawClient client : clients) {
      client.readHead();
      assertEquals("first", client.readText(5));
    }
    RawClient late = asking(get("/"));
    late.readHead();
    assertEquals("first", late.readText(5));
    clients.add(late);
    rest.countDown();
    for (RawClient client : clients) {
      assertEquals("later", client.readText(5));
    }
    assertAsked(1);
  }

  @Test
  void aResponseThatIsValidatedIsGoodForAll() throws Exception {
    startPatient(p -> {});
    origin()
        .onRequest(
            now(
                head(
                        "HTTP/1.1 200 OK",
                        "Cache-Control: max-age=50",
                        "Age: 100",
                        "ETag: \"1\"",
                        "Content-Length: 2")
                    + "ok"),
            later(head("HTTP/1.1 304 Not Modified", FRESH, "ETag: \"1\"")));
    ask(get("/"));
    acquire(lookedUp, 1);
    List<RawClient> clients = waiting(MANY);
    release.countDown();
    int reused = 0;
    for (RawClient client : clients) {
      RawResponse response = client.readResponse();
      assertAnswer("ok", response);
      reused += status(response).startsWith(NAME + ";fwd=stale;collapsed;ttl=") ? 1 : 0;
    }
    assertEquals(MANY - 1, reused);
    assertAsked(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void longContentReachesAllWhole(int threads) throws Exception {
    byte[] content = random(3_000_000);
    startPatient(p -> p.ioThreads(threads));
    origin()
        .onRequest(
            c -> {
              await(release);
              c.send(head("HTTP/1.1 200 OK", FRESH, "Transfer-Encoding: chunked"));
              c.send(chunked(Messages.text(content)));
            });
    List<RawClient> clients = waiting(MANY);
    assertAllGet(content, clients);
    assertAsked(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void contentTooLongToBeStoredReachesAllWhole(int threads) throws Exception {
    byte[] content = random(6_000_000);
    startPatient(p -> p.ioThreads(threads).cache(c -> c.maxResponseBytes(100_000)));
    origin()
        .onRequest(
            c -> {
              await(release);
              c.send(head("HTTP/1.1 200 OK", FRESH, "Transfer-Encoding: chunked"));
              c.send(chunked(Messages.text(content)));
            });
    List<RawClient> clients = waiting(MANY);
    assertAllGet(content, clients);
    int asked = origin().heads().size();
    assertArrayEquals(content, ask(get("/")).body());
    assertAsked(asked + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void oneRequestIsMadeAlthoughTheCacheIsFullOfWhatIsUsedMoreOften(int threads) throws Exception {
    startPatient(p -> p.ioThreads(threads).cache(c -> c.maxBytes(2 << 20)));
    String used = "u".repeat(20_000);
    byte[] content = random(200_000);
    origin()
        .onRequest(
            c -> {
              if (c.request().startLine().contains("used")) {
                c.send(response(used, FRESH));
                return;
              }
              await(release);
              c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: " + content.length));
              c.send(content);
            });
    for (int i = 0; i < 300; i++) {
      ask(get("/used" + i % 100));
      acquire(lookedUp, 1);
    }
    int asked = origin().heads().size();
    assertAllGet(content, waiting(MANY));
    assertAsked(asked + 1);
  }

  @Test
  void aClientThatReadsNothingHoldsUpNobody() throws Exception {
    byte[] content = random(15_000_000);
    startPatient(p -> {});
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: " + content.length));
              c.send(content);
            });
    RawClient slow = asking(get("/"));
    slow.readHead();
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(content, ask(get("/")).body());
    }
    assertArrayEquals(content, slow.readBytes(content.length));
    assertAsked(1);
  }

  @Test
  void aClientThatReadsNothingHoldsUpNobodyForLongIfTheContentIsNotStored() throws Exception {
    byte[] content = random(15_000_000);
    startPatient(p -> p.cache(c -> c.maxResponseBytes(100_000).fillTimeout(AMPLE)));
    origin()
        .onRequest(
            c -> {
              await(release);
              c.send(head("HTTP/1.1 200 OK", FRESH, "Transfer-Encoding: chunked"));
              c.send(chunked(Messages.text(content)));
            });
    RawClient slow = asking(get("/"));
    assertAllGet(content, waiting(3));
    assertFalse(slow.readResponse().complete());
  }

  @Test
  void aPartOfWhatIsStillComingIsServedWhenItHasCome() throws Exception {
    startPatient(p -> {});
    origin().onRequest(inTwoParts("01234", "56789"));
    RawClient cause = asking(get("/"));
    cause.readHead();
    RawClient last = asking(request("GET", "/", "Range: bytes=-3"));
    RawResponse first = ask(request("GET", "/", "Range: bytes=1-2"));
    assertEquals("12", first.text());
    assertEquals("bytes 1-2/10", first.field("Content-Range"));
    rest.countDown();
    assertEquals("789", last.readResponse().text());
    assertAsked(1);
  }

  @Test
  void contentTooLongToBeStoredComesNoFasterThanItIsRead() throws Exception {
    byte[] large = random(30_000_000);
    byte[] some = random(1_000_000);
    startPatient(p -> p.cache(c -> c.maxResponseBytes(100_000)));
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", FRESH, "Transfer-Encoding: chunked"));
              c.send(Integer.toHexString(large.length) + "\r\n");
              c.send(large);
              c.send("\r\n0\r\n\r\n");
            },
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + some.length));
              c.send(some);
            });
    RawClient slow = asking(get("/large"));
    slow.readHead();
    for (int i = 0; i < 30; i++) {
      assertArrayEquals(some, ask(get("/some")).body());
    }
    assertTrue(origin().connection(0).sent() < large.length);
    assertArrayEquals(large, slow.readChunked().content());
  }

  // Somebody leaves

  @Test
  void theClientThatCausedTheRequestMayLeave() throws Exception {
    startPatient(p -> {});
    origin().onRequest(inTwoParts("first", "later"));
    RawClient cause = asking(get("/"));
    cause.readHead();
    RawClient other = asking(get("/"));
    other.readHead();
    cause.reset();
    next(outcomes);
    rest.countDown();
    assertEquals("firstlater", other.readText(10));
    assertAnswer("firstlater", ask(get("/")));
    assertAsked(1);
  }

  @Test
  void contentThatNobodyWaitsForAnyMoreIsStored() throws Exception {
    startPatient(p -> {});
    origin().onRequest(inTwoParts("first", "later"));
    RawClient cause = asking(get("/"));
    cause.readHead();
    cause.reset();
    next(outcomes);
    rest.countDown();
    assertAnswer("firstlater", ask(get("/")));
    assertAsked(1);
  }

  @Test
  void ifItLeavesBeforeThereIsAResponseTheOthersAskForThemselves() throws Exception {
    startPatient(p -> {});
    origin().onRequest(c -> c.awaitClose(), now(response("ok", FRESH)));
    RawClient cause = asking(get("/"));
    origin().awaitHeads(1);
    List<RawClient> others = waiting(3);
    cause.reset();
    for (RawClient other : others) {
      assertAnswer("ok", other.readResponse());
    }
  }

  @Test
  void aClientThatWaitsMayLeave() throws Exception {
    startPatient(p -> {});
    origin().onRequest(later(response("ok", FRESH)));
    RawClient cause = asking(get("/"));
    RawClient leaving = asking(get("/"));
    RawClient staying = asking(get("/"));
    leaving.reset();
    next(outcomes);
    release.countDown();
    assertAnswer("ok", cause.readResponse());
    assertAnswer("ok", staying.readResponse());
    assertAsked(1);
  }

  // A proxy leaves, and its cache stays

  /** A proxy that fetches a response into {@code cache} whose client has left. */
  private Proxy startFetching(HttpCache cache) throws Exception {
    Proxy fetching = startSharing(cache);
    readingHalf().reset();
    next(outcomes);
    return fetching;
  }

  private Proxy startSharing(HttpCache cache) {
    startPatient(p -> p.cache(cache));
    return proxy();
  }

  private RawClient readingHalf() throws Exception {
    RawClient reader = asking(get("/"));
    reader.readHead();
    assertEquals("first", reader.readText(5));
    return reader;
  }

  @Test
  void whatAProxyWasFetchingWhenItClosedIsAskedForAgain() throws Exception {
    HttpCache cache = HttpCache.inMemory(1 << 20);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: 10") + "first");
              c.awaitClose();
            },
            now(response("new", FRESH)));
    startFetching(cache).close();
    assertEquals(0, cache.statistics().fills());
    startSharing(cache);
    assertAnswer("new", ask(get("/")));
    assertHit("new", ask(get("/")));
  }

  @Test
  void aRefreshThatAProxyHadBegunWhenItClosedIsBegunAgain() throws Exception {
    HttpCache cache = HttpCache.inMemory(1 << 20);
    String old =
        response(
            "old",
            "Age: 100 / ETag: \"1\"",
            "Cache-Control: max-age=50, stale-while-revalidate=1000");
    origin().onRequest(now(old), c -> c.awaitClose(), now(response("new", FRESH)));
    Proxy refreshing = startSharing(cache);
    ask(get("/"));
    assertHit("old", ask(get("/")));
    origin().awaitHeads(2);
    refreshing.close();
    startSharing(cache);
    assertHit("old", ask(get("/")));
    origin().awaitHeads(3);
  }

  @Test
  void aProxyStopsWhenClientsOfOthersHaveReadWhatItFetches() throws Exception {
    HttpCache cache = HttpCache.inMemory(1 << 20);
    origin().onRequest(inTwoParts("first", "later"));
    Proxy fetching = startFetching(cache);
    startSharing(cache);
    RawClient reader = readingHalf();
    CompletableFuture<Void> stopped = aside(() -> fetching.stop(FOREVER));
    rest.countDown();
    assertEquals("later", reader.readText(5));
    stopped.get(Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    assertHit("firstlater", ask(get("/")));
  }

  @Test
  void aProxyWaitsForWhatClientsOfOthersReadNoLongerThanItsGrace() throws Exception {
    HttpCache cache = HttpCache.inMemory(1 << 20);
    origin().onRequest(inTwoParts("first", "later"));
    Proxy fetching = startFetching(cache);
    startSharing(cache);
    RawClient reader = readingHalf();
    long before = System.nanoTime();
    fetching.stop(SHORT);
    assertTrue(System.nanoTime() - before >= SHORT.toNanos());
    assertTrue(reader.atEnd());
    rest.countDown();
  }

  // There is no response for all

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 10", "Transfer-Encoding: chunked"})
  void contentThatBreaksOffBreaksOffForAll(String framing) throws Exception {
    startPatient(p -> {});
    origin()
        .onRequest(
            c -> {
              await(release);
              c.send(head("HTTP/1.1 200 OK", FRESH, framing) + "5\r\nab");
              c.close();
            },
            now(ok("again")));
    List<RawClient> clients = waiting(MANY);
    release.countDown();
    for (RawClient client : clients) {
      assertFalse(client.readResponse().complete());
    }
    assertAsked(1);
    assertAnswer("again", ask(get("/")));
  }

  @Test
  void contentThatStopsComingIsGivenUpForAll() throws Exception {
    startPatient(p -> p.idleTimeout(AMPLE));
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: 10") + "first");
              c.awaitClose();
            },
            now(ok("again")));
    for (RawClient client : waiting(3)) {
      assertFalse(client.readResponse().complete());
    }
    origin().connection(0).awaitEnded();
    assertAnswer("again", ask(get("/")));
    assertAsked(2);
  }

  @Test
  void aResponseThatMayNotBeStoredIsForOneAndTheOthersAskForThemselves() throws Exception {
    startPatient(p -> {});
    origin().onRequest(later(ok("mine")), now(ok("ours")));
    List<RawClient> clients = waiting(MANY);
    release.countDown();
    int mine = 0;
    for (RawClient client : clients) {
      RawResponse response = client.readResponse();
      assertEquals(200, response.status());
      boolean first = response.text().equals("mine");
      assertEquals(NAME + ";fwd=uri-miss" + (first ? "" : ";collapsed=?0"), status(response));
      mine += response.text().equals("mine") ? 1 : 0;
    }
    assertEquals(1, mine);
    assertAsked(MANY);
  }

  @Test
  void nobodyWaitsForAResponseThatHadToBeValidatedTheLastTime() throws Exception {
    startPatient(p -> {});
    String same = "HTTP/1.1 304 Not Modified";
    origin()
        .onRequest(
            now(response("ok", "Cache-Control: no-cache", "ETag: \"1\"")),
            later(head(same, "Cache-Control: no-cache", "ETag: \"1\"")),
            now(head(same, "Cache-Control: no-cache", "ETag: \"1\"")));
    ask(get("/"));
    acquire(lookedUp, 1);
    RawClient slow = asking(get("/"));
    origin().awaitHeads(2);
    assertAnswer("ok", ask(get("/")));
    release.countDown();
    assertAnswer("ok", slow.readResponse());
  }

  @Test
  void nobodyElseReadsContentThatHasStalled() throws Exception {
    HttpCache cache = HttpCache.inMemory(1 << 20);
    start(p -> p.cache(cache).cache(c -> c.fillTimeout(AMPLE)));
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: 10") + "first");
              await(rest);
              c.send("later");
            },
            c -> c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: 3") + "new"));
    try (RawClient first = client()) {
      first.send(get("/"));
      first.readHead();
      Eventually.holds(() -> cache.entries() == 0);
      assertAnswer("new", ask(get("/")));
      rest.countDown();
      assertEquals("firstlater", first.readText(10));
      assertAnswer("new", ask(get("/")));
    }
  }

  @Test
  void nobodyWaitsForAResponseThatWasForOneClientTheLastTime() throws Exception {
    startPatient(p -> {});
    origin()
        .onRequest(
            c -> c.send(ok("mine")),
            c -> {
              await(release);
              c.send(ok("slow"));
            },
            c -> c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: 2") + "ok"));
    ask(get("/"));
    acquire(lookedUp, 1);
    RawClient slow = asking(get("/"));
    origin().awaitHeads(2);
    assertAnswer("ok", ask(get("/")));
    release.countDown();
    assertAnswer("slow", slow.readResponse());
  }

  @Test
  void aRequestThatFailsFailsForOneAndTheOthersAskForThemselves() throws Exception {
    startPatient(p -> {});
    origin()
        .onRequest(
            c -> {
              await(release);
              c.close();
            },
            now(response("ok", FRESH)));
    List<RawClient> clients = waiting(4);
    release.countDown();
    int failed = 0;
    for (RawClient client : clients) {
      failed += client.readResponse().status() == 502 ? 1 : 0;
    }
    assertEquals(1, failed);
  }

  @Test
  void nobodyWaitsLongForAnOriginThatStalls() throws Exception {
    startPatient(p -> p.cache(c -> c.fillTimeout(AMPLE)));
    origin().onRequest(later(ok("late")), now(ok("soon")));
    RawClient cause = asking(get("/"));
    origin().awaitHeads(1);
    for (RawClient other : waiting(3)) {
      assertAnswer("soon", other.readResponse());
    }
    release.countDown();
    assertAnswer("late", cause.readResponse());
    assertAsked(4);
  }

  @Test
  void oneOfThoseWhoWaitAsksInThePlaceOfOneWhoHasStalled() throws Exception {
    startPatient(p -> p.cache(c -> c.fillTimeout(AMPLE)));
    origin().onRequest(later(ok("late")), now(response("soon", FRESH)));
    RawClient cause = asking(get("/"));
    origin().awaitHeads(1);
    for (RawClient other : waiting(MANY)) {
      assertAnswer("soon", other.readResponse());
    }
    assertAsked(2);
    release.countDown();
    assertAnswer("late", cause.readResponse());
  }

  @Test
  void aResponseForOthersIsNotWhatIsWaitedFor() throws Exception {
    startPatient(p -> {});
    OriginServer.Script inItsLanguage =
        c -> {
          String language = String.valueOf(c.request().field("Accept-Language"));
          c.send(
              head("HTTP/1.1 200 OK", FRESH, "Vary: Accept-Language", "Content-Length: 2")
                  + language);
        };
    origin()
        .onRequest(
            c -> {
              await(release);
              inItsLanguage.run(c);
            },
            inItsLanguage);
    RawClient english = asking(request("GET", "/", "Accept-Language: en"));
    origin().awaitHeads(1);
    RawClient german = asking(request("GET", "/", "Accept-Language: de"));
    RawClient another = asking(request("GET", "/", "Accept-Language: en"));
    release.countDown();
    assertAnswer("en", english.readResponse());
    assertAnswer("de", german.readResponse());
    assertAnswer("en", another.readResponse());
    assertAsked(2);
  }

  // Who does not wait

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / Range: bytes=0-1",
        "GET / If-None-Match: \"1\"",
        "GET / If-Modified-Since: Sun, 01 Jun 2025 00:00:00 GMT",
        "GET / If-Match: \"1\"",
        "GET / Authorization: Basic YTpi",
        "GET / Cache-Control: no-store",
        "GET / Content-Length: 0 / If-Unmodified-Since: Sun, 01 Jun 2025 00:00:00 GMT",
        "HEAD",
        "POST",
        "OPTIONS"
      })
  void aRequestOfItsOwnKindWaitsForNobody(String methodAndFields) throws Exception {
    startPatient(p -> {});
    origin().onRequest(later(ok("late")), now(head("HTTP/1.1 204 No Content")));
    RawClient cause = asking(get("/"));
    origin().awaitHeads(1);
    String[] all = lines(methodAndFields);
    String[] fields = Arrays.copyOfRange(all, 1, all.length);
    assertEquals(204, ask(request(all[0], "/", fields)).status());
    release.countDown();
    assertAnswer("late", cause.readResponse());
  }

  @Test
  void aRequestWithContentWaitsForNobody() throws Exception {
    startPatient(p -> {});
    origin().onRequest(later(ok("late")), c -> c.send(ok(c.readBodyText())));
    RawClient cause = asking(get("/"));
    origin().awaitHeads(1);
    assertAnswer("fat", ask(request("GET", "/", "Content-Length: 3") + "fat"));
    release.countDown();
    assertAnswer("late", cause.readResponse());
  }

  @Test
  void aRequestForSomethingElseWaitsForNobody() throws Exception {
    startPatient(p -> {});
    origin().onRequest(later(ok("late")), now(ok("soon")));
    RawClient cause = asking(get("/"));
    origin().awaitHeads(1);
    assertAnswer("soon", ask(get("/?")));
    release.countDown();
    assertAnswer("late", cause.readResponse());
  }
}
