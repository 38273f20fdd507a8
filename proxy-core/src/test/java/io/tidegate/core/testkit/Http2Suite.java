package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Http2Client.DATA;
import static io.tidegate.core.testkit.Http2Client.END_STREAM;
import static io.tidegate.core.testkit.Http2Client.GOAWAY;
import static io.tidegate.core.testkit.Http2Client.HEADERS;
import static io.tidegate.core.testkit.Http2Client.PING;
import static io.tidegate.core.testkit.Http2Client.RST_STREAM;
import static io.tidegate.core.testkit.Http2Client.SETTINGS;
import static io.tidegate.core.testkit.Http2Client.WINDOW_UPDATE;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.h2.Http2Settings;
import io.tidegate.core.http.WebSocketKey;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.ExchangeFilter;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.testkit.Http2Client.Frame;
import io.tidegate.core.testkit.Http2Client.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak HTTP/2 (RFC 9113), without TLS so that each frame is as a test wants it. */
public abstract class Http2Suite extends ProxyWireSuite {
  private static final int NO_ERROR = 0;
  private static final int PROTOCOL_ERROR = 1;
  private static final int INTERNAL_ERROR = 2;
  private static final int SETTINGS_TIMEOUT = 4;
  private static final int REFUSED_STREAM = 7;
  private static final int CANCEL = 8;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int ENABLE_CONNECT_PROTOCOL = 8;

  private static final String[] TOO_MANY_FIELDS = "x ".repeat(60).split(" ");

  /** The suite for one direction. */
  protected Http2Suite(Side side) {
    super(side);
  }

  private Proxy serve(Consumer<ProxyBuilder<?>> more) {
    return start(p -> more.accept(p.http2WithoutTls()));
  }

  /** A client of a proxy of its own, which does nothing special. */
  private Http2Client http2(int... settings) throws IOException {
    serve(p -> {});
    return connected(settings);
  }

  private Http2Client connected(int... settings) throws IOException {
    return raw().handshake(settings);
  }

  private Http2Client raw() throws IOException {
    return opened(Http2Client.connect(port()));
  }

  private String[] asking(String method, String path, String... fields) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of(":method", method, ":scheme", "http"));
    all.addAll(List.of(":authority", origin().authority(), ":path", path));
    all.addAll(List.of(fields));
    return all.toArray(String[]::new);
  }

  private String[] without(String name, String... fields) {
    List<String> all = new ArrayList<>(List.of(fields));
    int at = all.indexOf(name);
    all.subList(at, at + 2).clear();
    return all.toArray(String[]::new);
  }

  private void get(Http2Client client, int stream) throws IOException {
    client.headers(stream, true, asking("GET", "/" + stream));
  }

  private static void assertAnswer(String text, Response response) {
    assertEquals(200, response.status());
    assertEquals(text, response.text());
    assertEquals(-1, response.reset());
  }

  // Messages

  @Test
  void aRequestIsAnswered() throws Exception {
    Http2Client client = http2();
    client.headers(1, true, asking("GET", "/a?b=c", "x-a", "1", "cookie", "a=1", "cookie", "b=2"));
    Response response = client.readResponse(1);
    assertAnswer("ok", response);
    assertTrue(response.fields().contains("content-length: 2"), response::toString);
    assertTrue(response.fields().contains("via: 1.1 " + NAME), response::toString);
    RawHead request = origin().lastRequest();
    assertEquals("GET /a?b=c HTTP/1.1", request.startLine());
    assertEquals(origin().authority(), request.field("Host"));
    assertEquals("1", request.field("X-A"));
    assertEquals("a=1; b=2", request.field("Cookie"));
    assertEquals("2.0 " + NAME, request.field("Via"));
    assertNull(request.field("Content-Length"));
    assertNull(request.field("Transfer-Encoding"));
  }

  @Test
  void hostStandsInForAnAuthority() throws Exception {
    Http2Client client = http2();
    String[] fields = asking("GET", "/", "host", origin().authority());
    client.headers(1, true, without(":authority", fields));
    assertAnswer("ok", client.readResponse(1));
    assertEquals(origin().authority(), origin().lastRequest().field("Host"));
  }

  @Test
  void requestsOfOneConnectionDoNotWaitForEachOther() throws Exception {
    CountDownLatch others = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              if (c.request().startLine().contains("/1 ")) {
                await(others);
              }
              c.send(ok(c.request().startLine()));
            });
    Http2Client client = http2();
    get(client, 1);
    origin().awaitHeads(1);
    for (int stream = 3; stream < 43; stream += 2) {
      get(client, stream);
      assertAnswer("GET /" + stream + " HTTP/1.1", client.readResponse(stream));
    }
    others.countDown();
    assertAnswer("GET /1 HTTP/1.1", client.readResponse(1));
  }

  @Test
  void contentOfUnknownLengthIsChunkedForTheOrigin() throws Exception {
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    Http2Client client = http2();
    client.headers(1, false, asking("POST", "/"));
    client.data(1, "some ", false).data(1, "content", true);
    assertAnswer("some content", client.readResponse(1));
    assertEquals("chunked", origin().lastRequest().field("Transfer-Encoding"));
  }

  @Test
  void contentOfKnownLengthKeepsIt() throws Exception {
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    Http2Client client = http2();
    client.headers(1, false, asking("POST", "/", "content-length", "7")).data(1, "content", true);
    assertAnswer("content", client.readResponse(1));
    assertEquals("7", origin().lastRequest().field("Content-Length"));
  }

  @Test
  void anEndThatComesAloneIsTheEnd() throws Exception {
    origin().onRequest(c -> c.send(ok("<" + c.readBodyText() + ">")));
    Http2Client client = http2();
    client.headers(1, false, asking("POST", "/")).data(1, "", true);
    assertAnswer("<>", client.readResponse(1));
    client.headers(3, false, asking("POST", "/", "content-length", "0")).data(3, "", true);
    assertAnswer("<>", client.readResponse(3));
  }

  @Test
  void aRequestThatSaysItIsEmptyIsForwardedWhenItHasEnded() throws Exception {
    Http2Client client = http2();
    client.headers(1, false, asking("POST", "/empty", "content-length", "0"));
    get(client, 3);
    assertAnswer("ok", client.readResponse(3));
    assertEquals(1, origin().heads().size());
    client.data(1, "", true);
    assertAnswer("ok", client.readResponse(1));
    assertEquals("POST /empty HTTP/1.1", origin().lastRequest().startLine());
    assertEquals("0", origin().lastRequest().field("Content-Length"));
  }

  @Test
  void aRequestThatSaysItIsEmptyAndIsNotIsNotForwarded() throws Exception {
    Http2Client client = http2();
    client.headers(1, false, asking("POST", "/", "content-length", "0")).data(1, "x", true);
    assertEquals(PROTOCOL_ERROR, client.awaitFrame(RST_STREAM, 1).error());
    assertNothingForwarded();
  }

  @Test
  void aRequestThatSaysItIsEmptyDoesNotWaitForItsEndForever() throws Exception {
    serve(p -> p.headTimeout(AMPLE));
    Http2Client client = connected();
    client.headers(1, false, asking("POST", "/", "content-length", "0"));
    assertEquals(408, client.readResponse(1).status());
    assertEquals(NO_ERROR, client.awaitFrame(RST_STREAM, 1).error());
    assertNothingForwarded();
    get(client, 3);
    assertAnswer("ok", client.readResponse(3));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16384, 16385, 200_000})
  void contentOfKnownLengthEndsWithItsLastFrame(int length) throws Exception {
    byte[] content = random(length);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + length));
              c.send(content);
            });
    Http2Client client = http2(INITIAL_WINDOW_SIZE, 1 << 30);
    client.windowUpdate(0, 1 << 30);
    get(client, 1);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Frame last;
    do {
      last = client.awaitFrame(DATA, 1);
      body.writeBytes(last.payload());
    } while (!last.has(END_STREAM));
    assertTrue(last.payload().length > 0);
    assertArrayEquals(content, body.toByteArray());
  }

  @Test
  void largeContentArrivesWhole() throws Exception {
    byte[] content = random(3_000_000);
    origin()
        .onRequest(
            c -> {
              byte[] body = c.readBody();
              c.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
              c.send(body);
            });
    Http2Client client = http2(INITIAL_WINDOW_SIZE, 1 << 30);
    client.windowUpdate(0, 1 << 30);
    client.headers(1, false, asking("POST", "/"));
    Upload upload = new Upload(client, 1);
    upload.send(content);
    assertArrayEquals(content, upload.response());
  }

  @Test
  void trailersGoOnInBothDirections() throws Exception {
    origin()
        .onRequest(
            c -> {
              ChunkedBody body = c.readChunked();
              c.send(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nETag: \""
                      + RawHead.only("Digest", body.trailers())
                      + "\"\r\n\r\n");
            });
    Http2Client client = http2();
    client.headers(1, false, asking("POST", "/", "te", "trailers")).data(1, "x", false);
    client.headers(1, true, "digest", "d");
    Response response = client.readResponse(1);
    assertAnswer("ok", response);
    assertEquals(List.of("etag: \"d\""), response.trailers());
  }

  @Test
  void interimResponsesAreHeadsOfTheirOwn() throws Exception {
    origin()
        .onRequest(
            c -> c.send(head("HTTP/1.1 103 Early Hints", "Link: </a>; rel=preload") + ok("ok")));
    Http2Client client = http2();
    get(client, 1);
    Frame hints = client.awaitFrame(HEADERS, 1);
    assertEquals("103", hints.field(":status"));
    assertEquals("</a>; rel=preload", hints.field("link"));
    assertFalse(hints.has(END_STREAM));
    assertAnswer("ok", client.readResponse(1));
  }

  @ParameterizedTest
  @CsvSource({"GET, 204", "GET, 304", "HEAD, 200"})
  void aResponseWithoutContentEndsWithItsHead(String method, int status) throws Exception {
    boolean isHead = method.equals("HEAD");
    origin()
        .onRequest(
            c ->
                c.send(head("HTTP/1.1 " + status + " x", isHead ? "Content-Length: 7" : "X-A: b")));
    Http2Client client = http2();
    client.headers(1, true, asking(method, "/"));
    Frame response = client.awaitFrame(HEADERS, 1);
    assertEquals(Integer.toString(status), response.field(":status"));
    assertTrue(response.has(END_STREAM), response::toString);
    if (isHead) {
      assertEquals("7", response.field("content-length"));
    }
  }

  @Test
  void connectionSpecificFieldsOfTheOriginEndThere() throws Exception {
    origin()
        .respond(
            head(
                "HTTP/1.1 200 OK",
                "Connection: keep-alive, x-hop",
                "Keep-Alive: timeout=5",
                "X-Hop: a",
                "Content-Length: 0"));
    Http2Client client = http2();
    get(client, 1);
    List<String> fields = client.awaitFrame(HEADERS, 1).fields();
    for (String name : List.of("connection", "keep-alive", "x-hop", "transfer-encoding")) {
      assertTrue(fields.stream().noneMatch(f -> f.startsWith(name + ":")), fields::toString);
    }
  }

  @Test
  void aResponseUntilTheConnectionClosesEndsTheStream() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK") + "all of it");
              c.close();
            });
    Http2Client client = http2();
    get(client, 1);
    assertAnswer("all of it", client.readResponse(1));
  }

  @Test
  void aResponseThatBreaksOffIsNotCompleted() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: 10") + "half");
              c.close();
            },
            c -> c.send(ok("ok")));
    Http2Client client = http2();
    get(client, 1);
    assertEquals(INTERNAL_ERROR, client.readResponse(1).reset());
    get(client, 3);
    assertAnswer("ok", client.readResponse(3));
  }

  @Test
  void ourOwnAnswersAreWhole() throws Exception {
    serve(p -> p.maxBodyBytes(3));
    Http2Client client = connected();
    client.headers(1, false, asking("POST", "/", "content-length", "4"));
    Response refused = client.readResponse(1);
    assertEquals(413, refused.status());
    assertTrue(refused.fields().contains("proxy-status: " + NAME + "; error=http_request_error"));
    assertTrue(refused.text().startsWith("413 "), refused::text);
    assertEquals(NO_ERROR, client.awaitFrame(RST_STREAM, 1).error());
    assertNothingForwarded();
  }

  @Test
  void anAnswerBeforeTheEndOfTheRequestStopsTheRest() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 403 Forbidden", "Content-Length: 2") + "no");
              c.awaitClose();
            },
            c -> c.send(ok("next")));
    Http2Client client = http2();
    client.headers(1, false, asking("POST", "/")).data(1, "the beginning", false);
    Response response = client.readResponse(1);
    assertEquals(403, response.status());
    assertEquals("no", response.text());
    assertEquals(-1, response.reset());
    assertEquals(NO_ERROR, client.awaitFrame(RST_STREAM, 1).error());
    get(client, 3);
    assertAnswer("next", client.readResponse(3));
  }

  @Test
  void trailersOfAnEarlyAnswerArriveToo() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      + "4\r\nlate\r\n0\r\nETag: \"t\"\r\n\r\n");
              c.awaitClose();
            });
    Http2Client client = http2(INITIAL_WINDOW_SIZE, 1);
    client.headers(1, false, asking("POST", "/"));
    assertEquals("l", client.awaitFrame(DATA, 1).text());
    client.windowUpdate(1, 100);
    assertEquals("\"t\"", client.awaitFrame(HEADERS, 1).field("etag"));
    assertEquals(NO_ERROR, client.awaitFrame(RST_STREAM, 1).error());
  }

  // Refused

  @Test
  void anotherSchemeThanThatOfTheConnectionIsRefused() throws Exception {
    Http2Client client = http2();
    String[] fields = without(":scheme", asking("GET", "/"));
    List<String> all = new ArrayList<>(List.of(":scheme", "https"));
    all.addAll(List.of(fields));
    client.headers(1, true, all.toArray(String[]::new));
    int status = client.readResponse(1).status();
    assertTrue(status == 421 || status == 400, () -> "status " + status);
    assertNothingForwarded();
  }

  @ParameterizedTest
  @CsvSource({"maxTargetBytes, 414", "maxHeadBytes, 431", "maxFields, 431"})
  void aHeadThatIsTooLargeIsToldSo(String limit, int status) throws Exception {
    serve(p -> p.maxTargetBytes(1000).maxHeadBytes(4000).maxFields(20));
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < (limit.equals("maxFields") ? 30 : 5); i++) {
      fields.addAll(List.of("x-" + i, "a".repeat(limit.equals("maxHeadBytes") ? 1000 : 10)));
    }
    String path = "/" + "a".repeat(limit.equals("maxTargetBytes") ? 2000 : 10);
    Http2Client client = connected();
    client.headers(1, true, asking("GET", path, fields.toArray(String[]::new)));
    assertEquals(status, client.readResponse(1).status());
    get(client, 3);
    assertAnswer("ok", client.readResponse(3));
    assertEquals(1, origin().heads().size());
  }

  @Test
  void aHeadRequestThatIsTooLargeIsToldSoWithoutContent() throws Exception {
    serve(p -> p.maxFields(20));
    Http2Client client = connected();
    client.headers(1, true, asking("HEAD", "/", TOO_MANY_FIELDS));
    Frame answer = client.awaitFrame(HEADERS, 1);
    assertEquals("431", answer.field(":status"));
    assertTrue(answer.has(END_STREAM), answer::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connection / close",
        "transfer-encoding / chunked",
        "upgrade / h2c",
        "X-Upper / a",
        "x a / b",
        "te / gzip"
      })
  void aMalformedRequestIsReset(String field) throws Exception {
    Http2Client client = http2();
    client.headers(1, true, asking("GET", "/", lines(field)));
    Frame answer = client.readFrame();
    while (answer.stream() != 1) {
      answer = client.readFrame();
    }
    boolean refused = answer.type() == HEADERS && answer.field(":status").equals("400");
    assertTrue(
        refused || (answer.type() == RST_STREAM && answer.error() == PROTOCOL_ERROR),
        answer::toString);
    assertNothingForwarded();
    get(client, 3);
    assertAnswer("ok", client.readResponse(3));
  }

  @Test
  void moreStreamsThanPermittedAreRefused() throws Exception {
    origin().onRequest(c -> c.awaitClose());
    serve(p -> p.http2(http2 -> http2.maxConcurrentStreams(2)));
    Http2Client client = connected();
    get(client, 1);
    get(client, 3);
    get(client, 5);
    assertEquals(REFUSED_STREAM, client.awaitFrame(RST_STREAM, 5).error());
    origin().awaitHeads(2);
    client.rst(1, CANCEL);
    get(client, 7);
    origin().awaitHeads(3);
  }

  // Who waits for whom

  @Test
  void aCancelledRequestIsCancelledAtItsOrigin() throws Exception {
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    serve(p -> p.listener(onCompleting(outcomes)));
    origin().onRequest(c -> c.awaitClose(), c -> c.send(ok("next")));
    Http2Client client = connected();
    get(client, 1);
    origin().awaitHeads(1);
    client.rst(1, CANCEL);
    origin().connection(0).awaitEnded();
    Outcome ended = next(outcomes);
    assertEquals(0, ended.status());
    get(client, 3);
    assertAnswer("next", client.readResponse(3));
  }

  @Test
  void aClientThatGoesAwayTakesAllItsRequestsAlong() throws Exception {
    origin().onRequest(c -> c.awaitClose());
    Http2Client client = http2();
    get(client, 1);
    get(client, 3);
    origin().awaitHeads(2);
    client.reset();
    origin().connection(0).awaitEnded();
    origin().connection(1).awaitEnded();
  }

  @Test
  void aStreamThatIsNotReadHoldsUpItsOriginAndNobodyElse() throws Exception {
    byte[] some = random(1000);
    origin()
        .onRequest(
            c -> {
              if (c.request().startLine().contains("/1 ")) {
                c.send(head("HTTP/1.1 200 OK", "Content-Length: 1000000000"));
                c.sendUntilClosed(random(64 << 10));
              } else {
                c.send(head("HTTP/1.1 200 OK", "Content-Length: " + some.length));
                c.send(some);
              }
            });
    Http2Client client = http2(INITIAL_WINDOW_SIZE, 2000);
    client.windowUpdate(0, 1 << 30);
    get(client, 1);
    client.awaitFrame(DATA, 1);
    for (int stream = 3; stream < 203; stream += 2) {
      get(client, stream);
      assertArrayEquals(some, client.readResponse(stream).body());
    }
    long sent = origin().connection(0).sent();
    assertTrue(sent < 20_000_000, () -> sent + " octets were let through");
    client.rst(1, CANCEL);
    origin().connection(0).awaitEnded();
  }

  @Test
  void anOriginThatReadsNothingClosesTheWindowOfItsStream() throws Exception {
    byte[] large = random(40_000_000);
    CountDownLatch enough = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              await(enough);
              assertArrayEquals(large, c.readBody());
              c.send(ok("all"));
            });
    Http2Client client = http2();
    client.headers(1, false, asking("POST", "/", "content-length", "" + large.length));
    origin().awaitHeads(1);
    Upload upload = new Upload(client, 1);
    int sent = upload.sendUntilStalled(large);
    assertTrue(sent < large.length / 2, () -> sent + " octets were let through");
    enough.countDown();
    upload.send(Arrays.copyOfRange(large, sent, large.length));
    assertEquals("all", new String(upload.response(), ISO_8859_1));
  }

  @Test
  void uploadsThatAreStuckHoldUpNoOther() throws Exception {
    origin().onRequest(c -> c.send(ok("" + c.readBody().length)));
    serve(p -> p.filter(undecidedAbout("/stuck")));
    Http2Client client = connected();
    for (int stream = 1; stream <= 59; stream += 2) {
      client.headers(stream, false, asking("POST", "/stuck"));
      sendFirstWindow(client, stream);
    }
    client.headers(61, false, asking("POST", "/"));
    sendFirstWindow(client, 61);
    client.data(61, "", true);
    assertAnswer("65536", client.readResponse(61));
  }

  private static void sendFirstWindow(Http2Client client, int stream) throws IOException {
    for (int i = 0; i < 4; i++) {
      client.frame(DATA, 0, stream, new byte[16384]);
    }
  }

  private static ExchangeFilter undecidedAbout(String path) {
    return new ExchangeFilter() {
      @Override
      public void request(ClientRequest request, Completion<Verdict> completion) {
        if (!request.head().target().toString().contains(path)) {
          completion.completed(new Pass(request.head().fields()));
        }
      }
    };
  }

  @Test
  void aClientThatTakesNothingOfTheRestIsReset() throws Exception {
    origin().respond(ok("x".repeat(1000)));
    serve(p -> p.keepAliveTimeout(AMPLE));
    Http2Client client = connected(INITIAL_WINDOW_SIZE, 10);
    get(client, 1);
    Response cut = client.readResponse(1);
    assertEquals(10, cut.body().length);
    assertEquals(CANCEL, cut.reset());
  }

  /** A request's content, sent as far as the windows are open. */
  private static final class Upload {
    private final Http2Client client;
    private final int stream;
    private int streamWindow = 64 << 10;
    private int connectionWindow = Http2Settings.DEFAULT.connectionWindow();
    private final ByteArrayOutputStream response = new ByteArrayOutputStream();
    private boolean ended;

    Upload(Http2Client client, int stream) throws IOException {
      this.client = client;
      this.stream = stream;
    }

    /** All of {@code content}, and the end. */
    void send(byte[] content) throws IOException {
      int at = some(content, 0);
      while (at < content.length) {
        take(client.readFrame());
        at += some(content, at);
      }
    }

    int sendUntilStalled(byte[] content) throws IOException {
      int at = 0;
      for (int idle = 0; idle < 20; idle++) {
        int n = some(content, at);
        at += n;
        idle = n > 0 ? 0 : idle;
        client.frame(PING, 0, 0, new byte[8]);
        Frame frame;
        while ((frame = client.readFrame()).type() != PING) {
          take(frame);
        }
      }
      return at;
    }

    private int some(byte[] content, int from) throws IOException {
      int at = from;
      while (window() > 0 && at < content.length) {
        int n = Math.min(Math.min(window(), 16384), content.length - at);
        byte[] piece = Arrays.copyOfRange(content, at, at + n);
        at += n;
        client.frame(DATA, at == content.length ? END_STREAM : 0, stream, piece);
        streamWindow -= n;
        connectionWindow -= n;
      }
      return at - from;
    }

    private int window() {
      return Math.min(streamWindow, connectionWindow);
    }

    private void take(Frame frame) {
      if (frame.type() == WINDOW_UPDATE && frame.stream() == 0) {
        connectionWindow += frame.number(0);
      } else if (frame.type() == WINDOW_UPDATE) {
        streamWindow += frame.number(0);
      } else if (frame.type() == SETTINGS) {
        return;
      } else if (frame.type() == DATA) {
        response.writeBytes(frame.payload());
        ended |= frame.has(END_STREAM);
      } else if (frame.type() == RST_STREAM || frame.type() == GOAWAY) {
        throw new AssertionError(frame);
      }
    }

    byte[] response() throws IOException {
      while (!ended) {
        take(client.readFrame());
      }
      return response.toByteArray();
    }
  }

  // The connection

  @Test
  void whoBeginsWithHttp11IsServedWithIt() throws Exception {
    serve(p -> {});
    assertAnswer("ok", ask(get("/")));
    RawClient client = client();
    for (String octet : request("PROPFIND", "/").split("")) {
      client.send(octet);
    }
    assertAnswer("ok", client.readResponse());
  }

  @Test
  void aPrefaceMayComeInPieces() throws Exception {
    serve(p -> {});
    Http2Client client = raw();
    for (String octet : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".split("")) {
      client.send(octet);
    }
    client.frame(SETTINGS, 0, 0);
    get(client, 1);
    assertAnswer("ok", client.readResponse(1));
  }

  @Test
  void http2ThatIsOffIsNotSpoken() throws Exception {
    serve(p -> p.http2(http2 -> http2.off()));
    RawClient client = client();
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assertFailure(505, "http_request_error", client.readResponse());
  }

  @Test
  void anUpgradeToHttp2IsIgnored() throws Exception {
    serve(p -> {});
    String request =
        request(
            "GET", "/", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: ");
    RawResponse response = ask(request);
    assertAnswer("ok", response);
    assertNull(origin().lastRequest().field("HTTP2-Settings"));
  }

  @Test
  void anIdleConnectionIsEnded() throws Exception {
    serve(p -> p.keepAliveTimeout(AMPLE));
    Http2Client client = connected();
    get(client, 1);
    assertAnswer("ok", client.readResponse(1));
    assertEquals(NO_ERROR, client.awaitGoAway());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 24, 30})
  void aConnectionThatDoesNotBeginIsEnded(int octets) throws Exception {
    serve(p -> p.headTimeout(SHORT));
    Http2Client client = raw();
    ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    beginning.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    beginning.writeBytes(Http2Client.octets(SETTINGS, 0, 0));
    client.send(Arrays.copyOf(beginning.toByteArray(), octets));
    client.awaitClose();
  }

  @Test
  void aClientThatDoesNotAcknowledgeOurSettingsIsEnded() throws Exception {
    serve(p -> p.headTimeout(AMPLE));
    Http2Client client = raw().preface();
    get(client, 1);
    assertAnswer("ok", client.readResponse(1));
    assertEquals(SETTINGS_TIMEOUT, client.awaitGoAway());
  }

  @Test
  void aHeadThatDoesNotEndEndsTheConnection() throws Exception {
    serve(p -> p.headTimeout(AMPLE));
    Http2Client client = connected();
    client.frame(HEADERS, 0, 1, Http2Client.block(asking("GET", "/")));
    assertEquals(PROTOCOL_ERROR, client.awaitGoAway());
    assertNothingForwarded();
  }

  @Test
  void aProxyThatStopsLosesNoStream() throws Exception {
    CountDownLatch going = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              if (c.request().startLine().contains("/1 ")) {
                await(going);
              }
              c.send(ok(c.request().startLine()));
            });
    Proxy proxy = serve(p -> {});
    Http2Client client = connected();
    get(client, 1);
    origin().awaitHeads(1);
    CompletableFuture<Void> stopping = aside(() -> proxy.stop(Duration.ofSeconds(10)));
    Frame warning = client.awaitFrame(GOAWAY);
    assertEquals(Integer.MAX_VALUE, warning.number(0));
    assertEquals(NO_ERROR, warning.error());
    get(client, 3); // was on its way
    assertAnswer("GET /3 HTTP/1.1", acknowledging(client, 3));
    going.countDown();
    assertAnswer("GET /1 HTTP/1.1", acknowledging(client, 1));
    client.awaitClose();
    stopping.join();
  }

  /** The response on a stream of a client that answers PING. */
  private static Response acknowledging(Http2Client client, int stream) throws IOException {
    List<String> fields = List.of();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      Frame frame = client.readFrame();
      if (frame.type() == PING && !frame.has(Http2Client.ACK)) {
        client.frame(PING, Http2Client.ACK, 0, frame.payload());
      } else if (frame.stream() == stream) {
        fields = frame.type() == HEADERS ? frame.fields() : fields;
        if (frame.type() == DATA) {
          body.writeBytes(frame.payload());
        }
        if (frame.has(END_STREAM)) {
          return new Response(fields, body.toByteArray(), List.of(), -1);
        }
      }
    }
  }

  @Test
  void aStopDoesNotWaitForever() throws Exception {
    origin().onRequest(c -> c.awaitClose());
    Proxy proxy = serve(p -> {});
    Http2Client client = connected();
    get(client, 1);
    origin().awaitHeads(1);
    proxy.stop(Duration.ZERO);
    client.awaitClose();
    origin().connection(0).awaitEnded();
  }

  // WebSocket

  private String[] webSocket(String protocol) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of(":method", "CONNECT", ":protocol", protocol, ":scheme", "http"));
    all.addAll(List.of(":authority", origin().authority(), ":path", "/chat"));
    all.addAll(List.of("sec-websocket-version", "13", "sec-websocket-protocol", "chat"));
    return all.toArray(String[]::new);
  }

  private static void switchProtocols(OriginConnection c) throws IOException {
    String key = String.valueOf(c.request().field("Sec-WebSocket-Key"));
    c.send(
        head(
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Protocol: chat",
            "Sec-WebSocket-Accept: " + new WebSocketKey(key).accept()));
  }

  @Test
  void webSocketsAreOffered() throws Exception {
    serve(p -> {});
    Http2Client client = raw();
    client.preface();
    byte[] settings = client.awaitFrame(SETTINGS).payload();
    boolean offered = false;
    for (int at = 0; at < settings.length; at += 6) {
      offered |= settings[at + 1] == ENABLE_CONNECT_PROTOCOL && settings[at + 5] == 1;
    }
    assertTrue(offered);
  }

  @Test
  void aWebSocketIsATunnelInAStream() throws Exception {
    byte[] octets = random(1_000_000);
    origin()
        .onRequest(
            c -> {
              switchProtocols(c);
              assertArrayEquals(octets, c.readBytes(octets.length));
              c.send(octets);
              assertTrue(c.atEnd());
            });
    Http2Client client = http2(INITIAL_WINDOW_SIZE, 1 << 30);
    client.windowUpdate(0, 1 << 30);
    client.headers(1, false, webSocket("websocket"));
    Frame opened = client.awaitFrame(HEADERS, 1);
    assertEquals("200", opened.field(":status"));
    assertEquals("chat", opened.field("sec-websocket-protocol"));
    assertTrue(
        opened.fields().stream().noneMatch(f -> f.startsWith("sec-websocket-accept")),
        opened::toString);
    Upload upload = new Upload(client, 1);
    upload.send(octets);
    assertArrayEquals(octets, upload.response());
    RawHead request = origin().lastRequest();
    assertEquals("GET /chat HTTP/1.1", request.startLine());
    assertEquals("websocket", request.field("Upgrade"));
    assertEquals("13", request.field("Sec-WebSocket-Version"));
    assertEquals("chat", request.field("Sec-WebSocket-Protocol"));
  }

  @Test
  void aWebSocketThatIsResetIsResetAtItsOrigin() throws Exception {
    origin()
        .onRequest(
            c -> {
              switchProtocols(c);
              c.awaitClose();
            });
    Http2Client client = http2();
    client.headers(1, false, webSocket("websocket"));
    client.awaitFrame(HEADERS, 1);
    client.rst(1, CANCEL);
    origin().connection(0).awaitEnded();
    assertTrue(origin().connection(0).endedByReset());
  }

  @Test
  void aWebSocketThatItsOriginResetsIsReset() throws Exception {
    origin()
        .onRequest(
            c -> {
              switchProtocols(c);
              c.readText(3);
              c.reset();
            });
    Http2Client client = http2();
    client.headers(1, false, webSocket("websocket"));
    client.awaitFrame(HEADERS, 1);
    client.data(1, "abc", false);
    assertEquals(CANCEL, client.awaitFrame(RST_STREAM, 1).error());
  }

  @Test
  void anOriginThatDoesNotKnowTheKeyOpensNoWebSocket() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(
                  head(
                      "HTTP/1.1 101 Switching Protocols",
                      "Upgrade: websocket",
                      "Connection: Upgrade",
                      "Sec-WebSocket-Accept: x"));
              c.awaitClose();
            });
    Http2Client client = http2();
    client.headers(1, false, webSocket("websocket"));
    Response response = client.readResponse(1);
    assertEquals(502, response.status());
    assertTrue(response.fields().contains("proxy-status: " + NAME + "; error=http_upgrade_failed"));
    origin().connection(0).awaitEnded();
  }

  @Test
  void anOrdinaryAnswerOpensNoWebSocket() throws Exception {
    origin().onRequest(c -> c.send(ok("hello")), c -> c.send(head("HTTP/1.1 403 x") + "no"));
    Http2Client client = http2();
    client.headers(1, false, webSocket("websocket"));
    assertEquals(502, client.readResponse(1).status());
    client.headers(3, false, webSocket("websocket"));
    assertEquals(403, Integer.parseInt(client.awaitFrame(HEADERS, 3).field(":status")));
  }

  @Test
  void noOtherProtocolIsConnectedTo() throws Exception {
    Http2Client client = http2();
    client.headers(1, false, webSocket("connect-udp"));
    assertEquals(501, client.readResponse(1).status());
    assertNothingForwarded();
  }

  // Floods

  /** What is sent again and again. */
  private enum Flood {
    RESETS,
    PINGS,
    SETTINGS,
    EMPTY_DATA,
    WINDOW_UPDATES,
    CONTINUATIONS,
    LARGE_HEADS
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RESETS",
        "PINGS",
        "SETTINGS",
        "EMPTY_DATA",
        "WINDOW_UPDATES",
        "CONTINUATIONS",
        "LARGE_HEADS"
      })
  void aFloodEndsItsConnectionAndNoOther(String name) throws Exception {
    Flood flood = Flood.valueOf(name);
    origin()
        .onRequest(
            c -> {
              if (c.request().startLine().startsWith("POST")) {
                c.awaitClose(); // its content breaks off
              } else {
                c.send(ok("ok"));
              }
            });
    serve(p -> p.maxFields(20));
    Http2Client good = connected();
    Http2Client bad = connected();
    CompletableFuture<Void> sending = aside(() -> send(flood, bad));
    Frame goAway = bad.awaitFrame(GOAWAY);
    assertEquals(ENHANCE_YOUR_CALM, goAway.error(), goAway::text);
    bad.awaitClose();
    sending.join();
    for (int stream = 1; stream < 21; stream += 2) {
      get(good, stream);
      assertAnswer("ok", good.readResponse(stream));
    }
  }

  private void send(Flood flood, Http2Client client) {
    try {
      if (flood == Flood.EMPTY_DATA) {
        client.headers(1, false, asking("POST", "/"));
      } else if (flood == Flood.CONTINUATIONS) {
        client.frame(HEADERS, 0, 1, Http2Client.block(asking("GET", "/")));
      }
      for (int i = 0; i < 100_000; i++) {
        sendOne(flood, client, 2 * i + 1);
      }
    } catch (IOException expected) {
      // the connection is closed
    }
  }

  private void sendOne(Flood flood, Http2Client client, int stream) throws IOException {
    switch (flood) {
      case RESETS -> client.headers(stream, true, asking("GET", "/")).rst(stream, CANCEL);
      case PINGS -> client.frame(PING, 0, 0, new byte[8]);
      case SETTINGS -> client.frame(SETTINGS, 0, 0);
      case EMPTY_DATA -> client.data(1, "", false);
      case WINDOW_UPDATES -> client.windowUpdate(0, 1);
      case CONTINUATIONS -> client.frame(Http2Client.CONTINUATION, 0, 1);
      case LARGE_HEADS -> client.headers(stream, true, asking("GET", "/", TOO_MANY_FIELDS));
    }
  }
}
