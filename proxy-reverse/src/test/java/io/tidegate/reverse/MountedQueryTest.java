package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** QUERY (RFC 10008) through the cache of a mounted proxy, over HTTP/1.1 and HTTP/2. */
@Timeout(20)
class MountedQueryTest {
  private static final int LIMIT = 64 << 10;
  private static final String CONTINUE = head("HTTP/1.1 100 Continue");

  private final HttpClient http2 =
      HttpClient.newBuilder().sslContext(Tls.client()).connectTimeout(Peer.PATIENCE).build();
  private OriginServer origin;
  private Proxy proxy;
  private Undertow undertow;
  private RawClient client;

  @BeforeEach
  void mount() throws IOException {
    origin = OriginServer.start();
    origin.onRequest(
        c -> {
          String content = c.readBodyText();
          c.send(
              head(
                      "HTTP/1.1 200 OK",
                      "Cache-Control: max-age=60",
                      "Content-Length: " + content.length())
                  + content);
        });
    proxy =
        ReverseProxy.builder()
            .viaName("gate")
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app")
            .cache(rules -> {})
            .build();
    undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .addHttpsListener(0, "127.0.0.1", Tls.server())
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setIoThreads(1)
            .setWorkerThreads(2)
            .setHandler(proxy.handler())
            .build();
    undertow.start();
    client = RawClient.connect(port("http"));
  }

  @AfterEach
  void unmount() throws Exception {
    client.close();
    proxy.close();
    undertow.stop();
    origin.close();
  }

  private int port(String scheme) {
    for (Undertow.ListenerInfo listener : undertow.getListenerInfo()) {
      if (listener.getProtcol().equals(scheme)) {
        return ((InetSocketAddress) listener.getAddress()).getPort();
      }
    }
    throw new AssertionError(scheme);
  }

  private static String query(String... fields) {
    return "QUERY / HTTP/1.1\r\nHost: a\r\n" + head(fields);
  }

  private static void assertAnswer(String how, String content, RawResponse response) {
    assertEquals(content, response.text());
    assertStatus(how, response.field("Cache-Status"));
  }

  private static void assertStatus(String how, String status) {
    assertTrue(status.startsWith("gate;" + how), status);
  }

  @Test
  void theSameQueryIsAnsweredFromTheStore() throws Exception {
    assertAnswer("fwd=uri-miss", "ab", client.exchange(query("Content-Length: 2") + "ab"));
    assertAnswer("hit", "ab", client.exchange(query("Content-Length: 2") + "ab"));
    String chunked = query("Transfer-Encoding: chunked");
    assertAnswer("hit", "ab", client.exchange(chunked + chunked("a", "b")));
    assertAnswer("fwd=uri-miss", "b", client.exchange(chunked + chunked("b")));
    assertEquals(2, origin.heads().size());
  }

  @Test
  void pipelinedQueriesAreAnsweredInOrder() throws Exception {
    String measured = query("Content-Length: 1");
    client.send(measured + "a" + query("Transfer-Encoding: chunked") + chunked("b") + measured);
    assertAnswer("fwd=uri-miss", "a", client.readResponse());
    assertAnswer("fwd=uri-miss", "b", client.readResponse());
    client.send("a" + measured + "b");
    assertAnswer("hit", "a", client.readResponse());
    assertAnswer("hit", "b", client.readResponse());
  }

  @ParameterizedTest
  @ValueSource(ints = {LIMIT, LIMIT + 1, 1_000_000})
  void contentArrivesWholeHoweverLongItIs(int length) throws Exception {
    String content = "abcdefg".repeat(length / 7 + 1).substring(0, length);
    String how = length > LIMIT ? "fwd=bypass" : "hit";
    client.exchange(query("Content-Length: " + length) + content);
    assertAnswer(how, content, client.exchange(query("Content-Length: " + length) + content));
    assertAnswer(
        how, content, client.exchange(query("Transfer-Encoding: chunked") + chunked(content)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 2", "Transfer-Encoding: chunked"})
  void aClientThatWaitsToBeAskedIsAskedOnce(String framing) throws Exception {
    String content = framing.startsWith("C") ? "ab" : chunked("ab");
    for (String how : List.of("fwd=uri-miss", "hit")) {
      client.send(query(framing, "Expect: 100-continue"));
      assertEquals(CONTINUE, client.readHead());
      client.send(content);
      RawResponse response = client.readResponse();
      assertAnswer(how, "ab", response);
      assertEquals(List.of(), response.interim());
    }
    assertNull(origin.lastRequest().field("Expect"));
  }

  @Test
  void brokenContentIsRefused() throws Exception {
    RawResponse response = client.exchange(query("Transfer-Encoding: chunked") + "x\r\n");
    assertEquals(400, response.status());
    assertEquals(List.of(), origin.heads());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itIsTheSameOverHttp2(boolean measured) throws Exception {
    for (String how : List.of("fwd=uri-miss", "hit")) {
      assertStatus(how, askHttp2("hello", measured, false));
    }
    assertStatus("fwd=uri-miss", askHttp2("x".repeat(LIMIT), measured, false));
    assertStatus("hit", askHttp2("x".repeat(LIMIT), !measured, false));
    assertStatus("fwd=bypass", askHttp2("x".repeat(LIMIT + 1), measured, false));
    assertStatus("fwd=bypass", askHttp2("x".repeat(1_000_000), measured, false));
  }

  @Test
  void aClientThatWaitsToBeAskedIsAskedOverHttp2() throws Exception {
    assertStatus("fwd=uri-miss", askHttp2("hello", true, true));
    assertStatus("hit", askHttp2("hello", true, true));
    assertNull(origin.lastRequest().field("Expect"));
  }

  /** The Cache-Status of the response, whose content is that of the request. */
  private String askHttp2(String content, boolean measured, boolean asking) throws Exception {
    byte[] octets = content.getBytes(StandardCharsets.ISO_8859_1);
    BodyPublisher publisher =
        measured
            ? BodyPublishers.ofByteArray(octets)
            : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(octets));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port("https") + "/"))
            .timeout(Peer.PATIENCE)
            .expectContinue(asking)
            .method("QUERY", publisher)
            .build();
    HttpResponse<String> response = http2.send(request, BodyHandlers.ofString());
    assertEquals(HttpClient.Version.HTTP_2, response.version());
    assertEquals(content, response.body());
    return response.headers().firstValue("Cache-Status").orElse("");
  }
}
