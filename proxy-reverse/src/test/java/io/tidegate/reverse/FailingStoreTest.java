package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tidegate.core.HttpCache;
import io.tidegate.core.Proxy;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.memory.MemoryStore;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache whose store fails: it might as well not be there. */
class FailingStoreTest {
  private static final String OK =
      head(
              "HTTP/1.1 200 OK",
              "Cache-Control: max-age=50",
              "Age: 100",
              "ETag: \"1\"",
              "Content-Length: 2")
          + "ok";

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
            .cache(HttpCache.in(store))
            .cache(rules -> rules.fillTimeout(Duration.ofMillis(300)).purgeFrom("127.0.0.1"))
            .start();
  }

  private RawResponse ask(String request) throws IOException {
    return RawClient.ask(proxy.address().getPort(), request);
  }

  /** A store in which a method fails, or all do if it is called {@code *}. */
  private static CacheStore failing(String failing) {
    return failing(CacheStore.class, new MemoryStore(1 << 20, 1 << 20, 1), failing);
  }

  private static <T> T failing(Class<T> type, T part, String failing) {
    InvocationHandler handler =
        (self, method, arguments) -> {
          if (failing.equals("*") || method.getName().equals(failing)) {
            throw new IllegalStateException("out of order");
          }
          Object result = invoke(part, method, arguments);
          return result instanceof CacheStore.NewEntry writer
              ? failing(CacheStore.NewEntry.class, writer, failing)
              : result;
        };
    return type.cast(
        java.lang.reflect.Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, handler));
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
        "whenDrained"
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
}
