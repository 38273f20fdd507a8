package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Stage;
import io.tidegate.core.testkit.RawResponse.Framing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What every suite of wire tests is written with: an origin, a proxy before it, clients. A suite
 * runs once for each direction and is the proof that both have one pipeline; how a direction is
 * started, and how its clients name what they want, is said by its {@link Side}.
 */
public abstract class ProxyWireSuite {
  /** A time-out that need only be over some time: nothing has to come within it. */
  protected static final Duration SHORT = Duration.ofMillis(100);

  /** A time-out within which comes what has to, on a slow machine too. */
  protected static final Duration AMPLE = Duration.ofSeconds(1);

  /** One direction, as far as a suite has to know it. */
  public interface Side {
    /**
     * A running proxy with one IO thread and all of {@code more}, in front of {@code origin}.
     * Whoever calls closes it.
     */
    Proxy start(OriginServer origin, Consumer<ProxyBuilder<?>> more);

    /** The request target with which clients of this direction ask for {@code path}. */
    String target(OriginServer origin, String path);
  }

  /** Something that may fail. */
  @FunctionalInterface
  public interface Action {
    /** Does it. */
    void run() throws Exception;
  }

  /** The name of the proxy in Via and Proxy-Status. */
  protected static final String NAME = "gate";

  private final Side side;
  @RegisterExtension private final Opened opened = new Opened();
  private OriginServer origin;
  private Proxy proxy;

  /** A suite for one direction. */
  protected ProxyWireSuite(Side side) {
    this.side = side;
  }

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.origin();
  }

  // Who takes part

  /** The origin. */
  protected final OriginServer origin() {
    return origin;
  }

  /** The proxy before the origin; started with nothing special unless a test has done so. */
  protected final Proxy proxy() {
    return proxy == null ? start(builder -> {}) : proxy;
  }

  /** Starts a proxy before the origin; the last one started is the one that clients use. */
  protected final Proxy start(Consumer<ProxyBuilder<?>> more) {
    proxy =
        opened.push(
            side.start(
                origin,
                builder -> {
                  builder.viaName(NAME);
                  more.accept(builder);
                }));
    return proxy;
  }

  /** The port of the proxy. */
  protected final int port() {
    return proxy().address().getPort();
  }

  /** A new client of the proxy. */
  protected final RawClient client() throws IOException {
    return opened(RawClient.connect(port()));
  }

  /** Has {@code resource} closed when the test is over. */
  protected final <T extends AutoCloseable> T opened(T resource) {
    return opened.push(resource);
  }

  // What is said

  /** The request target for {@code path}. */
  protected final String target(String path) {
    return side.target(origin, path);
  }

  /** The head of a request for {@code path} with Host and these fields. */
  protected final String request(String method, String path, String... fields) {
    String[] lines = new String[fields.length + 2];
    lines[0] = method + " " + target(path) + " HTTP/1.1";
    lines[1] = "Host: " + origin.authority();
    System.arraycopy(fields, 0, lines, 2, fields.length);
    return head(lines);
  }

  /** As {@link #request}, of an HTTP/1.0 client. */
  protected final String request10(String method, String path, String... fields) {
    return request(method, path, fields).replaceFirst("HTTP/1\\.1\r\n", "HTTP/1.0\r\n");
  }

  /** A GET request without special fields. */
  protected final String get(String path) {
    return request("GET", path);
  }

  /** The response to {@code request} on a connection of its own. */
  protected final RawResponse ask(String request) throws IOException {
    try (RawClient client = RawClient.connect(port())) {
      return client.exchange(request);
    }
  }

  /** Octets that no compression or alignment makes look right by accident; always the same. */
  protected static byte[] random(int count) {
    byte[] octets = new byte[count];
    new Random(count).nextBytes(octets);
    return octets;
  }

  /** Does {@code action} on another thread; {@link CompletableFuture#join} tells its failure. */
  protected static CompletableFuture<Void> aside(Action action) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            action.run();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        },
        task -> {
          Thread thread = new Thread(task, "testkit-aside");
          thread.setDaemon(true);
          thread.start();
        });
  }

  /** Waits for {@code latch}, within the patience of a {@link Peer}. */
  protected static void await(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS), "still waiting");
  }

  /** Takes {@code permits}, within the patience of a {@link Peer}. */
  protected static void acquire(Semaphore semaphore, int permits) throws InterruptedException {
    assertTrue(
        semaphore.tryAcquire(permits, Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS),
        "still waiting");
  }

  /** A listener that gives a permit whenever an exchange enters {@code awaited}. */
  protected static ExchangeListener onEntering(Stage awaited, Semaphore permits) {
    return new ExchangeListener() {
      @Override
      public void entered(Stage stage, @Nullable ClientRequest request) {
        if (stage == awaited) {
          permits.release();
        }
      }
    };
  }

  /** A listener that remembers how exchanges have ended. */
  protected static ExchangeListener onCompleting(BlockingQueue<Outcome> outcomes) {
    return new ExchangeListener() {
      @Override
      public void completed(Outcome outcome) {
        outcomes.add(outcome);
      }
    };
  }

  /** The next of what comes, within the patience of a {@link Peer}. */
  protected static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    assertNotNull(next, "still waiting");
    return next;
  }

  // What is expected

  /** Our own response about a failure: whole, with its RFC 9209 error type. */
  protected static void assertFailure(int status, String error, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals(NAME + "; error=" + error, response.field("Proxy-Status"));
    assertEquals("no-store", response.field("Cache-Control"));
    assertEquals("text/plain", response.field("Content-Type"));
    assertEquals(Framing.LENGTH, response.framing());
    assertTrue(response.complete());
  }

  /** A response of the origin's, whole. */
  protected static void assertAnswer(String text, RawResponse response) {
    assertEquals(200, response.status(), response::toString);
    assertEquals(text, response.text());
    assertTrue(response.complete());
  }

  /** Nothing has reached the origin. */
  protected final void assertNothingForwarded() {
    assertEquals(List.of(), origin.heads());
  }

  /** Lines of a table cell, separated by slashes with white space around them. */
  protected static String[] lines(String cell) {
    List<String> lines = new ArrayList<>();
    for (String line : cell.split(" / ")) {
      lines.add(line.strip());
    }
    return lines.toArray(String[]::new);
  }
}
