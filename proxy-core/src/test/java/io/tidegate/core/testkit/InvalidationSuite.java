package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.CacheBuilder;
import io.tidegate.core.HttpCache;
import io.tidegate.core.HttpCache.Invalidation;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.TagField.Separator;
import io.tidegate.core.cache.memory.MemoryStore;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Stage;
import io.tidegate.core.testkit.RawResponse.Framing;
import java.lang.reflect.InvocationHandler;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored responses invalidated on demand: by tags, and by clients with PURGE. */
public abstract class InvalidationSuite extends ProxyWireSuite {
  private static final String FRESH = "Cache-Control: max-age=60";

  /** Stale as it comes, so that no test has to wait for it. */
  private static final String STALE = "Cache-Control: max-age=50 / Age: 100";

  private final HttpCache cache = HttpCache.inMemory(1 << 20);

  /** The suite for one direction. */
  protected InvalidationSuite(Side side) {
    super(side);
  }

  @BeforeEach
  void startWithCache() {
    caching(rules -> rules.purgeFrom("127.0.0.1"));
  }

  @AfterEach
  void forget() {
    cache.close();
  }

  private void caching(Consumer<CacheBuilder> details) {
    start(p -> p.cache(cache).cache(c -> c.tagField("Cache-Tag", Separator.COMMA)).cache(details));
  }

  /** The head of a 200 response without content, with fields that slashes keep apart. */
  private static String response(String fields) {
    return message("HTTP/1.1 200 OK / Content-Length: 0 / " + fields);
  }

  private static String message(String linesOfIt) {
    return head(lines(linesOfIt));
  }

  private String purge(String path, String... fields) {
    return request("PURGE", path, fields);
  }

  private static void assertPurged(long count, RawResponse response) {
    assertAnswer("{\"invalidated\":" + count + "}", response);
    assertEquals("application/json", response.field("Content-Type"));
    assertEquals("no-store", response.field("Cache-Control"));
    assertEquals(Framing.LENGTH, response.framing());
  }

  private void assertHit(RawResponse response) {
    String status = String.valueOf(response.field("Cache-Status"));
    assertTrue(status.startsWith(NAME + ";hit"), status);
  }

  private void assertAsked(int times) {
    assertEquals(times, origin().heads().size(), () -> origin().heads().toString());
  }

  /** Has responses stored for these paths; each request has these fields. */
  private void store(List<String> paths, String... fields) throws Exception {
    for (String path : paths) {
      ask(request("GET", path, fields));
    }
  }

  // Tags

  @Test
  void aTagIsOnManyResponsesAndAResponseHasManyTags() throws Exception {
    origin()
        .respond(
            response(FRESH + " / Cache-Tag: a,b"),
            response(FRESH + " / Cache-Tag: b / cache-tag: c"),
            response(FRESH + " / Cache-Groups: \"b\""));
    store(List.of("/1", "/2", "/3"));
    assertEquals(0, cache.invalidateTag("d", Invalidation.REMOVE));
    assertEquals(1, cache.invalidateTag("c", Invalidation.MARK_STALE));
    assertEquals(2, cache.invalidateTag("b", Invalidation.REMOVE));
    assertEquals(1, cache.entries());
    assertHit(ask(get("/3")));
  }

  // On its way

  /** What is invalidated while a response is on its way, and whether the response is stored. */
  @ParameterizedTest
  @CsvSource({"PUT, /, 3", "PUT, /other, 2", "PURGE, /, 3", "PURGE, /other, 2"})
  void aResponseThatWasAskedForBeforeAnInvalidationIsNotStored(
      String method, String path, int asked) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              await(release);
              c.send(response(FRESH));
            },
            c -> c.send(response(FRESH)));
    try (RawClient early = client()) {
      early.send(get("/"));
      origin().awaitHeads(1);
      ask(request(method, path));
      release.countDown();
      assertEquals(200, early.readResponse().status());
    }
    ask(get("/"));
    ask(get("/"));
    assertEquals(asked, origin().heads().size() + (method.equals("PURGE") ? 1 : 0));
  }

  @Test
  void aResponseThatIsBeingValidatedWhenItIsMadeStaleStaysStale() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> c.send(response(STALE + " / ETag: \"1\"")),
            c -> {
              await(release);
              c.send(message("HTTP/1.1 304 Not Modified / ETag: \"1\" / " + FRESH));
            },
            c -> c.send(message("HTTP/1.1 304 Not Modified / ETag: \"1\" / " + FRESH)));
    store(List.of("/"));
    try (RawClient early = client()) {
      early.send(get("/"));
      origin().awaitHeads(2);
      cache.invalidatePrefix("http", Invalidation.MARK_STALE);
      release.countDown();
      assertEquals(200, early.readResponse().status());
    }
    ask(get("/"));
    assertAsked(3);
    assertHit(ask(get("/")));
  }

  /** A store in which something happens just before a response is updated for the first time. */
  private static CacheStore before(Runnable update) {
    CacheStore store = new MemoryStore(1 << 20, 1 << 20, 9);
    AtomicBoolean first = new AtomicBoolean(true);
    InvocationHandler handler =
        (self, method, arguments) -> {
          if (method.getName().equals("update") && first.compareAndSet(true, false)) {
            update.run();
          }
          return method.invoke(store, arguments);
        };
    return (CacheStore)
        java.lang.reflect.Proxy.newProxyInstance(
            CacheStore.class.getClassLoader(), new Class<?>[] {CacheStore.class}, handler);
  }

  @ParameterizedTest
  @CsvSource({"GET, 304 Not Modified", "HEAD, 200 OK"})
  void aResponseThatIsMadeStaleWhileItIsUpdatedStaysStale(String method, String status)
      throws Exception {
    AtomicReference<HttpCache> shared = new AtomicReference<>();
    Runnable purge = () -> shared.get().invalidatePrefix("http", Invalidation.MARK_STALE);
    shared.set(HttpCache.in(before(purge)));
    start(p -> p.cache(shared.get()));
    String same = message("HTTP/1.1 " + status + " / ETag: \"1\" / " + FRESH);
    origin().respond(response(STALE + " / ETag: \"1\""), same, same.replace("200", "304"));
    store(List.of("/"));
    ask(request(method, "/"));
    ask(get("/"));
    assertAsked(3);
    assertHit(ask(get("/")));
  }

  @ParameterizedTest
  @CsvSource({"GET, 304 Not Modified", "HEAD, 200 OK"})
  void whatUpdatesAStoredResponseRenewsItsTags(String method, String status) throws Exception {
    origin()
        .respond(
            response(STALE + " / ETag: \"1\" / Cache-Tag: old"),
            message("HTTP/1.1 " + status + " / ETag: \"1\" / Cache-Tag: new / " + FRESH));
    store(List.of("/"));
    ask(request(method, "/"));
    assertAsked(2);
    assertEquals(0, cache.invalidateTag("old", Invalidation.REMOVE));
    assertEquals(1, cache.invalidateTag("new", Invalidation.REMOVE));
  }

  @Test
  void aTagFieldGoesOnToTheClient() throws Exception {
    origin().respond(response(FRESH + " / Cache-Tag: a,b"));
    assertEquals("a,b", ask(get("/")).field("Cache-Tag"));
    assertEquals("a,b", ask(get("/")).field("Cache-Tag"));
  }

  // What PURGE invalidates

  @Test
  void theTargetIsPurgedByTheProxy() throws Exception {
    origin().respond(response(FRESH));
    store(List.of("/a?b", "/a"));
    assertPurged(1, ask(purge("/a?b")));
    assertHit(ask(get("/a")));
    assertAsked(2);
    ask(get("/a?b"));
    assertAsked(3);
    assertPurged(0, ask(purge("/other")));
  }

  @Test
  void theTargetIsPurgedInAllKeysOfAllProxies() throws Exception {
    origin().respond(response(FRESH + " / Vary: Accept-Language"));
    caching(rules -> rules.keyFields("X-Kind").onlyParameters("page"));
    store(List.of("/a?page=1&x=1"), "X-Kind: 1");
    store(List.of("/a?page=1&x=2"), "X-Kind: 2");
    store(List.of("/a?page=1&x=2"), "X-Kind: 2", "Accept-Language: en");
    store(List.of("/a?page=2"), "X-Kind: 2");
    caching(rules -> rules.purgeFrom("127.0.0.1"));
    store(List.of("/a?page=1&x=3"));
    assertPurged(4, ask(purge("/a?page=1&x=3")));
    assertEquals(1, cache.entries());
  }

  @Test
  void theTargetIsPurgedInAllPartitionsAndWhateverTheMethodWas() throws Exception {
    origin().respond(response(FRESH));
    FieldName tenant = FieldName.of("Tenant");
    caching(
        rules ->
            rules
                .purgeFrom("127.0.0.1")
                .partition(request -> String.valueOf(request.head().fields().first(tenant))));
    store(List.of("/a", "/b"), "Tenant: 1");
    store(List.of("/a"), "Tenant: 2");
    ask(request("QUERY", "/a", "Content-Type: a/b", "Content-Length: 1") + "q");
    assertEquals(4, cache.entries());
    assertPurged(3, ask(purge("/a", "Tenant: 1")));
    assertEquals(1, cache.entries());
  }

  @Test
  void aPrefixIsPurgedIfThatIsSaid() throws Exception {
    origin().respond(response(FRESH));
    store(List.of("/a", "/a/b", "/ab?c", "/b"));
    assertPurged(3, ask(purge("/a", "Cache-Purge: prefix")));
    assertHit(ask(get("/b")));
  }

  @Test
  void tagsArePurgedInPlaceOfTheTarget() throws Exception {
    origin()
        .respond(
            response(FRESH + " / Cache-Tag: a,b"),
            response(FRESH + " / Cache-Tag: c"),
            response(FRESH + " / Cache-Tag: d"));
    store(List.of("/1", "/2", "/3"));
    assertPurged(2, ask(purge("/3", "Cache-Tag: a, b,c")));
    assertHit(ask(get("/3")));
  }

  @Test
  void groupsArePurgedInPlaceOfTheTarget() throws Exception {
    origin()
        .respond(
            response(FRESH + " / Cache-Groups: \"a\", \"b\""), response(FRESH + " / Cache-Tag: a"));
    store(List.of("/1", "/2"));
    assertPurged(1, ask(purge("/2", "Cache-Groups: \"a\", \"b\"")));
    assertHit(ask(get("/2")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soft", "prefix, soft"})
  void whatIsPurgedSoftlyIsValidatedBeforeItIsUsed(String how) throws Exception {
    origin()
        .respond(
            response(FRESH + " / ETag: \"1\""),
            message("HTTP/1.1 304 Not Modified / ETag: \"1\" / " + FRESH));
    store(List.of("/"));
    assertPurged(1, ask(purge("/", "Cache-Purge: " + how)));
    assertEquals(200, ask(get("/")).status());
    assertEquals("\"1\"", origin().lastRequest().field("If-None-Match"));
    assertAsked(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cache-Purge: all",
        "Cache-Purge: soft=1",
        "Cache-Tag: ,",
        "Cache-Groups: a",
        "Cache-Purge: prefix / Cache-Tag: a",
        "Cache-Groups: \"a\" / Cache-Tag: a"
      })
  void whatIsNotClearPurgesNothing(String fields) throws Exception {
    origin().respond(response(FRESH + " / Cache-Tag: a / Cache-Groups: \"a\""));
    store(List.of("/"));
    assertFailure(400, "http_request_error", ask(purge("/", lines(fields))));
    assertHit(ask(get("/")));
    assertAsked(1);
  }

  @Test
  void aChangeForgetsItsTargetInTheKeysOfAllProxies() throws Exception {
    origin().respond(response(FRESH));
    caching(rules -> rules.ignoreParameters("x"));
    store(List.of("/a?x=1", "/b?x=1"));
    caching(rules -> {});
    store(List.of("/a?x=1"));
    ask(request("DELETE", "/a?x=1"));
    assertEquals(1, cache.entries());
  }

  // Who may

  @Test
  void purgeIsForTheOriginUnlessSomebodyMayAskTheProxy() throws Exception {
    caching(rules -> {});
    origin().respond(response(FRESH), ok("purged by the origin"));
    store(List.of("/"));
    assertAnswer("purged by the origin", ask(purge("/")));
    assertEquals("PURGE", origin().lastRequest().method());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Cache-Purge: nonsense"})
  void othersMayNot(String field) throws Exception {
    caching(rules -> rules.purgeFrom("127.0.0.2", "10.0.0.0/8"));
    origin().respond(response(FRESH));
    store(List.of("/"));
    RawResponse refused = ask(field.isEmpty() ? purge("/") : purge("/", field));
    assertFailure(403, "http_request_denied", refused);
    assertHit(ask(get("/")));
    assertAsked(1);
  }

  @Test
  void theApplicationMayDecideWhoMay() throws Exception {
    FieldName key = FieldName.of("Purge-Key");
    AccessPolicy policy =
        request ->
            "1234".equals(request.head().fields().first(key))
                ? null
                : Failure.denied("the key is wrong");
    caching(rules -> rules.purge(policy));
    origin().respond(response(FRESH));
    store(List.of("/"));
    assertFailure(403, "http_request_denied", ask(purge("/")));
    assertFailure(403, "http_request_denied", ask(purge("/", "Purge-Key: 1")));
    assertPurged(1, ask(purge("/", "Purge-Key: 1234")));
    assertAsked(1);
  }

  @Test
  void aMethodInAnotherSpellingIsAnotherMethod() throws Exception {
    origin().respond(ok("unknown"));
    assertAnswer("unknown", ask(request("purge", "/")));
  }

  // As a request among others

  @Test
  void aConnectionGoesOnAfterAPurge() throws Exception {
    origin().respond(response(FRESH));
    RawClient client = client();
    client.send(get("/") + get("/") + purge("/") + purge("/") + get("/") + purge("/"));
    client.readResponse();
    assertHit(client.readResponse());
    assertPurged(1, client.readResponse());
    assertPurged(0, client.readResponse());
    assertNull(client.readResponse().field("Age"));
    assertPurged(1, client.readResponse());
    assertPurged(0, client.exchange(purge("/")));
    assertAsked(2);
  }

  @Test
  void anOlderClientMayPurge() throws Exception {
    origin().respond(response(FRESH));
    store(List.of("/"));
    RawClient client = client();
    RawResponse response = client.exchange(request10("PURGE", "/", "Connection: keep-alive"));
    assertPurged(1, response);
    assertEquals("keep-alive", response.field("Connection"));
    assertPurged(0, client.exchange(request10("PURGE", "/")));
    assertTrue(client.atEnd());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length", "Transfer-Encoding"})
  void contentIsThrownAway(String framing) throws Exception {
    String content = get("/content");
    boolean fixed = framing.equals("Content-Length");
    String field = fixed ? "Content-Length: " + content.length() : "Transfer-Encoding: chunked";
    RawClient client = client();
    client.send(purge("/", field) + (fixed ? content : chunked(content)) + purge("/"));
    assertPurged(0, client.readResponse());
    assertPurged(0, client.readResponse());
    assertNothingForwarded();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 9", "Content-Length: 9 / Expect: 100-continue"})
  void contentThatIsStillToComeIsNotWaitedFor(String fields) throws Exception {
    RawClient client = client();
    client.send(purge("/", lines(fields)));
    RawResponse response = client.readResponse();
    assertPurged(0, response);
    assertEquals(List.of(), response.interim());
    assertEquals("close", response.field("Connection"));
    assertTrue(client.atEnd());
  }

  @Test
  void aPurgeLooksUpAndResponds() throws Exception {
    List<Stage> stages = new CopyOnWriteArrayList<>();
    BlockingQueue<ExchangeListener.Outcome> outcomes = new LinkedBlockingQueue<>();
    ExchangeListener stageListener =
        new ExchangeListener() {
          @Override
          public void entered(Stage stage, @Nullable ClientRequest request) {
            stages.add(stage);
          }
        };
    start(
        p ->
            p.cache(rules -> rules.purgeFrom("127.0.0.0/8"))
                .listener(stageListener)
                .listener(onCompleting(outcomes)));
    assertPurged(0, ask(purge("/")));
    ExchangeListener.Outcome outcome = next(outcomes);
    assertEquals(200, outcome.status());
    assertNull(outcome.failure());
    assertNull(outcome.destination());
    assertEquals(
        List.of(
            Stage.VALIDATE,
            Stage.AUTHORIZE,
            Stage.RESOLVE,
            Stage.LOOKUP,
            Stage.RESPOND,
            Stage.COMPLETE),
        stages);
  }
}
