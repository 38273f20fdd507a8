package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.octets;
import static io.tidegate.core.testkit.Messages.ok;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.Http2Client;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 agreed on by ALPN, as the JDK's own client speaks it. */
class Http2OverTlsTest {
  private OriginServer origin;
  private Proxy proxy;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
    start(p -> {});
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
    origin.close();
  }

  private void start(Consumer<ReverseProxy.Builder> more) {
    if (proxy != null) {
      proxy.close();
    }
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .tls(tls -> tls.context(Tls.server()))
            .cluster("origin", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "origin");
    more.accept(builder);
    proxy = builder.start();
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().sslContext(Tls.client()).build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://localhost:" + proxy.address().getPort() + path))
        .timeout(Peer.PATIENCE);
  }

  @Test
  void aRequestIsAnswered() throws Exception {
    HttpResponse<String> response = client().send(request("/a").build(), BodyHandlers.ofString());
    assertEquals(HttpClient.Version.HTTP_2, response.version());
    assertEquals(200, response.statusCode());
    assertEquals("ok", response.body());
    assertEquals("https", origin.lastRequest().field("X-Forwarded-Proto"));
  }

  @Test
  void contentGoesBothWays() throws Exception {
    byte[] content = octets(5_000_000);
    origin.onRequest(
        c -> {
          byte[] body = c.readBody();
          c.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
          c.send(body);
        });
    HttpResponse<byte[]> response =
        client()
            .send(
                request("/").POST(BodyPublishers.ofByteArray(content)).build(),
                BodyHandlers.ofByteArray());
    assertArrayEquals(content, response.body());
  }

  @Test
  void manyRequestsAtATimeAreAnswered() throws Exception {
    origin.onRequest(c -> c.send(ok(c.request().startLine() + c.readBodyText())));
    HttpClient client = client();
    client.send(request("/first").build(), BodyHandlers.ofString());
    List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      HttpRequest request =
          request("/" + i).POST(BodyPublishers.ofString("x".repeat(10 * i))).build();
      responses.add(client.sendAsync(request, BodyHandlers.ofString()));
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(
          "POST /" + i + " HTTP/1.1" + "x".repeat(10 * i),
          responses.get(i).get(Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS).body());
    }
  }

  @Test
  void aResponseThatIsNotReadToItsEndIsCancelled() throws Exception {
    origin.onRequest(
        c -> {
          c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
          c.sendUntilClosed(octets(64 << 10));
        });
    HttpResponse<InputStream> response =
        client().send(request("/").build(), BodyHandlers.ofInputStream());
    response.body().close();
    origin.connection(0).awaitEnded();
  }

  @Test
  void framesOfTheRawClientGoThroughTlsToo() throws Exception {
    try (Http2Client client =
        Http2Client.connectTls(proxy.address().getPort(), Tls.client()).handshake()) {
      client.get(1, "/a");
      assertEquals("ok", client.readResponse(1).text());
    }
  }

  @Test
  void http2ThatIsOffIsNotOffered() throws Exception {
    start(p -> p.http2(http2 -> http2.off()));
    HttpResponse<String> response = client().send(request("/").build(), BodyHandlers.ofString());
    assertEquals(HttpClient.Version.HTTP_1_1, response.version());
    assertEquals("ok", response.body());
  }

  @Test
  void clientsThatAgreeOnNothingGetHttp11() throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            Tls.client().getSocketFactory().createSocket("localhost", proxy.address().getPort())) {
      socket.setSoTimeout((int) Peer.PATIENCE.toMillis());
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
      assertEquals("HTTP/1.1 200", new String(socket.getInputStream().readNBytes(12), ISO_8859_1));
    }
  }
}
