package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.HttpCache;
import io.tidegate.core.Proxy;
import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.memory.MemoryStore;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Stage;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache whose store fails: it might as well not be there. */
@Timeout(60)
class FailingStoreTest {
  private static final String OK =
      head(
              "HTTP/1.1 200 OK",
              "Cache-Control: max-age=50",
              "Age: 100",
              "ETag: \"1\"",
              "Content-Length: 2")
          + "ok";

  private final AtomicInteger selections = new AtomicInteger();
  private OriginServer origin;
  private Proxy proxy;

  @BeforeEach
  void listen() throws Exception {
    origin = OriginServer.start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  private void start(CacheStore store) {
    proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app")
            .listener(
                new ExchangeListener() {
                  @Override
                  public void entered(Stage stage, ClientRequest request) {
                    selections.addAndGet(stage == Stage.SELECT ? 1 : 0);
                  }
                })
            .cache(HttpCache.in(store))
            .cache(rules -> rules.fillTimeout(Duration.ofMillis(300)).purgeFrom("127.0.0.1"))
            .start();
  }

  private RawResponse ask(String request) throws IOException {
    return RawClient.ask(proxy.address().getPort(), request);
  }

  /** A store in which methods fail, also those of what it gives away; all do with {@code *}. */
  private static CacheStore failing(String methods) {
    List<String> failing = List.of(methods.split(","));
    return failing(method -> failing.contains(method) || methods.equals("*"));
  }

  private static CacheStore failing(Predicate<String> fails) {
    return (CacheStore)
        new Failing(new MemoryStore(1 << 20, 1 << 20, 1), fails).as(CacheStore.class);
  }

  private record Failing(Object part, Predicate<String> fails) implements InvocationHandler {
    Object as(Class<?> type) {
      return java.lang.reflect.Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, this);
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
      if (fails.test(method.getName())) {
        throw new IllegalStateException("out of order");
      }
      Object[] given = arguments == null ? new Object[0] : arguments;
      return outwards(
          FailingStoreTest.invoke(part, method, Stream.of(given).map(this::inwards).toArray()));
    }

    @SuppressWarnings("unchecked")
    private Object inwards(Object argument) {
      if (argument instanceof Consumer<?> told) {
        return (Consumer<Object>) result -> ((Consumer<Object>) told).accept(outwards(result));
      }
      return argument instanceof CacheStore.Entry
          ? ((Failing) java.lang.reflect.Proxy.getInvocationHandler(argument)).part
          : argument;
    }

    private Object outwards(Object result) {
      if (result instanceof List<?> all) {
        return all.stream().map(this::outwards).toList();
      }
      return Stream.of(CacheStore.NewEntry.class, CacheStore.Entry.class, BodyReader.class)
          .filter(type -> type.isInstance(result))
          .findFirst()
          .map(type -> new Failing(result, fails).as(type))
          .orElse(result);
    }
  }

  private static Object invoke(Object on, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "lookup",
        "store",
        "update",
        "remove",
        "forUri",
        "hide",
        "complete",
        "whenDrained",
        "isRead",
        "entry",
        "key",
        "response",
        "source",
        "labels",
        "length",
        "read",
        "copyTo",
        "read,copyTo",
        "kept",
        "keep"
      })
  void whatFailsIsAMiss(String method) throws Exception {
    start(failing(method));
    String same = head("HTTP/1.1 304 Not Modified", "ETag: \"1\"", "Cache-Control: no-store");
    origin.onRequest(c -> c.send(c.head().contains("If-None-Match") ? same : OK));
    assertEquals("ok", ask(get("/", "a")).text());
    assertEquals(200, ask(get("/", "a")).status());
    assertEquals(200, ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status());
    assertEquals(200, ask("PURGE / HTTP/1.1\r\nHost: a\r\n\r\n").status());
    assertEquals("ok", ask(get("/other", "a")).text());
  }

  @Test
  void aStoreThatDoesNotAnswerIsNotWaitedForForEver() throws Exception {
    CacheStore real = new MemoryStore(1 << 20, 1 << 20, 1);
    InvocationHandler silent =
        (self, method, arguments) ->
            method.getName().equals("lookup") ? null : invoke(real, method, arguments);
    start(
        (CacheStore)
            java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CacheStore.class}, silent));
    origin.respond(OK);
    assertEquals("ok", ask(get("/", "a")).text());
    assertEquals("ok", ask(get("/", "a")).text());
    assertEquals(2, origin.heads().size());
  }

  @Test
  void contentThatCannotBeWrittenIsBrokenOff() throws Exception {
    start(failing("write"));
    origin.respond(OK);
    RawResponse broken = ask(get("/", "a"));
    assertEquals(200, broken.status());
    assertFalse(broken.complete());
    assertEquals("fwd", String.valueOf(broken.field("Cache-Status")).split("[;=]", -1)[1]);
  }

  @Test
  void contentThatCannotBeReadAnyFurtherIsBrokenOff() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    start(failing(method -> method.equals("state") && calls.incrementAndGet() > 1));
    CountDownLatch release = new CountDownLatch(1);
    origin.onRequest(
        c -> {
          c.send(head("HTTP/1.1 200 OK", "Cache-Control: max-age=50", "Content-Length: 4"));
          release.await();
          c.send("ok");
          c.awaitClose();
        });
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(get("/", "a"));
      client.readHead();
      release.countDown();
      assertEquals("ok", client.readText(2));
      assertTrue(client.atEnd());
    }
  }

  @Test
  void whoWantsWhatIsStoredOrNothingGetsNothingIfThatIsLost() throws Exception {
    start(failing("read,copyTo"));
    origin.respond(OK);
    assertEquals("ok", ask(get("/", "a")).text());
    int asked = origin.heads().size();
    String stored = "Cache-Control: only-if-cached, max-stale";
    assertEquals(504, ask(head("GET / HTTP/1.1", "Host: a", stored)).status());
    assertEquals(asked, origin.heads().size());
  }

  @Test
  void aStaleResponseThatIsLostIsFetchedOnce() throws Exception {
    start(failing("read,copyTo"));
    origin.respond(OK.replace("max-age=50", "max-age=50, stale-while-revalidate=1000"));
    assertEquals("ok", ask(get("/", "a")).text());
    assertEquals("ok", ask(get("/", "a")).text());
    assertEquals(2, selections.get());
  }
}
