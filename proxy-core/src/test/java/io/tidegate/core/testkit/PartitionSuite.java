package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.HttpCache;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Stage;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache that is divided: what one tenant gets reaches no other. */
public abstract class PartitionSuite extends ProxyWireSuite {
  private static final String FRESH = "Cache-Control: max-age=60";
  private static final FieldName TENANT = FieldName.of("X-Tenant");
  private static final Function<ClientRequest, String> BY_TENANT =
      request -> String.join(",", request.head().fields().all(TENANT));

  private final CountDownLatch release = new CountDownLatch(1);

  /** The suite for one direction. */
  protected PartitionSuite(Side side) {
    super(side);
  }

  private void startPartitioned() {
    start(p -> p.cache(rules -> rules.partition(BY_TENANT)));
  }

  private String by(String tenant) {
    return request("GET", "/", "X-Tenant: " + tenant);
  }

  private static String response(String body, String... fields) {
    String head = head("HTTP/1.1 200 OK", String.join("\r\n", fields));
    return head.substring(0, head.length() - 2) + ok(body).split("\r\n", 2)[1];
  }

  /** The origin tells each tenant its name, without a word about what the answer depends on. */
  private void tellTenants() {
    origin().onRequest(c -> c.send(response(String.valueOf(c.request().field("X-Tenant")), FRESH)));
  }

  private void assertAsked(int times) {
    assertEquals(times, origin().heads().size(), () -> origin().heads().toString());
  }

  @Test
  void nothingIsSharedAcrossPartitions() throws Exception {
    startPartitioned();
    tellTenants();
    for (int i = 0; i < 3; i++) {
      assertAnswer("a", ask(by("a")));
      assertAnswer("b", ask(by("b")));
      assertAnswer("null", ask(get("/")));
    }
    assertAsked(3);
  }

  @Test
  void aClientCannotHideWhichPartitionItBelongsTo() throws Exception {
    startPartitioned();
    tellTenants();
    assertAnswer("null", ask(get("/")));
    assertAnswer("null", ask(request("GET", "/", "X-Tenant: a", "Connection: X-Tenant")));
    assertAsked(2);
  }

  @Test
  void requestsDoNotWaitForThoseOfOtherPartitions() throws Exception {
    startPartitioned();
    origin()
        .onRequest(
            c -> {
              await(release);
              c.send(response(String.valueOf(c.request().field("X-Tenant")), FRESH));
            });
    RawClient a = client();
    a.send(by("a"));
    origin().awaitHeads(1);
    RawClient b = client();
    b.send(by("b"));
    origin().awaitHeads(2);
    release.countDown();
    assertAnswer("a", a.readResponse());
    assertAnswer("b", b.readResponse());
  }

  @Test
  void aStaleResponseIsRefreshedInItsOwnPartition() throws Exception {
    Semaphore completed = new Semaphore(0);
    AtomicInteger asked = new AtomicInteger();
    start(
        p ->
            p.listener(onEntering(Stage.COMPLETE, completed))
                .cache(rules -> rules.partition(request -> "p" + asked.incrementAndGet() / 3)));
    String stale = "Cache-Control: max-age=50, stale-while-revalidate=1000";
    origin().respond(response("old", stale, "Age: 100"), response("new", FRESH));
    assertAnswer("old", ask(get("/")));
    assertAnswer("old", ask(get("/")));
    acquire(completed, 3); // two clients and our own request
    assertEquals(2, asked.get());
    asked.set(0);
    assertAnswer("new", ask(get("/")));
    assertAsked(2);
  }

  @Test
  void aChangeByOneIsForgottenForAll() throws Exception {
    startPartitioned();
    tellTenants();
    ask(by("a"));
    ask(by("b"));
    ask(request("POST", "/", "X-Tenant: a"));
    ask(by("a"));
    ask(by("b"));
    assertAsked(5);
  }

  @ParameterizedTest
  @EnumSource(HttpCache.Invalidation.class)
  void theApplicationInvalidatesForAll(HttpCache.Invalidation how) throws Exception {
    try (HttpCache cache = HttpCache.inMemory(1 << 20)) {
      start(p -> p.cache(cache).cache(rules -> rules.partition(BY_TENANT)));
      tellTenants();
      ask(by("a"));
      ask(by("b"));
      URI uri = URI.create("http://" + origin().authority() + "/");
      cache.invalidate(uri, how);
      assertEquals(2, cache.statistics().invalidated());
      ask(by("a"));
      ask(by("b"));
      assertAsked(4);
      cache.invalidatePrefix(uri.toString(), how);
      assertEquals(4, cache.statistics().invalidated());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutAPartitionThereIsNoAnswer(boolean thrown) throws Exception {
    start(
        p ->
            p.cache(
                rules ->
                    rules.partition(
                        request -> {
                          if (thrown && request.head().fields().contains(TENANT)) {
                            throw new IllegalStateException("which tenant?");
                          }
                          return request.head().fields().contains(TENANT) ? nothing() : "";
                        })));
    tellTenants();
    assertAnswer("null", ask(get("/")));
    assertFailure(500, "proxy_internal_error", ask(by("a")));
    assertAnswer("null", ask(get("/")));
    assertAsked(1);
  }

  @SuppressWarnings("NullAway") // what an application should not do
  private static String nothing() {
    return null;
  }

  @Test
  void partitionsAreShownAsHashesOnly() throws Exception {
    try (HttpCache cache = HttpCache.inMemory(1 << 20)) {
      start(p -> p.cache(cache).cache(rules -> rules.partition(BY_TENANT).statusKey()));
      tellTenants();
      String status = String.valueOf(ask(by("secret")).field("Cache-Status"));
      String key = cache.find("http", 10).get(0).key();
      assertEquals("GET http://" + origin().authority() + "/ partition#c9fb4eb0", key);
      assertTrue(status.endsWith(";key=\"" + key + "\""), status);
      for (String shown : List.of(status, key, cache.toString())) {
        assertFalse(shown.contains("secret"), shown);
      }
    }
  }
}
