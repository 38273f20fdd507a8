package io.tidegate.core;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.Authenticator;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.tls.UpstreamTlsSources;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users of a proxy that knows them share with each other in its cache. */
class UsersAndCacheTest {
  private static final FieldName TENANT = FieldName.of("X-Tenant");

  private OriginServer origin;
  private @Nullable Proxy proxy;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
  }

  @AfterEach
  void closeAll() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    origin.close();
  }

  /** Believes every name in Proxy-Authorization. */
  private static final class Gate extends OneRoute {
    private static final Authenticator BELIEVING =
        (request, completion) -> {
          String name = request.head().fields().first(FieldName.PROXY_AUTHORIZATION);
          completion.completed(name == null ? Identity.ANONYMOUS : Identity.of(name));
        };

    Gate() {
      super(Direction.FORWARD);
    }

    @Override
    protected Plugins plugins(
        ProxySettings settings,
        UpstreamTlsSources tls,
        List<ExchangeListener> listeners,
        Checks checks) {
      return super.plugins(settings, tls, listeners, checks).with(BELIEVING);
    }

    @Override
    public Destinations destinations(ClientRequest request) {
      String host = request.authority().host();
      return Destinations.only(new Destination(false, host, request.port(), null));
    }
  }

  /** An origin that counts its answers, all of them with this Cache-Control. */
  private void start(String cacheControl, Consumer<CacheBuilder> cache) {
    AtomicInteger answers = new AtomicInteger();
    origin.onRequest(
        c ->
            c.send(
                head("HTTP/1.1 200 OK", "Content-Length: 1", "Cache-Control: " + cacheControl)
                    + answers.incrementAndGet()));
    proxy = new Gate().cache(cache).start();
  }

  private String ask(String method, String user, String... fields) throws IOException {
    StringBuilder lines = new StringBuilder();
    lines.append(method).append(" http://").append(origin.authority()).append("/ HTTP/1.1\r\n");
    lines.append("Host: a");
    if (!user.isEmpty()) {
      lines.append("\r\nProxy-Authorization: ").append(user);
    }
    for (String field : fields) {
      lines.append("\r\n").append(field);
    }
    int port = Objects.requireNonNull(proxy).address().getPort();
    return RawClient.ask(port, head(lines.toString())).text();
  }

  private String get(String user, String... fields) throws IOException {
    return ask("GET", user, fields);
  }

  @Test
  void usersShareWhatASharedCacheMayStore() throws Exception {
    start("max-age=60", cache -> {});
    assertEquals("1", get("ann"));
    assertEquals("1", get("bob"));
    assertEquals("1", get(""));
  }

  /** RFC 9111 §3.5 is about Authorization, which is for the origin. */
  @ParameterizedTest
  @CsvSource({
    "max-age=60, 2",
    "'public, max-age=60', 1",
    "s-maxage=60, 1",
    "'private, max-age=60', 2"
  })
  void whatNeedsLeaveOfTheOriginIsSharedOnlyIfItSaysSo(String cacheControl, String second)
      throws Exception {
    start(cacheControl, cache -> {});
    assertEquals("1", get("ann", "Authorization: Basic YTpi"));
    assertEquals(second, get("bob", "Authorization: Basic YTpi"));
  }

  @Test
  void noUserGetsWhatAnotherGotIfTheCacheIsPerUser() throws Exception {
    start("public, max-age=60", CacheBuilder::perUser);
    for (int i = 0; i < 2; i++) {
      assertEquals("1", get("ann"));
      assertEquals("2", get("bob"));
      assertEquals("3", get("Ann"));
      assertEquals("4", get(""));
    }
  }

  @Test
  void usersAreWithinPartitionsHoweverTheyAreCalled() throws Exception {
    start(
        "max-age=60",
        cache ->
            cache
                .perUser()
                .partition(request -> String.join("", request.head().fields().all(TENANT))));
    String[][] pairs = {{"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"", "abc"}, {"2:ab1", "c"}};
    for (int i = 0; i < 2 * pairs.length; i++) {
      String[] pair = pairs[i % pairs.length];
      String expected = Integer.toString(1 + i % pairs.length);
      assertEquals(expected, get(pair[0], "X-Tenant: " + pair[1]));
    }
  }

  @ParameterizedTest
  @CsvSource({"POST, 4", "PURGE, 3"})
  void whatIsInvalidatedByOneIsInvalidatedForAll(String method, String next) throws Exception {
    start("max-age=60", cache -> cache.perUser().purgeFrom("127.0.0.1"));
    assertEquals("1", get("ann"));
    assertEquals("2", get("bob"));
    String told = ask(method, "ann");
    assertEquals(method.equals("POST") ? "3" : "{\"invalidated\":2}", told);
    assertEquals(next, get("bob"));
    assertEquals(Integer.toString(Integer.parseInt(next) + 1), get("ann"));
  }
}
