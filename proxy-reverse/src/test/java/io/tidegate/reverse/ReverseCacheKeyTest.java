package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which stored response a client of a reverse proxy gets, before an origin that tells all it sees.
 */
@Timeout(20)
class ReverseCacheKeyTest {
  private OriginServer origin;
  private Proxy proxy;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
    origin.onRequest(
        c -> {
          c.readBody();
          String fields = "Cache-Control: max-age=600";
          String length = "Content-Length: " + c.head().length();
          c.send(head("HTTP/1.1 200 OK", fields, length) + c.head());
        });
    start(builder -> {});
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  private void start(Consumer<ReverseProxy.Builder> more) {
    if (proxy != null) {
      proxy.close();
    }
    proxy = builder(more).start();
  }

  private ReverseProxy.Builder builder(Consumer<ReverseProxy.Builder> more) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app")
            .cache(rules -> {});
    more.accept(builder);
    return builder;
  }

  private RawResponse ask(String request) throws IOException {
    return RawClient.ask(proxy.address().getPort(), request);
  }

  private static boolean isHit(RawResponse response) {
    return String.valueOf(response.field("Cache-Status")).startsWith("gate;hit");
  }

  // What the client asked for

  @ParameterizedTest
  @ValueSource(strings = {"a:80", "A", "a:", "A:080"})
  void theOriginSeesEverySpellingOfAnAuthorityAlike(String spelling) throws Exception {
    String honest = ask(get("/", "a")).text();
    start(builder -> {});
    assertEquals(honest, ask(get("/", spelling)).text());
    assertTrue(isHit(ask(get("/", "a"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:443", "a:8080", "a.", "b", "a.b", "%61", "a;b"})
  void anotherAuthorityIsAnother(String other) throws Exception {
    ask(get("/", other));
    RawResponse response = ask(get("/", "a"));
    assertTrue(response.text().contains("\r\nHost: a\r\n"), response::text);
    assertEquals(2, origin.heads().size());
  }

  /** Else its answer, a redirection to https perhaps, would be for those who use TLS. */
  @ParameterizedTest
  @ValueSource(strings = {"https", "HTTPS", "ftp"})
  void aSchemeThatTheConnectionDoesNotHaveIsRefused(String scheme) throws Exception {
    RawResponse response = ask(get(scheme + "://a/", "a"));
    assertEquals(421, response.status());
    assertEquals("gate; error=http_request_error", response.field("Proxy-Status"));
    assertEquals(List.of(), origin.heads());
  }

  @ParameterizedTest
  @CsvSource({"/, 200", "https://a/, 200", "http://a/, 421"})
  void withTlsTheSchemeIsHttps(String target, int status) throws Exception {
    Undertow undertow =
        Undertow.builder()
            .addHttpsListener(0, "127.0.0.1", Tls.server())
            .setHandler(proxy.handler())
            .build();
    undertow.start();
    var address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    try (RawClient client = RawClient.connectTls(address.getPort(), Tls.client())) {
      assertEquals(status, client.exchange(get(target, "a")).status());
    } finally {
      undertow.stop();
    }
  }

  // What proxies before us say

  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-Proto, https",
    "X-Forwarded-Host, b",
    "X-Forwarded-Prefix, /b",
    "X-Real-IP, 192.0.2.1"
  })
  void whatATrustedClientSaysIsInTheKeyIfItIsPutThere(String name, String value) throws Exception {
    String said = head("GET / HTTP/1.1", "Host: a", name + ": " + value);
    start(builder -> builder.trustedClients("127.0.0.0/8"));
    assertEquals(ask(said).text(), ask(get("/", "a")).text());
    start(builder -> builder.trustedClients("127.0.0.0/8").cache(c -> c.keyFields(name)));
    assertNotEquals(ask(said).text(), ask(get("/", "a")).text());
    assertTrue(isHit(ask(said)));
  }
}
