package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.testkit.Http2Origin;
import io.tidegate.core.testkit.Http2Origin.Frame;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 between the proxy and its upstreams (RFC 9113), with clients that speak HTTP/1.1. */
class Http2UpstreamTest {
  private static final int MAX_CONCURRENT_STREAMS = 3;
  private static final int INITIAL_WINDOW_SIZE = 4;

  private static final int PROTOCOL_ERROR = 1;
  private static final int INTERNAL_ERROR = 2;
  private static final int REFUSED_STREAM = 7;
  private static final int CANCEL = 8;
  private static final int HTTP_1_1_REQUIRED = 13;

  private final List<RawClient> clients = new ArrayList<>();
  private OriginServer origin;
  private Proxy proxy;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    if (proxy != null) {
      proxy.close();
    }
    origin.close();
  }

  private void start(Consumer<ReverseProxy.Builder> more) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()).http2Only())
            .route("/**", "app");
    more.accept(builder);
    proxy = builder.start();
  }

  private void serve(Http2Origin.Script script, int... settings) {
    origin.onConnection(Http2Origin.script(script, settings));
    start(builder -> {});
  }

  private RawClient client() throws IOException {
    RawClient client = RawClient.connect(proxy.address().getPort());
    clients.add(client);
    return client;
  }

  private static void assertFailure(int status, String error, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("gate; error=" + error, response.field("Proxy-Status"));
  }

  /** Waits until the proxy gives the connection up. */
  private static void awaitEnd(Http2Origin h2) {
    try {
      while (true) {
        h2.read();
      }
    } catch (IOException ended) {
      // as expected
    }
  }

  // ---- messages

  @Test
  void theRequestIsSentAsHttp2HasIt() throws Exception {
    serve(
        h2 -> {
          Frame request = h2.request();
          assertTrue(request.ends());
          assertEquals("GET", request.field(":method"));
          assertEquals("http", request.field(":scheme"));
          assertEquals("/a?b", request.field(":path"));
          assertEquals("c.example", request.field(":authority"));
          assertEquals("1", request.field("x-some"));
          assertEquals("1.1 gate", request.field("via"));
          for (String name : List.of("host", "connection", "te", "content-length", "x-hop")) {
            assertFalse(request.has(name), name);
          }
          h2.respond(request.stream(), "ok");
          awaitEnd(h2);
        });
    RawResponse response =
        client()
            .exchange(
                head(
                    "GET /a?b HTTP/1.1",
                    "Host: c.example",
                    "X-Some: 1",
                    "X-Hop: 1",
                    "Connection: X-Hop"));
    assertEquals("HTTP/1.1 200 OK", response.statusLine());
    assertEquals("2.0 gate", response.field("Via"));
    assertEquals("ok", response.text());
  }

  @Test
  void contentAndTrailersPassBothWays() throws Exception {
    serve(
        h2 -> {
          Frame request = h2.request();
          assertEquals("trailers", request.field("te"));
          assertEquals("hello", h2.content(request.stream()));
          h2.head(request.stream(), false, ":status", "200", "trailer", "etag");
          h2.data(request.stream(), false, "wor").data(request.stream(), false, "ld");
          h2.head(request.stream(), true, "etag", "\"1\"", "host", "evil");
          awaitEnd(h2);
        });
    RawClient client = client();
    client.send(
        head(
            "POST / HTTP/1.1",
            "Host: a",
            "TE: trailers",
            "Connection: TE",
            "Transfer-Encoding: chunked"));
    client.send("5\r\nhello\r\n0\r\n\r\n");
    RawResponse response = client.readResponse();
    assertEquals("world", response.text());
    assertEquals(RawResponse.Framing.CHUNKED, response.framing());
    assertEquals("\"1\"", response.trailer("etag"));
    assertNull(response.trailer("host"));
  }

  @Test
  void theLengthOfContentIsTold() throws Exception {
    serve(
        h2 -> {
          Frame request = h2.request();
          assertEquals("3", request.field("content-length"));
          assertEquals("abc", h2.content(request.stream()));
          h2.respond(request.stream(), "ok");
          awaitEnd(h2);
        });
    RawResponse response =
        client().exchange(head("PUT / HTTP/1.1", "Host: a", "Content-Length: 3") + "abc");
    assertEquals(RawResponse.Framing.LENGTH, response.framing());
    assertEquals("ok", response.text());
  }

  @Test
  void interimResponsesPass() throws Exception {
    serve(
        h2 -> {
          Frame request = h2.request();
          h2.head(request.stream(), false, ":status", "103", "link", "</a>");
          h2.respond(request.stream(), "ok");
          awaitEnd(h2);
        });
    RawResponse response = client().exchange(get("/", "a"));
    assertEquals("</a>", response.interim().get(0).field("link"));
    assertEquals("ok", response.text());
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"GET, 204", "GET, 304", "HEAD, 200"})
  void aResponseWithoutContentLeavesTheConnectionUsable(String method, int status)
      throws Exception {
    serve(
        h2 -> {
          Frame first = h2.request();
          h2.head(first.stream(), true, ":status", "" + status);
          h2.respond(h2.request().stream(), "ok");
          awaitEnd(h2);
        });
    RawClient client = client();
    assertEquals(status, client.exchange(head(method + " / HTTP/1.1", "Host: a")).status());
    assertEquals("ok", client.exchange(get("/", "a")).text());
    assertEquals(1, origin.connections());
  }

  @Test
  void anEmptyResponseIsToldWithItsLength() throws Exception {
    serve(
        h2 -> {
          h2.head(h2.request().stream(), true, ":status", "200");
          awaitEnd(h2);
        });
    RawResponse response = client().exchange(get("/", "a"));
    assertEquals("0", response.field("Content-Length"));
  }

  @Test
  void aResponseGoesOnWhileTheRequestStillComes() throws Exception {
    serve(
        h2 -> {
          int stream = h2.request().stream();
          h2.head(stream, false, ":status", "200").data(stream, false, "first");
          assertEquals("second", h2.read().text());
          h2.data(stream, false, "third");
          assertTrue(h2.read().ends());
          h2.data(stream, true, "");
          awaitEnd(h2);
        });
    RawClient client = client();
    client.send(head("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"));
    client.readHead();
    assertEquals("5\r\nfirst\r\n", client.readText(10));
    client.send("6\r\nsecond\r\n");
    assertEquals("5\r\nthird\r\n", client.readText(10));
    client.send("0\r\n\r\n");
    assertEquals("0\r\n\r\n", client.readText(5));
  }

  @Test
  void anEarlyResponseIsNoFailure() throws Exception {
    serve(
        h2 -> {
          int stream = h2.request().stream();
          h2.respond(stream, "enough").reset(stream, 0);
          Frame next = h2.read();
          while (!next.isHead()) { // content that was on its way, or that no more comes
            next = h2.read();
          }
          h2.respond(next.stream(), "next");
          awaitEnd(h2);
        });
    RawClient client = client();
    client.send(head("POST / HTTP/1.1", "Host: a", "Content-Length: 1000000"));
    assertEquals("enough", client.readResponse().text());
    assertEquals("next", client().exchange(get("/", "a")).text());
    assertEquals(1, origin.connections());
  }

  // ---- many at a time

  @Test
  void requestsShareAConnection() throws Exception {
    serve(
        h2 -> {
          int first = h2.request().stream();
          int second = h2.request().stream();
          h2.respond(second, "second").respond(first, "first");
          awaitEnd(h2);
        });
    RawClient one = client();
    RawClient other = client();
    one.send(get("/1", "a"));
    other.send(get("/2", "a"));
    List<String> answers = List.of(one.readResponse().text(), other.readResponse().text());
    assertTrue(answers.containsAll(List.of("first", "second")), answers::toString);
    assertEquals(1, origin.connections());
  }

  @Test
  void aServerIsSentNoMoreRequestsAtATimeThanItTakes() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Http2Origin.Script one =
        h2 -> {
          int stream = h2.request().stream();
          both.countDown();
          assertTrue(both.await(10, TimeUnit.SECONDS));
          h2.respond(stream, "ok");
          awaitEnd(h2);
        };
    serve(one, MAX_CONCURRENT_STREAMS, 1);
    RawClient first = client();
    RawClient second = client();
    first.send(get("/", "a"));
    second.send(get("/", "a"));
    assertEquals("ok", first.readResponse().text());
    assertEquals("ok", second.readResponse().text());
    assertEquals(2, origin.connections());
  }

  @Test
  void requestsWaitForAPlaceWhenThereMayBeNoMoreConnections() throws Exception {
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              int first = h2.request().stream();
              h2.respond(first, "1");
              h2.respond(h2.request().stream(), "2");
              awaitEnd(h2);
            },
            MAX_CONCURRENT_STREAMS,
            1));
    start(builder -> builder.maxUpstreamConnections(1));
    RawClient first = client();
    RawClient second = client();
    first.send(get("/", "a"));
    second.send(get("/", "a"));
    assertEquals(
        3, first.readResponse().text().length() + 2 * second.readResponse().text().length());
    assertEquals(1, origin.connections());
  }

  @Test
  void aRequestWaitsNoLongerForAPlaceThanItMay() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              int stream = h2.request().stream();
              assertTrue(answered.await(10, TimeUnit.SECONDS));
              h2.respond(stream, "ok");
              awaitEnd(h2);
            },
            MAX_CONCURRENT_STREAMS,
            1));
    start(builder -> builder.maxUpstreamConnections(1).pendingTimeout(Duration.ofSeconds(1)));
    RawClient first = client();
    first.send(get("/", "a"));
    origin.connection(0);
    RawClient second = client();
    assertFailure(503, "connection_limit_reached", second.exchange(get("/", "a")));
    answered.countDown();
    assertEquals("ok", first.readResponse().text());
  }

  // ---- flow control

  @Test
  void contentWaitsForTheWindowOfTheServer() throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    serve(
        h2 -> {
          int stream = h2.request().stream();
          assertEquals(100, h2.read().payload().length);
          stalled.countDown();
          h2.window(stream, 1000);
          StringBuilder rest = new StringBuilder(h2.content(stream));
          h2.respond(stream, "" + rest.length());
          awaitEnd(h2);
        },
        INITIAL_WINDOW_SIZE,
        100);
    RawClient client = client();
    client.send(head("POST / HTTP/1.1", "Host: a", "Content-Length: 500"));
    client.send("x".repeat(500));
    assertTrue(stalled.await(10, TimeUnit.SECONDS));
    assertEquals("400", client.readResponse().text());
  }

  // ---- misbehaviour

  @Test
  void aClientThatGoesAwayCancelsItsStreamAlone() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch both = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    serve(
        h2 -> {
          int gone = h2.request().stream();
          begun.countDown();
          int stays = h2.request().stream();
          both.countDown();
          Frame reset = h2.read();
          assertTrue(reset.isReset());
          assertEquals(gone, reset.stream());
          assertEquals(CANCEL, reset.error());
          cancelled.countDown();
          h2.respond(stays, "ok");
          awaitEnd(h2);
        });
    RawClient leaving = client();
    leaving.send(get("/1", "a"));
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    RawClient staying = client();
    staying.send(get("/2", "a"));
    assertTrue(both.await(10, TimeUnit.SECONDS));
    leaving.reset();
    assertTrue(cancelled.await(10, TimeUnit.SECONDS));
    assertEquals("ok", staying.readResponse().text());
  }

  @Test
  void aResetStreamIsABadGateway() throws Exception {
    serve(
        h2 -> {
          h2.reset(h2.request().stream(), INTERNAL_ERROR);
          h2.respond(h2.request().stream(), "ok");
          awaitEnd(h2);
        });
    RawClient client = client();
    assertFailure(502, "http_protocol_error", client.exchange(get("/", "a")));
    assertEquals("ok", client.exchange(get("/", "a")).text());
    assertEquals(1, origin.connections());
  }

  @Test
  void aResponseThatIsCutIsCutForTheClient() throws Exception {
    serve(
        h2 -> {
          int stream = h2.request().stream();
          h2.head(stream, false, ":status", "200").data(stream, false, "begun");
          h2.reset(stream, INTERNAL_ERROR);
          awaitEnd(h2);
        });
    RawResponse response = client().exchange(get("/", "a"));
    assertEquals("begun", response.text());
    assertFalse(response.complete());
  }

  @ParameterizedTest(name = "{0} octets of {1}")
  @CsvSource({"4, 5", "6, 5"})
  void contentThatIsNotAsLongAsToldIsNoResponse(int sent, int told) throws Exception {
    serve(
        h2 -> {
          int stream = h2.request().stream();
          h2.head(stream, false, ":status", "200", "content-length", "" + told);
          h2.data(stream, true, "x".repeat(sent));
          Frame reset = h2.read();
          assertTrue(reset.isReset());
          assertEquals(PROTOCOL_ERROR, reset.error());
          awaitEnd(h2);
        });
    RawClient client = client();
    client.send(get("/", "a"));
    assertFalse(client.readResponse().complete());
  }

  @Test
  void aRefusedRequestIsSentAgainWhateverItsMethod() throws Exception {
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              Frame request = h2.request();
              h2.content(request.stream());
              h2.reset(request.stream(), REFUSED_STREAM);
              awaitEnd(h2);
            }),
        Http2Origin.script(
            h2 -> {
              Frame request = h2.request();
              assertEquals("POST", request.field(":method"));
              assertEquals("abc", h2.content(request.stream()));
              h2.respond(request.stream(), "ok");
              awaitEnd(h2);
            }));
    start(builder -> {});
    RawResponse response =
        client().exchange(head("POST / HTTP/1.1", "Host: a", "Content-Length: 3") + "abc");
    assertEquals("ok", response.text());
  }

  @Test
  void aServerThatGoesAwayEndsWhatItHasBegunAndGetsNothingNew() throws Exception {
    CountDownLatch going = new CountDownLatch(1);
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              int first = h2.request().stream();
              h2.goAway(first, 0);
              going.countDown();
              h2.head(first, false, ":status", "200", "content-length", "4");
              h2.data(first, false, "sl");
              awaitSecond();
              h2.data(first, true, "ow");
              awaitEnd(h2);
            }),
        Http2Origin.answering("new"));
    start(builder -> {});
    RawClient first = client();
    first.send(get("/", "a"));
    assertTrue(going.await(10, TimeUnit.SECONDS));
    assertTrue(first.readHead().startsWith("HTTP/1.1 200 OK\r\n"));
    assertEquals("sl", first.readText(2));
    assertEquals("new", client().exchange(get("/", "a")).text());
    assertEquals("ow", first.readText(2));
  }

  private void awaitSecond() throws InterruptedException {
    origin.connection(1);
  }

  @Test
  void aRequestAboveTheLastStreamOfAServerThatGoesAwayIsSentAgain() throws Exception {
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              h2.request();
              h2.goAway(0, 0);
              awaitEnd(h2);
            }),
        Http2Origin.answering("ok"));
    start(builder -> {});
    RawResponse response =
        client().exchange(head("POST / HTTP/1.1", "Host: a", "Content-Length: 0"));
    assertEquals("ok", response.text());
    assertEquals(2, origin.connections());
  }

  @Test
  void aConnectionThatHasDiedAtRestIsMadeUpFor() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              h2.respond(h2.request().stream(), "1");
              h2.request(); // and is never answered
              closed.countDown();
            }),
        Http2Origin.answering("2"));
    start(builder -> {});
    RawClient client = client();
    assertEquals("1", client.exchange(get("/", "a")).text());
    assertEquals("2", client.exchange(get("/", "a")).text());
    assertEquals(0, closed.getCount());
  }

  @Test
  void aConnectionAtRestIsClosedInTime() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              h2.respond(h2.request().stream(), "ok");
              assertTrue(h2.read().isGoAway());
              awaitEnd(h2);
              gone.countDown();
            }));
    start(builder -> builder.upstreamIdleTimeout(Duration.ofMillis(100)));
    assertEquals("ok", client().exchange(get("/", "a")).text());
    assertTrue(gone.await(10, TimeUnit.SECONDS));
  }

  @Test
  void aConnectionThatNobodyWaitsForAnyMoreIsClosedInTime() throws Exception {
    CountDownLatch dialled = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    origin.onConnection(
        connection -> {
          connection.readText(24);
          dialled.countDown();
          assertTrue(left.await(10, TimeUnit.SECONDS));
          connection.send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}); // its settings
          connection.awaitClose();
          gone.countDown();
        });
    start(
        builder -> builder.upstreamIdleTimeout(Duration.ofMillis(100)).listener(onCompleted(left)));
    RawClient client = client();
    client.send(get("/", "a"));
    assertTrue(dialled.await(10, TimeUnit.SECONDS));
    client.reset();
    assertTrue(gone.await(10, TimeUnit.SECONDS));
  }

  @Test
  void aConnectionInDoubtGetsNoNewRequests() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(2);
    CountDownLatch answered = new CountDownLatch(1);
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              h2.respond(h2.request().stream(), "first");
              h2.request();
              begun.countDown();
              assertTrue(answered.await(10, TimeUnit.SECONDS)); // and no PING is, meanwhile
              assertTrue(h2.read().isReset());
              h2.respond(h2.request().stream(), "there again");
              awaitEnd(h2);
            }),
        Http2Origin.answering("new"));
    start(builder -> builder.listener(onCompleted(left)));
    RawClient client = client();
    assertEquals("first", client.exchange(get("/", "a")).text());
    RawClient leaving = client();
    leaving.send(get("/", "a"));
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    leaving.reset();
    assertTrue(left.await(10, TimeUnit.SECONDS));
    assertEquals("new", client.exchange(get("/", "a")).text());
    answered.countDown();
    String answer = "new";
    while (answer.equals("new")) {
      answer = client.exchange(get("/", "a")).text();
    }
    assertEquals("there again", answer);
  }

  private static ExchangeListener onCompleted(CountDownLatch latch) {
    return new ExchangeListener() {
      @Override
      public void completed(Outcome outcome) {
        latch.countDown();
      }
    };
  }

  @Test
  void connectionsAtRestCountTogetherWithThoseToOtherUpstreams() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              h2.respond(h2.request().stream(), "first");
              assertTrue(h2.read().isGoAway());
              awaitEnd(h2);
              gone.countDown();
            }));
    try (OriginServer other = OriginServer.start()) {
      other.onConnection(Http2Origin.answering("other"));
      start(
          builder ->
              builder
                  .maxIdleUpstreamConnections(1)
                  .cluster(
                      "other",
                      cluster -> cluster.endpoint("http://" + other.authority()).http2Only())
                  .route("/other", "other"));
      assertEquals("first", client().exchange(get("/", "a")).text());
      assertEquals("other", client().exchange(get("/other", "a")).text());
      assertTrue(gone.await(10, TimeUnit.SECONDS));
      assertEquals("other", client().exchange(get("/other", "a")).text());
      assertEquals(1, other.connections());
    }
  }

  @Test
  void aConnectionThatIsOldEndsWhatItHasBegunAndGetsNothingNew() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              h2.answerAll("old");
              gone.countDown();
            }),
        Http2Origin.answering("new"));
    start(builder -> builder.upstreamMaxAge(Duration.ofMillis(500)));
    RawClient slow = client();
    slow.send(head("POST / HTTP/1.1", "Host: a", "Content-Length: 1"));
    origin.connection(0);
    RawClient other = client();
    String answer = other.exchange(get("/", "a")).text();
    while (answer.equals("old")) {
      answer = other.exchange(get("/", "a")).text();
    }
    assertEquals("new", answer);
    slow.send("x");
    assertEquals("old", slow.readResponse().text());
    assertTrue(gone.await(10, TimeUnit.SECONDS));
  }

  @Test
  void aServerWithoutHttp2IsSaidSo() throws Exception {
    origin.onConnection(
        connection -> {
          connection.readText(24);
          connection.send("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        });
    start(builder -> {});
    RawResponse response = client().exchange(get("/", "a"));
    assertFailure(502, "http_protocol_error", response);
    assertTrue(response.text().contains("does not speak HTTP/2"), response::text);
  }

  @Test
  void aServerThatNeverSaysItsSettingsIsNotWaitedForLong() throws Exception {
    origin.onConnection(connection -> connection.awaitClose());
    start(builder -> builder.connectTimeout(Duration.ofMillis(300)));
    RawClient first = client();
    RawClient second = client();
    first.send(get("/", "a"));
    second.send(get("/", "a"));
    assertFailure(504, "connection_timeout", first.readResponse());
    assertFailure(504, "connection_timeout", second.readResponse());
  }

  @Test
  void anUpgradeIsNotAskedOfAServerThatTakesNone() throws Exception {
    origin.onConnection(Http2Origin.answering("no"));
    start(builder -> {});
    RawResponse response =
        client()
            .exchange(
                head(
                    "GET / HTTP/1.1",
                    "Host: a",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
    assertFailure(502, "http_upgrade_failed", response);
  }

  // ---- TLS

  private void startTls(Consumer<ClusterBuilder> http, String protocol) throws Exception {
    origin.close();
    origin = OriginServer.startTls(Tls.server(), protocol);
    startTlsTo(http);
  }

  private void startTlsTo(Consumer<ClusterBuilder> http) {
    proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .upstreamTls(Tls.client())
            .cluster(
                "app",
                cluster -> http.accept(cluster.endpoint("https://localhost:" + origin.port())))
            .route("/**", "app")
            .start();
  }

  @Test
  void aServerThatChoosesHttp2InTheHandshakeIsSpokenToInIt() throws Exception {
    startTls(ClusterBuilder::http2, "h2");
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              Frame request = h2.request();
              assertEquals("https", request.field(":scheme"));
              h2.respond(request.stream(), "2");
              awaitEnd(h2);
            }));
    assertEquals("2", client().exchange(get("/", "a")).text());
  }

  @Test
  void aServerThatDoesNotIsSpokenToInHttp1() throws Exception {
    startTls(ClusterBuilder::http2, "");
    origin.respond(ok("1"));
    RawClient client = client();
    assertEquals("1", client.exchange(get("/", "a")).text());
    assertEquals("1", client.exchange(get("/", "a")).text());
    assertEquals(1, origin.connections());
  }

  @Test
  void aServerThatDoesNotIsAFailureIfItMust() throws Exception {
    startTls(ClusterBuilder::http2Only, "");
    assertFailure(502, "tls_protocol_error", client().exchange(get("/", "a")));
  }

  @ParameterizedTest(name = "of the whole connection: {0}")
  @ValueSource(booleans = {false, true})
  void aServerThatRequiresHttp1IsAskedAgainInIt(boolean whole) throws Exception {
    startTls(ClusterBuilder::http2, "h2");
    origin.onConnection(
        Http2Origin.script(
            h2 -> {
              int stream = h2.request().stream();
              h2.content(stream);
              if (whole) {
                h2.goAway(0, HTTP_1_1_REQUIRED);
              } else {
                h2.reset(stream, HTTP_1_1_REQUIRED);
              }
              awaitEnd(h2);
            }),
        connection -> {
          connection.readHead();
          assertEquals("abc", connection.readBodyText());
          connection.send(ok("first"));
          connection.readHead();
          connection.send(ok("second"));
          connection.awaitClose();
        });
    RawClient client = client();
    RawResponse response =
        client.exchange(head("POST / HTTP/1.1", "Host: a", "Content-Length: 3") + "abc");
    assertEquals("first", response.text());
    assertEquals("second", client.exchange(get("/", "a")).text());
    assertEquals(2, origin.connections());
  }

  @Test
  void aServerThatRequiresHttp1WhereThereIsNoneIsABadGateway() throws Exception {
    serve(
        h2 -> {
          h2.reset(h2.request().stream(), HTTP_1_1_REQUIRED);
          awaitEnd(h2);
        });
    RawResponse response = client().exchange(get("/", "a"));
    assertFailure(502, "http_protocol_error", response);
    assertTrue(response.text().contains("HTTP_1_1_REQUIRED"), response::text);
  }

  @Test
  void aServerThatDemandsACertificateHasRefusedTheHandshake() throws Exception {
    OriginServer demanding =
        OriginServer.startTls(
            Tls.serverOfItself(),
            socket -> {
              socket.setNeedClientAuth(true);
              socket.setHandshakeApplicationProtocolSelector((with, offered) -> "h2");
            });
    origin.close();
    origin = demanding;
    startTlsTo(ClusterBuilder::http2);
    assertFailure(502, "tls_alert_received", client().exchange(get("/", "a")));
  }

  @Test
  void anUpgradeHasAConnectionOfItsOwnInHttp1() throws Exception {
    startTls(ClusterBuilder::http2, "h2");
    origin.onRequest(
        connection ->
            connection.send(
                head(
                    "HTTP/1.1 101 Switching Protocols",
                    "Upgrade: websocket",
                    "Connection: Upgrade")));
    RawResponse response =
        client()
            .exchange(
                head("GET / HTTP/1.1", "Host: a", "Upgrade: websocket", "Connection: Upgrade"));
    assertEquals(101, response.status());
  }

  @Test
  void probesGoOverHttp2() throws Exception {
    origin.onConnection(Http2Origin.answering("fine"));
    proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .cluster(
                "app",
                cluster ->
                    cluster
                        .endpoint("http://" + origin.authority())
                        .http2Only()
                        .health(
                            health ->
                                health.check(
                                    "/health", check -> check.content("fine").waitForFirst())))
            .route("/**", "app")
            .start();
    assertEquals("fine", client().exchange(get("/", "a")).text());
  }
}
