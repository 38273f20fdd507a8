package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdInputStream;
import io.tidegate.core.Proxy;
import io.tidegate.core.coding.ContentCoding;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Responses that are compressed on their way through, as clients and upstreams see them. */
class CompressionWireTest {
  private static final String TEXT = "The tide gate lets water through. ".repeat(2000);
  private static final String TYPE = "Content-Type: text/plain";
  private static final String GZIP = "Accept-Encoding: gzip";

  @RegisterExtension private final Opened opened = new Opened();
  private OriginServer origin;
  private int port;

  @BeforeEach
  void startBoth() throws IOException {
    origin = opened.origin();
    start(compression -> {});
  }

  private void start(Consumer<CompressionBuilder> details) {
    Proxy proxy =
        opened.push(
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .ioThreads(1)
                .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
                .route(path("/**"), route -> route.to("app").compression(details))
                .route("/plain/**", "app")
                .start());
    port = proxy.address().getPort();
  }

  private RawResponse ask(String... lines) throws IOException {
    return RawClient.ask(port, head(lines));
  }

  private static String response(String body, String... fields) {
    List<String> lines = new ArrayList<>(List.of("HTTP/1.1 200 OK", TYPE));
    lines.addAll(List.of(fields));
    lines.add("Content-Length: " + body.length());
    return head(lines.toArray(String[]::new)) + body;
  }

  private static String decoded(byte[] body) throws IOException {
    InputStream in = new GZIPInputStream(new ByteArrayInputStream(body));
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aClientThatTakesItGetsAnEncodedResponse() throws Exception {
    origin.respond(response(TEXT, "ETag: \"a\"", "Accept-Ranges: bytes"));
    RawResponse response = ask("GET / HTTP/1.1", "Host: a", GZIP);
    assertEquals("gzip", response.field("Content-Encoding"));
    assertEquals("Accept-Encoding", response.field("Vary"));
    assertEquals("W/\"a\"", response.field("ETag"));
    assertNull(response.field("Accept-Ranges"));
    assertEquals(RawResponse.Framing.CHUNKED, response.framing());
    assertEquals(TEXT, decoded(response.body()));
    assertTrue(response.body().length < TEXT.length() / 10);
  }

  @Test
  void aClientThatDecodesZstdGetsThat() throws Exception {
    start(compression -> compression.codings(ContentCoding.ZSTD, ContentCoding.GZIP));
    origin.respond(response(TEXT));
    RawResponse response = ask("GET / HTTP/1.1", "Host: a", "Accept-Encoding: gzip, br, zstd");
    assertEquals("zstd", response.field("Content-Encoding"));
    byte[] text = new ZstdInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    assertEquals(TEXT, new String(text, StandardCharsets.ISO_8859_1));
  }

  @Test
  void anotherClientGetsItAsItIs() throws Exception {
    origin.respond(response(TEXT, "ETag: \"a\""));
    RawResponse response = ask("GET / HTTP/1.1", "Host: a");
    assertNull(response.field("Content-Encoding"));
    assertEquals("Accept-Encoding", response.field("Vary"));
    assertEquals("\"a\"", response.field("ETag"));
    assertEquals(TEXT, response.text());
  }

  @Test
  void aRouteThatSaysNothingCompressesNothing() throws Exception {
    origin.respond(response(TEXT, "ETag: \"a\""));
    RawResponse response = ask("GET /plain/x HTTP/1.1", "Host: a", "Accept-Encoding: zstd,GZIP");
    assertNull(response.field("Content-Encoding"));
    assertNull(response.field("Vary"));
    assertEquals("zstd,GZIP", origin.lastRequest().field("Accept-Encoding"));
  }

  @Test
  void theUpstreamIsToldWhatTheClientTakes() throws Exception {
    origin.respond(response(TEXT, "Content-Encoding: br"));
    RawResponse response = ask("GET / HTTP/1.1", "Host: a", "Accept-Encoding: br;q=1, x-gzip");
    assertEquals("gzip, br", origin.lastRequest().field("Accept-Encoding"));
    assertEquals("br", response.field("Content-Encoding"));
    assertEquals(TEXT, response.text());
  }

  @Test
  void manyChunksAndTrailersBecomeOneBody() throws Exception {
    String[] chunks = new String[3000];
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = "line " + i + "\n";
      all.append(chunks[i]);
    }
    String body = chunked(chunks);
    origin.respond(
        head("HTTP/1.1 200 OK", TYPE, "Transfer-Encoding: chunked", "Trailer: Content-MD5")
            + body.substring(0, body.length() - 2)
            + "Content-MD5: AA==\r\n\r\n");
    RawResponse response = ask("GET / HTTP/1.1", "Host: a", "TE: trailers", "Connection: TE", GZIP);
    assertEquals(all.toString(), decoded(response.body()));
    assertNull(response.field("Trailer"));
    assertEquals(0, response.trailers().size());
  }

  @Test
  void aBodyThatEndsWithTheConnectionIsEncodedToo() throws Exception {
    origin.onRequest(
        connection -> {
          connection.send(head("HTTP/1.1 200 OK", TYPE) + TEXT);
          connection.close();
        });
    assertEquals(TEXT, decoded(ask("GET / HTTP/1.1", "Host: a", GZIP).body()));
  }

  @Test
  void anOldClientGetsABodyThatEndsWithTheConnection() throws Exception {
    origin.respond(response(TEXT));
    RawResponse response = ask("GET / HTTP/1.0", "Host: a", GZIP);
    assertEquals("gzip", response.field("Content-Encoding"));
    assertEquals(RawResponse.Framing.CLOSE, response.framing());
    assertEquals(TEXT, decoded(response.body()));
  }

  @Test
  void theResponseToHeadHasTheFieldsOfThatToGet() throws Exception {
    String fields = head("HTTP/1.1 200 OK", TYPE, "ETag: \"a\"", "Content-Length: 5000");
    origin.respond(fields, response(TEXT));
    try (RawClient client = RawClient.connect(port)) {
      client.send(head("HEAD / HTTP/1.1", "Host: a", GZIP));
      RawResponse response = client.readResponse("HEAD");
      assertEquals("gzip", response.field("Content-Encoding"));
      assertEquals("W/\"a\"", response.field("ETag"));
      assertNull(response.field("Content-Length"));
      assertEquals(TEXT, decoded(client.exchange(head("GET / HTTP/1.1", "Host: a", GZIP)).body()));
    }
  }

  @Test
  void aClientThatHasTheEncodedResponseIsToldSoInItsOwnTerms() throws Exception {
    origin.respond(head("HTTP/1.1 304 Not Modified", "ETag: \"a\""));
    RawResponse response = ask("GET / HTTP/1.1", "Host: a", GZIP, "If-None-Match: W/\"a\"");
    assertEquals(304, response.status());
    assertEquals("W/\"a\"", response.field("ETag"));
    assertEquals("Accept-Encoding", response.field("Vary"));
    assertEquals("W/\"a\"", origin.lastRequest().field("If-None-Match"));
  }

  @Test
  void aRangeIsOfTheContentAsItIs() throws Exception {
    origin.respond(
        head(
                "HTTP/1.1 206 Partial Content",
                TYPE,
                "ETag: \"a\"",
                "Content-Range: bytes 0-3/5000",
                "Content-Length: 4")
            + "The ");
    RawResponse response = ask("GET / HTTP/1.1", "Host: a", GZIP, "Range: bytes=0-3");
    assertEquals("The ", response.text());
    assertEquals("\"a\"", response.field("ETag"));
    assertEquals("Accept-Encoding", response.field("Vary"));
  }

  @Test
  void whatHasComeIsNotHeldBackWhileTheUpstreamPauses() throws Exception {
    start(compression -> compression.types("text/event-stream"));
    CountDownLatch seen = new CountDownLatch(1);
    origin.onRequest(
        connection -> {
          connection.send(
              head(
                  "HTTP/1.1 200 OK",
                  "Content-Type: text/event-stream",
                  "Transfer-Encoding: chunked"));
          connection.send("9\r\ndata: 1\n\n\r\n");
          assertTrue(seen.await(10, TimeUnit.SECONDS));
          connection.send("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
        });
    try (RawClient client = RawClient.connect(port)) {
      client.send(head("GET / HTTP/1.0", "Host: a", GZIP));
      client.readHead();
      InputStream decoder = new GZIPInputStream(octetsOf(client), 1);
      assertEquals("data: 1\n\n", new String(decoder.readNBytes(9), StandardCharsets.UTF_8));
      seen.countDown();
      assertEquals("data: 2\n\n", new String(decoder.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** One octet at a time: a decoder must not wait for more than there is. */
  private static InputStream octetsOf(RawClient client) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return client.atEnd() ? -1 : client.readBytes(1)[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int at, int length) throws IOException {
        int octet = length == 0 ? 0 : read();
        if (octet < 0 || length == 0) {
          return octet;
        }
        target[at] = (byte) octet;
        return 1;
      }
    };
  }

  @Test
  void aResponseThatBreaksOffIsNotCompleted() throws Exception {
    origin.onRequest(
        connection -> {
          connection.send(head("HTTP/1.1 200 OK", TYPE, "Content-Length: 5000") + "some");
          connection.close();
        });
    RawResponse response = ask("GET / HTTP/1.1", "Host: a", GZIP);
    assertEquals("gzip", response.field("Content-Encoding"));
    assertFalse(response.complete());
  }

  @Test
  void aClientThatReadsSlowlyGetsAllOfIt() throws Exception {
    byte[] noise = new byte[8 << 20];
    new java.util.Random(1).nextBytes(noise);
    String body = new String(noise, StandardCharsets.ISO_8859_1);
    origin.respond(response(body), response(TEXT));
    try (RawClient client = RawClient.connect(port)) {
      client.send(head("GET / HTTP/1.1", "Host: a", GZIP));
      client.readHead();
      origin.awaitHeads(1);
      assertEquals(body, decoded(client.readChunked().content()));
      assertEquals(TEXT, decoded(client.exchange(head("GET / HTTP/1.1", "Host: a", GZIP)).body()));
    }
    assertEquals(1, origin.connections());
  }

  @Test
  void clientsThatLeaveHoldNoEncoders() throws Exception {
    origin.onRequest(
        connection -> {
          connection.send(head("HTTP/1.1 200 OK", TYPE, "Content-Length: 5000") + "some");
          connection.awaitEnded();
        });
    for (int i = 0; i < 600; i++) {
      try (RawClient client = RawClient.connect(port)) {
        client.send(head("GET / HTTP/1.1", "Host: a", GZIP));
        assertTrue(client.readHead().contains("Content-Encoding: gzip"), "client " + i);
        client.reset();
      }
    }
  }

  @Test
  void theVersionOfTheOriginDoesNotMatter() throws Exception {
    origin.onRequest(
        connection -> {
          connection.send(head("HTTP/1.0 200 OK", TYPE) + TEXT);
          connection.close();
        });
    assertEquals(TEXT, decoded(ask("GET / HTTP/1.1", "Host: a", GZIP).body()));
  }
}
