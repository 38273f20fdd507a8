package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.octets;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.core.testkit.Tls;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy mounted in an Undertow whose clients speak HTTP/2, over TLS. */
class MountedHttp2Test {
  private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
  private final HttpClient client =
      HttpClient.newBuilder()
          .sslContext(Tls.client())
          .version(HttpClient.Version.HTTP_2)
          .connectTimeout(Peer.PATIENCE)
          .build();
  private OriginServer origin;
  private Proxy proxy;
  private Undertow undertow;

  @BeforeEach
  void start() throws IOException {
    origin = OriginServer.start();
    mount(builder -> {});
  }

  private void mount(Consumer<ReverseProxy.Builder> more) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .viaName("gate")
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app");
    more.accept(builder);
    proxy = builder.build();
    var handler = proxy.handler();
    undertow =
        Undertow.builder()
            .addHttpsListener(0, "127.0.0.1", Tls.server())
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setIoThreads(1)
            .setWorkerThreads(2)
            .setHandler(
                exchange -> {
                  connections.add(exchange.getSourceAddress());
                  handler.handleRequest(exchange);
                })
            .build();
    undertow.start();
  }

  @AfterEach
  void stop() throws Exception {
    unmount();
    origin.close();
  }

  private void unmount() {
    proxy.close();
    undertow.stop();
  }

  private HttpRequest.Builder request(String path) {
    var address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + address.getPort() + path))
        .timeout(Peer.PATIENCE);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
    assertEquals(HttpClient.Version.HTTP_2, response.version());
    return response;
  }

  private static String text(HttpResponse<byte[]> response) {
    return io.tidegate.core.testkit.Messages.text(response.body());
  }

  private static Optional<String> field(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name);
  }

  /** Content whose length the client does not tell. */
  private static BodyPublisher unmeasured(byte[] content) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content));
  }

  // Requests

  @Test
  void aRequestBecomesOneOfHttp11() throws Exception {
    HttpResponse<byte[]> response = send(request("/x?y=z").header("X-A", "b"));
    assertEquals("ok", text(response));
    assertEquals("1.1 gate", field(response, "via").orElse(""));
    RawHead sent = origin.lastRequest();
    assertEquals("GET /x?y=z HTTP/1.1", sent.startLine());
    assertEquals(request("/").build().uri().getAuthority(), sent.field("Host"));
    assertEquals("b", sent.field("X-A"));
    assertEquals("2.0 gate", sent.field("Via"));
    assertEquals("https", sent.field("X-Forwarded-Proto"));
    assertNull(sent.field("Content-Length"));
    assertNull(sent.field("Transfer-Encoding"));
  }

  @Test
  void contentOfKnownLengthHasALength() throws Exception {
    origin.onRequest(c -> c.send(ok(c.readBodyText())));
    assertEquals("hello", text(send(request("/").POST(BodyPublishers.ofString("hello")))));
    assertEquals("5", origin.lastRequest().field("Content-Length"));
    assertNull(origin.lastRequest().field("Transfer-Encoding"));
  }

  @Test
  void contentOfUnknownLengthIsChunked() throws Exception {
    origin.onRequest(c -> c.send(ok(c.readBodyText())));
    assertEquals("hello", text(send(request("/").POST(unmeasured("hello".getBytes())))));
    assertEquals("chunked", origin.lastRequest().field("Transfer-Encoding"));
    assertNull(origin.lastRequest().field("Content-Length"));
  }

  @Test
  void contentOfUnknownLengthKeepsARequestFromTheCache() throws Exception {
    unmount();
    mount(builder -> builder.cache(rules -> {}));
    origin.onRequest(
        c -> {
          String text = "<" + c.readBodyText() + ">";
          String length = "Content-Length: " + text.length();
          c.send(head("HTTP/1.1 200 OK", "Cache-Control: max-age=60", length) + text);
        });
    for (String content : List.of("a", "b")) {
      var fat = request("/").method("GET", unmeasured(content.getBytes()));
      assertEquals("<" + content + ">", text(send(fat)));
      assertEquals("<>", text(send(request("/"))));
    }
    assertEquals(3, origin.heads().size());
  }

  @Test
  void aPostMayHaveNoContent() throws Exception {
    origin.onRequest(c -> c.send(ok("<" + c.readBodyText() + ">")));
    assertEquals("<>", text(send(request("/").POST(BodyPublishers.noBody()))));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void largeContentPassesBothWays(boolean measured) throws Exception {
    byte[] content = octets(1_500_000); // Undertow takes 2 MiB unless told otherwise
    origin.onRequest(
        c -> {
          byte[] body = c.readBody();
          if (measured) {
            c.send(head("HTTP/1.1 200 OK", "Content-Length: " + body.length));
            c.send(body);
          } else {
            c.send(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"));
            c.send(Integer.toHexString(body.length) + "\r\n");
            c.send(body);
            c.send("\r\n0\r\n\r\n");
          }
        });
    BodyPublisher body = measured ? BodyPublishers.ofByteArray(content) : unmeasured(content);
    HttpResponse<byte[]> response = send(request("/").POST(body));
    assertArrayEquals(content, response.body());
    assertEquals(measured, field(response, "content-length").isPresent());
  }

  @Test
  void aClientThatAsksFirstIsToldToContinue() throws Exception {
    origin.onRequest(
        c -> {
          c.send(head("HTTP/1.1 100 Continue"));
          c.send(ok(c.readBodyText()));
        });
    HttpRequest.Builder asking =
        request("/").expectContinue(true).POST(BodyPublishers.ofString("hello"));
    assertEquals("hello", text(send(asking)));
    assertEquals("100-Continue", origin.lastRequest().field("Expect"));
  }

  @Test
  void manyRequestsAtOnceGetTheirOwnAnswers() throws Exception {
    origin.onRequest(c -> c.send(ok(c.request().startLine())));
    send(request("/")); // from now on there is a connection for all of them
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(client.sendAsync(request("/" + i).build(), BodyHandlers.ofString()));
    }
    for (int i = 0; i < 50; i++) {
      assertEquals("GET /" + i + " HTTP/1.1", answers.get(i).join().body());
    }
    assertEquals(1, connections.size());
  }

  // Responses

  @Test
  void theAnswerToHeadTellsALengthAndHasNoContent() throws Exception {
    origin.respond(head("HTTP/1.1 200 OK", "Content-Length: 5"), ok("next"));
    HttpResponse<byte[]> response = send(request("/").method("HEAD", BodyPublishers.noBody()));
    assertEquals("5", field(response, "content-length").orElse(""));
    assertEquals("", text(response));
    assertEquals("next", text(send(request("/"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void aStatusWithoutContentPasses(String status) throws Exception {
    origin.respond(head("HTTP/1.1 " + status, "ETag: \"x\""), ok("next"));
    HttpResponse<byte[]> response = send(request("/"));
    assertEquals(Integer.parseInt(status.substring(0, 3)), response.statusCode());
    assertEquals("\"x\"", field(response, "etag").orElse(""));
    assertEquals("", text(response));
    assertEquals("next", text(send(request("/"))));
  }

  @Test
  void interimResponsesAreLeftOut() throws Exception {
    origin.respond(head("HTTP/1.1 103 Early Hints", "Link: </a>") + ok("final"));
    HttpResponse<byte[]> response = send(request("/"));
    assertEquals("final", text(response));
    assertEquals(Optional.empty(), field(response, "link"));
  }

  @Test
  void connectionSpecificFieldsEndHere() throws Exception {
    origin.respond(
        head(
                "HTTP/1.1 200 OK",
                "Connection: X-Mine",
                "X-Mine: 1",
                "Keep-Alive: timeout=5",
                "Transfer-Encoding: chunked")
            + chunked("ab", "c"));
    HttpResponse<byte[]> response = send(request("/"));
    assertEquals("abc", text(response));
    for (String name : List.of("connection", "x-mine", "keep-alive", "transfer-encoding")) {
      assertEquals(Optional.empty(), field(response, name), name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TE", "X-A"})
  void trailersDisturbNobody(String name) throws Exception {
    origin.respond(
        head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
            + "3\r\nabc\r\n0\r\nX-Checksum: 1\r\n\r\n",
        ok("next"));
    assertEquals("abc", text(send(request("/").header(name, "trailers"))));
    assertEquals("next", text(send(request("/"))));
    assertEquals(1, connections.size());
  }

  // Failures

  @Test
  void aFailureIsTold() throws Exception {
    origin.close();
    HttpResponse<byte[]> response = send(request("/"));
    assertEquals(502, response.statusCode());
    assertEquals("gate; error=connection_refused", field(response, "proxy-status").orElse(""));
    assertEquals("502 Bad Gateway: the connection was refused\n", text(response));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"})
  void aTruncatedResponseResetsItsStreamAlone(String rest) throws Exception {
    origin.onRequest(
        c -> {
          c.send("HTTP/1.1 200 OK\r\n" + rest);
          c.close();
        },
        c -> c.send(ok("next")));
    assertThrows(IOException.class, () -> send(request("/")));
    assertEquals("next", text(send(request("/"))));
    assertEquals(1, connections.size());
  }

  @Test
  void aClientThatCancelsAResponseEndsTheUpstreamRequestAlone() throws Exception {
    origin.onRequest(
        c -> {
          c.send(head("HTTP/1.1 200 OK", "Content-Length: 1000000000000"));
          c.sendUntilClosed(new byte[1 << 16]);
        },
        c -> c.send(ok("next")));
    HttpResponse<InputStream> response =
        client.send(request("/").build(), BodyHandlers.ofInputStream());
    response.body().read();
    response.body().close();
    origin.connection(0).awaitEnded();
    assertEquals("next", text(send(request("/"))));
    assertEquals(1, connections.size());
  }

  @Test
  void aClientThatCancelsWhileItWaitsLeavesTheOthersAlone() throws Exception {
    origin.onRequest(Peer::awaitClose, c -> c.send(ok("next")));
    var cancelled = client.sendAsync(request("/").build(), BodyHandlers.ofString());
    origin.awaitHeads(1);
    cancelled.cancel(true);
    assertEquals("next", text(send(request("/"))));
    assertEquals(1, connections.size());
  }

  /** What has come of the content must not look like all of it. */
  @Test
  void aClientThatCancelsItsRequestEndsTheUpstreamRequestUnfinished() throws Exception {
    origin.onRequest(
        c -> {
          assertThrows(IOException.class, c::readBody);
          c.cut();
        },
        c -> c.send(ok("next")));
    try (SubmissionPublisher<ByteBuffer> content = new SubmissionPublisher<>()) {
      var request = request("/").POST(BodyPublishers.fromPublisher(content)).build();
      var cancelled = client.sendAsync(request, BodyHandlers.ofString());
      content.submit(ByteBuffer.wrap("half of i".getBytes()));
      origin.awaitHeads(1);
      cancelled.cancel(true);
      origin.connection(0).awaitEnded();
    }
    assertEquals("next", text(send(request("/"))));
    assertEquals(1, connections.size());
  }

  @Test
  void aServerThatStopsEndsWhatIsUnderWay() throws Exception {
    origin.onRequest(Peer::awaitClose);
    var waiting = client.sendAsync(request("/").build(), BodyHandlers.ofString());
    origin.awaitHeads(1);
    proxy.close();
    origin.connection(0).awaitEnded();
    CompletionException failure =
        assertThrows(
            CompletionException.class, () -> waiting.orTimeout(10, TimeUnit.SECONDS).join());
    assertInstanceOf(IOException.class, failure.getCause());
  }
}
