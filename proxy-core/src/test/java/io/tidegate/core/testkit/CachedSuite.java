package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.CacheBuilder;
import io.tidegate.core.ProxyBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * What suites about the cache are written with: responses that may be stored, and what is a hit.
 */
public abstract class CachedSuite extends ProxyWireSuite {
  /** A response that is fresh for longer than a test takes. */
  protected static final String FRESH = "Cache-Control: max-age=60";

  /** Stale as it comes, so that no test has to wait for it. */
  protected static final String STALE = "Cache-Control: max-age=50 / Age: 100";

  /** So long ago that a response without more is fresh for a day. */
  protected static final String MODIFIED = "Last-Modified: Sun, 01 Jun 2025 00:00:00 GMT";

  /** What the origin waits for before it answers {@link #later}. */
  protected final CountDownLatch release = new CountDownLatch(1);

  /** The suite for one direction. */
  protected CachedSuite(Side side) {
    super(side);
  }

  /** Starts a proxy with a cache of its own. */
  protected final void caching(Consumer<CacheBuilder> details) {
    start(p -> p.cache(details));
  }

  // What the origin says

  /** A 200 response with {@code body} and fields that slashes keep apart. */
  protected static String response(String body, String... fields) {
    return response(200, body, fields);
  }

  /** As {@link #response(String, String...)}, with another status code. */
  protected static String response(int status, String body, String... fields) {
    List<String> lines = new ArrayList<>(List.of("HTTP/1.1 " + status + " Some"));
    for (String several : fields) {
      lines.addAll(List.of(lines(several)));
    }
    lines.add("Content-Length: " + body.length());
    return head(lines.toArray(String[]::new)) + body;
  }

  /** A 304 response with fields that slashes keep apart. */
  protected static String notModified(String... fields) {
    return response(304, "", fields).replace("Content-Length: 0\r\n", "");
  }

  /** Sends {@code response} when the test calls for it. */
  protected final OriginServer.Script later(String response) {
    return connection -> {
      await(release);
      connection.send(response);
    };
  }

  /** Sends {@code response} at once. */
  protected static OriginServer.Script now(String response) {
    return connection -> connection.send(response);
  }

  /** Answers every request with its head, under these fields. */
  protected final void reflect(String... fields) {
    origin()
        .onRequest(
            connection -> {
              connection.takeBody();
              connection.send(response(connection.head(), fields));
            });
  }

  /** Answers every request with what it has in {@code field}, under these fields. */
  protected final void reflectField(String field, String... fields) {
    origin().onRequest(c -> c.send(response(String.valueOf(c.request().field(field)), fields)));
  }

  // What is expected

  /** What the cache says it has done. */
  protected static String status(RawResponse response) {
    return String.valueOf(response.field("Cache-Status"));
  }

  /** A response from the store, whole. */
  protected static void assertHit(String text, RawResponse response) {
    assertAnswer(text, response);
    assertTrue(status(response).startsWith(NAME + ";hit"), () -> status(response));
  }

  /** So many requests have reached the origin. */
  protected final void assertAsked(int times) {
    assertEquals(times, origin().heads().size(), () -> origin().heads().toString());
  }

  /**
   * Whatever {@code attack} leaves in the cache of a proxy with these {@code details}, {@code
   * honest} gets the content that it gets without.
   */
  protected final void assertUnpoisoned(
      Consumer<ProxyBuilder<?>> details, String attack, String honest) throws IOException {
    start(details);
    RawResponse clean = ask(honest);
    start(details);
    ask(attack);
    assertAnswer(clean.text(), ask(honest));
  }
}
