package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.CacheBuilder;
import io.tidegate.core.HttpCache;
import io.tidegate.core.cache.CacheStatistics;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Stage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cache tells about its work: to operators in statistics, to clients in Cache-Status. */
public abstract class CacheReportSuite extends ProxyWireSuite {
  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String STALE = "Cache-Control: max-age=50";
  private static final String TAG = "ETag: \"1\"";
  private static final String NO_CONTENT = "Content-Length: 0";

  private final HttpCache cache = HttpCache.inMemory(1 << 20);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Semaphore lookedUp = new Semaphore(0);
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

  /** The suite for one direction. */
  protected CacheReportSuite(Side side) {
    super(side);
  }

  @AfterEach
  void forget() {
    cache.close();
  }

  private void startCounting() {
    start(
        p ->
            p.cache(cache)
                .listener(onEntering(Stage.LOOKUP, lookedUp))
                .listener(onCompleting(outcomes)));
  }

  private static String response(String body, String... fields) {
    String head = head("HTTP/1.1 200 OK", String.join("\r\n", fields));
    return head.substring(0, head.length() - 2) + ok(body).split("\r\n", 2)[1];
  }

  private CacheStatistics after(int exchanges) throws Exception {
    for (int i = 0; i < exchanges; i++) {
      next(outcomes);
    }
    return cache.statistics();
  }

  // Statistics

  @Test
  void missesAndHitsAreCountedWithTheirContent() throws Exception {
    startCounting();
    origin().respond(response("hello", FRESH));
    ask(get("/"));
    for (int i = 0; i < 3; i++) {
      assertAnswer("hello", ask(get("/")));
    }
    ask(request("HEAD", "/"));
    ask(request("GET", "/", "Range: bytes=1-2"));
    CacheStatistics counted = after(6);
    assertEquals(new CacheStatistics(5, 0, 0, 1, 0, 0, 0, 3 * 5 + 2, 5, 0, 1, 0, 0, 0), counted);
    assertEquals(5.0 / 6, counted.hitRatio());
  }

  @Test
  void whatTheOriginSaysIsGoodIsCountedAsValidated() throws Exception {
    startCounting();
    origin()
        .respond(response("hello", STALE, "Age: 100", TAG), head("HTTP/1.1 304 OK", STALE, TAG));
    ask(get("/"));
    ask(get("/"));
    assertEquals(new CacheStatistics(0, 0, 1, 1, 0, 0, 0, 5, 5, 0, 1, 0, 0, 0), after(2));
  }

  @Test
  void whatOnlyTheOriginCanAnswerIsCountedAsPassed() throws Exception {
    startCounting();
    origin().respond(response("hello", FRESH), head("HTTP/1.1 200 OK", NO_CONTENT));
    ask(get("/"));
    ask(request("POST", "/"));
    ask(request("GET", "/", "If-Match: \"1\""));
    ask(request("QUERY", "/", "Content-Length: 70000") + "x".repeat(70_000)); // more than is read
    assertEquals(new CacheStatistics(0, 0, 0, 1, 3, 0, 0, 0, 5, 0, 1, 0, 0, 1), after(4));
  }

  @Test
  void aStaleResponseInPlaceOfAFailureIsAStaleHit() throws Exception {
    startCounting();
    String stale = "Cache-Control: max-age=50, stale-if-error=1000";
    origin()
        .onRequest(
            c -> c.send(response("hello", stale, "Age: 100", TAG)),
            c -> c.send(head("HTTP/1.1 503 No", NO_CONTENT)),
            OriginConnection::close);
    for (int i = 0; i < 3; i++) {
      assertAnswer("hello", ask(get("/")));
    }
    assertEquals(new CacheStatistics(2, 2, 0, 1, 0, 0, 0, 10, 5, 0, 1, 0, 0, 0), after(3));
  }

  @Test
  void aRequestOfTheCachesOwnIsCountedAsNoClients() throws Exception {
    startCounting();
    String stale = "Cache-Control: max-age=50, stale-while-revalidate=1000";
    origin()
        .respond(response("hello", stale, "Age: 100", TAG), head("HTTP/1.1 304 OK", FRESH, TAG));
    ask(get("/"));
    ask(get("/"));
    assertEquals(new CacheStatistics(1, 1, 0, 1, 0, 0, 1, 5, 5, 0, 1, 0, 0, 0), after(3));
  }

  @Test
  void whoWaitsIsCountedAndThenWhatComesOfIt() throws Exception {
    startCounting();
    origin()
        .onRequest(
            c -> {
              await(release);
              c.send(response("hello", FRESH));
            });
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(client());
      clients.get(i).send(get("/"));
      acquire(lookedUp, 1);
    }
    release.countDown();
    for (RawClient client : clients) {
      assertAnswer("hello", client.readResponse());
    }
    assertEquals(new CacheStatistics(2, 0, 0, 1, 0, 2, 0, 10, 5, 0, 1, 0, 0, 0), after(3));
  }

  @Test
  void aResponseOnItsWayIsAFill() throws Exception {
    startCounting();
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: 10") + "first");
              await(release);
              c.send("later");
            });
    RawClient client = client();
    client.send(get("/"));
    client.readHead();
    assertEquals("first", client.readText(5));
    assertEquals(1, cache.statistics().fills());
    assertEquals(0, cache.statistics().stored());
    release.countDown();
    assertEquals("later", client.readText(5));
    assertEquals(0, after(1).fills());
    assertEquals(1, cache.statistics().stored());
  }

  @Test
  void whatIsTooLongOrInvalidatedIsCounted() throws Exception {
    startCounting();
    String longer = "x".repeat(200_000);
    origin()
        .respond(
            response(longer, FRESH),
            head("HTTP/1.1 200 OK", FRESH, "Transfer-Encoding: chunked") + chunked(longer),
            response("ok", FRESH));
    ask(get("/long"));
    ask(get("/long"));
    assertEquals(2, cache.statistics().tooLong());
    ask(get("/"));
    cache.invalidate(
        URI.create("http://" + origin().authority()), HttpCache.Invalidation.MARK_STALE);
    cache.invalidatePrefix("http:", HttpCache.Invalidation.REMOVE);
    assertEquals(2, cache.statistics().invalidated());
  }

  @Test
  void aClientThatWantsNothingButWhatIsStoredMayMissIt() throws Exception {
    startCounting();
    ask(request("GET", "/", "Cache-Control: only-if-cached"));
    assertEquals(new CacheStatistics(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), after(1));
  }

  // Cache-Status

  @Test
  void everyHitTellsForHowManyWholeSecondsItIsFresh() throws Exception {
    startCounting();
    origin()
        .onRequest(
            c -> {
              long came = System.currentTimeMillis();
              while (System.currentTimeMillis() < came + 2) {
                Thread.onSpinWait();
              }
              c.send(response("hello", FRESH));
            });
    ask(get("/"));
    for (int i = 0; i < 4; i++) {
      String status = String.valueOf(ask(get("/")).field("Cache-Status"));
      assertTrue(status.startsWith(NAME + ";hit;ttl="), status);
      int ttl = Integer.parseInt(status.substring((NAME + ";hit;ttl=").length()));
      assertTrue(ttl < 60 && ttl > 30, status);
    }
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "method           | PUT    |                          | Cache-Control: max-age=60",
        "request-no-store | GET    | Cache-Control: no-store  | Cache-Control: max-age=60",
        "status           | GET    | If-None-Match: \"9\"     | Status: 412",
        "no-store         | GET    |                          | Cache-Control: no-store",
        "private          | GET    |                          | Cache-Control: private",
        "authorization    | GET    | Authorization: Basic YTo | Cache-Control: max-age=60",
        "vary             | GET    |                          | Cache-Control: max-age=60 / Vary: *",
        "vary             | GET    |                          | Cache-Control: max-age=60 / Vary: Via",
        "set-cookie       | GET    |                          | Cache-Control: max-age=60 / Set-Cookie: a=b",
        "no-freshness     | GET    |                          | Status: 302",
        "useless          | GET    |                          | Cache-Control: max-age=0",
        "part             | GET    |                          | Status: 206"
      })
  void theReasonNotToStoreMayBeTold(String detail, String method, String request, String response)
      throws Exception {
    start(p -> p.cache(rules -> rules.noSetCookie().statusDetail()));
    String[] fields = lines(response);
    int status = 200;
    if (fields[0].startsWith("Status: ")) {
      status = Integer.parseInt(fields[0].substring("Status: ".length()));
    }
    String answer =
        head("HTTP/1.1 " + status + " Some", response.replace(" / ", "\r\n"), NO_CONTENT);
    origin().respond(answer);
    RawResponse told = ask(request == null ? request(method, "/") : request(method, "/", request));
    assertEquals(status, told.status());
    String field = String.valueOf(told.field("Cache-Status"));
    assertTrue(field.endsWith(";detail=" + detail), field);
  }

  @Test
  void aResponseTooLongToBeStoredSaysSo() throws Exception {
    start(p -> p.cache(rules -> rules.maxResponseBytes(4).statusDetail()));
    origin().respond(response("hello", FRESH), response("hell", FRESH));
    String status = String.valueOf(ask(get("/")).field("Cache-Status"));
    assertEquals(NAME + ";fwd=uri-miss;detail=too-long", status);
    assertEquals(NAME + ";fwd=uri-miss;stored", ask(get("/")).field("Cache-Status"));
  }

  @Test
  void aResponseThatBeginsBeforeTheRequestHasBeenSentSaysSo() throws Exception {
    start(p -> p.cache(CacheBuilder::statusDetail));
    origin()
        .onRequest(
            c -> {
              c.send(response("no", FRESH));
              c.awaitClose();
            });
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 5") + "hell");
    String status = String.valueOf(client.readResponse().field("Cache-Status"));
    assertEquals(NAME + ";fwd=method;detail=early", status);
  }

  @Test
  void noReasonIsToldUnlessItIsAskedFor() throws Exception {
    startCounting();
    origin().respond(response("ok", "Cache-Control: private"));
    assertEquals(NAME + ";fwd=uri-miss", ask(get("/")).field("Cache-Status"));
  }
}
