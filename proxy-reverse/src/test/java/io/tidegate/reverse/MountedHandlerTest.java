package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.BufferingBuilder;
import io.tidegate.core.Proxy;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.server.Listener;
import io.tidegate.core.server.MountedHandler;
import io.tidegate.core.server.RequestHandler;
import io.tidegate.core.server.RequestReceiver;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.core.testkit.RawResponse;
import io.undertow.Undertow;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpHandler;
import io.undertow.server.ServerConnection;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy mounted in an application's own Undertow. */
class MountedHandlerTest {
  private OriginServer origin;
  private Proxy proxy;
  private Undertow undertow;
  private RawClient client;

  @BeforeEach
  void mount() throws IOException {
    origin = OriginServer.start();
    proxy =
        ReverseProxy.builder()
            .viaName("gate")
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app")
            .build();
    serve(proxy.handler());
  }

  private void serve(HttpHandler handler) throws IOException {
    undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setIoThreads(1)
            .setWorkerThreads(2)
            .setHandler(handler)
            .build();
    undertow.start();
    client = RawClient.connect(port());
  }

  /** Has requests go to {@code requests} instead of the proxy. */
  private MountedHandler serve(Requests requests) throws IOException {
    client.close();
    undertow.stop();
    AtomicReference<IoLoop> loop = new AtomicReference<>();
    MountedHandler handler =
        new MountedHandler(
            thread -> {
              if (loop.get() == null) {
                loop.set(
                    new IoLoop(
                        thread,
                        InstantSource.system(),
                        System::nanoTime,
                        RandomGenerator.getDefault()));
              }
              return new Listener.Context(loop.get(), requests, Runnable::run);
            },
            new AtomicInteger(),
            () -> false);
    serve((HttpHandler) handler);
    return handler;
  }

  /** What a test does with requests; all of them are well-formed. */
  private interface Requests extends RequestHandler {
    @Override
    default Direction direction() {
      return Direction.REVERSE;
    }

    @Override
    default void refuse(ClientExchange exchange, Failure failure) {
      throw new AssertionError(failure);
    }
  }

  /** Counts how often it is told that the client has gone. */
  private static class Gone implements RequestReceiver {
    private final Semaphore told = new Semaphore(0);

    @Override
    public void content(ByteBuffer data) {
      data.position(data.limit());
    }

    @Override
    public void end(Fields trailers) {
      // the request is complete
    }

    @Override
    public void failed(Failure failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void gone() {
      told.release();
    }

    @Override
    public void drained() {
      // nothing waits
    }

    void awaitOnce() throws InterruptedException {
      assertTrue(told.tryAcquire(10, TimeUnit.SECONDS));
      assertFalse(told.tryAcquire(100, TimeUnit.MILLISECONDS));
    }
  }

  @AfterEach
  void unmount() throws Exception {
    client.close();
    proxy.close();
    undertow.stop();
    origin.close();
  }

  private int port() {
    var address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    return address.getPort();
  }

  private static String request(String method, String... fields) {
    return method + " /x HTTP/1.1\r\n" + head(lines("Host: a", fields));
  }

  private static String[] lines(String first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  private void remount(Consumer<BufferingBuilder> buffering) throws Exception {
    client.close();
    proxy.close();
    undertow.stop();
    proxy =
        ReverseProxy.builder()
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app")
            .buffering(buffering)
            .build();
    serve(proxy.handler());
  }

  @Test
  void itServesOneRequestAfterTheOther() throws Exception {
    for (int i = 0; i < 3; i++) {
      RawResponse response = client.exchange(get("/x?y=z", "a"));
      assertEquals("ok", response.text());
      assertEquals("1.1 gate", response.field("Via"));
    }
    assertEquals("GET /x?y=z HTTP/1.1", origin.lastRequest().startLine());
    assertEquals(1, origin.connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "chunked"})
  void itRelaysContentBothWays(String framing) throws Exception {
    byte[] content = new byte[1_500_000]; // Undertow takes 2 MiB unless told otherwise
    new Random(3).nextBytes(content);
    origin.onRequest(
        c -> {
          byte[] body = c.readBody();
          if (framing.equals("fixed")) {
            c.send(head("HTTP/1.1 200 OK", "Content-Length: " + body.length));
            c.send(body);
          } else {
            c.send(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"));
            c.send(Integer.toHexString(body.length) + "\r\n");
            c.send(body);
            c.send("\r\n0\r\n\r\n");
          }
        });
    if (framing.equals("fixed")) {
      client.send(request("POST", "Content-Length: " + content.length));
      client.send(content);
    } else {
      client.send(request("POST", "Transfer-Encoding: chunked"));
      client.send(Integer.toHexString(content.length) + "\r\n");
      client.send(content);
      client.send("\r\n0\r\n\r\n");
    }
    RawResponse response = client.readResponse();
    assertArrayEquals(content, response.body());
    assertTrue(response.complete());
  }

  @Test
  void itRefusesMoreContentThanTheListenerTakes() throws Exception {
    origin.onRequest(
        c -> {
          assertThrows(IOException.class, c::readBody);
          c.cut();
        });
    client.send(request("POST", "Content-Length: 3000000") + "some of it");
    assertEquals(413, client.readResponse().status());
  }

  @Test
  void failuresToHeadRequestsHaveNoBody() throws Exception {
    origin.close();
    assertEquals(502, client.exchange(request("HEAD")).status());
    assertEquals(502, client.exchange(request("HEAD")).status());
  }

  @Test
  void itRelaysSmallContentAndGoesOn() throws Exception {
    origin.onRequest(c -> c.send(ok(c.readBodyText())));
    for (int i = 0; i < 3; i++) {
      assertEquals("abc", client.exchange(request("POST", "Content-Length: 3") + "abc").text());
      String chunks = chunked("ab", "c");
      assertEquals(
          "abc", client.exchange(request("POST", "Transfer-Encoding: chunked") + chunks).text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "+3", "0x3", "3 3", "3g", ""})
  void itRefusesAChunkSizeThatIsNone(String size) throws Exception {
    origin.onRequest(
        c -> {
          assertThrows(IOException.class, c::readBody);
          c.cut();
        });
    String body = "1\r\na\r\n" + size + "\r\nabc\r\n0\r\n\r\n";
    RawResponse response = client.exchange(request("POST", "Transfer-Encoding: chunked") + body);
    assertEquals(400, response.status(), response::toString);
    assertTrue(client.atEnd());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked / Content-Length: 3",
        "Content-Length: 3 / Content-Length: 3",
        "Transfer-Encoding: gzip, chunked",
        "Host: b"
      })
  void itRefusesAmbiguousRequests(String fields) throws Exception {
    RawClient.ask(port(), get("/", "a")); // the listener works
    int before = origin.heads().size();
    RawResponse response =
        client.exchange(request("POST", fields.split(" / ")) + "3\r\nabc\r\n0\r\n\r\n");
    assertTrue(response.status() == 400 || response.status() == 501, response::toString);
    assertEquals(before, origin.heads().size());
  }

  @Test
  void itAnswersHeadWithoutABody() throws Exception {
    origin.respond(head("HTTP/1.1 200 OK", "Content-Length: 5"), ok("next"));
    RawResponse response = client.exchange(request("HEAD"));
    assertEquals("5", response.field("Content-Length"));
    assertEquals("next", client.exchange(get("/", "a")).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void itRelaysStatusesWithoutContent(String status) throws Exception {
    origin.respond(head("HTTP/1.1 " + status, "ETag: \"x\""), ok("next"));
    RawResponse response = client.exchange(get("/", "a"));
    assertEquals("HTTP/1.1 " + status, response.statusLine());
    assertEquals("\"x\"", response.field("ETag"));
    assertEquals("next", client.exchange(get("/", "a")).text());
  }

  @Test
  void itRelaysInterimResponses() throws Exception {
    origin.respond(head("HTTP/1.1 103 Early Hints", "Link: </a>") + ok("final"));
    RawResponse response = client.exchange(get("/", "a"));
    assertEquals("final", response.text());
    assertEquals("</a>", response.interim().get(0).field("Link"));
  }

  @Test
  void itTellsOfFailures() throws Exception {
    origin.close();
    RawResponse response = client.exchange(get("/", "a"));
    assertEquals(502, response.status());
    assertEquals("gate; error=connection_refused", response.field("Proxy-Status"));
  }

  @Test
  void itCutsWhatIsTruncated() throws Exception {
    origin.onRequest(
        c -> {
          c.send(head("HTTP/1.1 200 OK", "Content-Length: 10") + "abc");
          c.close();
        });
    RawResponse response = client.exchange(get("/", "a"));
    assertFalse(response.complete());
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0 / X-A: b", "HTTP/1.1 / Connection: close"})
  void whatIsTruncatedWithoutALengthEndsWithAReset(String request) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    origin.onRequest(
        c -> {
          c.send(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "3\r\nabc\r\n");
          assertTrue(begun.await(10, TimeUnit.SECONDS));
          c.close();
        });
    String[] parts = request.split(" / ");
    client.send("GET /x " + parts[0] + "\r\n" + head("Host: a", parts[1]));
    client.readHead();
    assertEquals("abc", client.readText(3));
    begun.countDown();
    assertTrue(client.atEnd());
    assertTrue(client.endedByReset());
  }

  @Test
  void aConnectionHasOneCloseListener() throws Exception {
    AtomicReference<ServerConnection> connection = new AtomicReference<>();
    HttpHandler handler = proxy.handler();
    client.close();
    undertow.stop();
    serve(
        exchange -> {
          connection.set(exchange.getConnection());
          handler.handleRequest(exchange);
        });
    client.exchange(get("/", "a"));
    int once = closeListeners(connection.get());
    for (int i = 0; i < 3; i++) {
      client.exchange(get("/", "a"));
    }
    assertEquals(once, closeListeners(connection.get()));
  }

  private static int closeListeners(ServerConnection connection) throws Exception {
    Field listeners = AbstractServerConnection.class.getDeclaredField("closeListeners");
    listeners.setAccessible(true);
    return ((Collection<?>) listeners.get(connection)).size();
  }

  @Test
  void whatIsThrownIsAnsweredWith500() throws Exception {
    Gone gone = new Gone();
    serve(
        (exchange, head) -> {
          exchange.attach(gone);
          throw new IllegalStateException("on purpose");
        });
    assertEquals(500, client.exchange(get("/", "a")).status());
    assertTrue(client.atEnd());
    gone.awaitOnce();
  }

  @Test
  void whatIsThrownInAResponseCutsIt() throws Exception {
    serve(
        (exchange, head) -> {
          exchange.attach(new Gone());
          exchange.respond(200, "OK", new FieldEdits(Fields.empty()), Framing.CHUNKED);
          throw new IllegalStateException("on purpose");
        });
    client.send(get("/", "a"));
    assertTrue(client.atEnd());
  }

  @ParameterizedTest
  @CsvSource({
    "content, 3, Content-Length: 3, abc",
    "content, 9, Content-Length: 9, abc",
    "content, -1, Transfer-Encoding: chunked, 3|abc|0||",
    "content, -1, Transfer-Encoding: chunked, 3|abc|",
    "end, 3, Content-Length: 3, abc",
    "end, -1, Transfer-Encoding: chunked, 3|abc|0||"
  })
  void whatIsThrownAsContentComesIsAnsweredWith500(
      String at, int length, String framing, String body) throws Exception {
    Gone gone =
        new Gone() {
          @Override
          public void content(ByteBuffer data) {
            super.content(data);
            failAt("content");
          }

          @Override
          public void end(Fields trailers) {
            failAt("end");
          }

          private void failAt(String point) {
            if (point.equals(at)) {
              throw new IllegalStateException("on purpose");
            }
          }
        };
    serve(
        (exchange, head) -> {
          exchange.attach(gone);
          exchange.receive(length < 0 ? Framing.CHUNKED : Framing.fixed(length));
        });
    client.send(request("POST", framing) + body.replace("|", "\r\n"));
    assertEquals(500, client.readResponse().status());
    assertTrue(client.atEnd());
    gone.awaitOnce();
  }

  @Test
  void whatIsThrownAsTheClientCatchesUpCutsItsResponse() throws Exception {
    Gone gone =
        new Gone() {
          @Override
          public void drained() {
            throw new IllegalStateException("on purpose");
          }
        };
    int length = 32 << 20; // more than a socket takes while nobody reads
    CountDownLatch written = new CountDownLatch(1);
    serve(
        (exchange, head) -> {
          exchange.attach(gone);
          exchange.receive(Framing.NONE);
          exchange
              .respond(200, "OK", new FieldEdits(Fields.empty()), Framing.fixed(length + 1))
              .write(ByteBuffer.allocate(length));
          written.countDown();
        });
    client.send(get("/", "a"));
    assertTrue(written.await(10, TimeUnit.SECONDS));
    RawResponse response = client.readResponse();
    assertFalse(response.complete());
    gone.awaitOnce();
  }

  @Test
  void itCutsWhatIsUnderWay() throws Exception {
    Gone gone = new Gone();
    CountDownLatch come = new CountDownLatch(1);
    MountedHandler handler =
        serve(
            (exchange, head) -> {
              exchange.attach(gone);
              come.countDown();
            });
    client.send(get("/", "a"));
    assertTrue(come.await(10, TimeUnit.SECONDS));
    handler.closeAll();
    gone.awaitOnce();
    assertTrue(client.atEnd());
    handler.closeAll();
    assertEquals(0, gone.told.availablePermits());
  }

  @Test
  void aClientThatLeavesBeforeItsTunnelOpensIsTold() throws Exception {
    Gone gone = new Gone();
    AtomicBoolean started = new AtomicBoolean();
    serve(
        (exchange, head) -> {
          exchange.attach(gone);
          exchange.receive(Framing.NONE);
          FieldEdits fields = new FieldEdits(Fields.empty());
          fields.add(FieldName.of("X-Long"), "x".repeat(32 << 20)); // more than a socket takes
          exchange.tunnel(
              101,
              "Switching Protocols",
              fields,
              (channel, early) -> {
                started.set(true);
                return () -> {};
              });
        });
    client.send(request("GET", "Upgrade: websocket", "Connection: Upgrade"));
    client.skip(1);
    client.reset();
    gone.awaitOnce();
    assertFalse(started.get());
  }

  @Test
  void itOpensAWebSocket() throws Exception {
    origin.onRequest(
        c -> {
          c.send(
              head(
                  "HTTP/1.1 101 Switching Protocols",
                  "Upgrade: websocket",
                  "Connection: Upgrade",
                  "Sec-WebSocket-Accept: x"));
          c.send(c.readText(5));
          assertTrue(c.atEnd());
        });
    client.send(request("GET", "Upgrade: websocket", "Connection: Upgrade"));
    RawHead response = RawHead.parse(client.readHead());
    assertEquals("HTTP/1.1 101 Switching Protocols", response.startLine());
    assertEquals("websocket", response.field("Upgrade"));
    assertEquals("x", response.field("Sec-WebSocket-Accept"));
    client.send("hello");
    assertEquals("hello", client.readText(5));
    client.halfClose();
    assertTrue(client.atEnd());
  }

  @Test
  void aClientThatLeavesCancelsTheUpstreamRequest() throws Exception {
    origin.onRequest(c -> c.awaitClose());
    client.send(request("POST", "Content-Length: 10") + "abc");
    origin.awaitHeads(1);
    client.reset();
    origin.connection(0).awaitEnded();
  }

  @Test
  void connectionSpecificFieldsEndHere() throws Exception {
    client.exchange(request("GET", "Connection: X-Mine", "X-Mine: 1", "Keep-Alive: 5"));
    assertNull(origin.lastRequest().field("X-Mine"));
    assertNull(origin.lastRequest().field("Keep-Alive"));
    assertNull(origin.lastRequest().field("Connection"));
  }

  @Test
  void theProxyMayBeClosedAfterTheServer() throws Exception {
    assertEquals("ok", client.exchange(get("/", "a")).text());
    undertow.stop();
    proxy.close();
    origin.connection(0).awaitEnded();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x"})
  void itPurgesWhatIsStored(String content) throws Exception {
    proxy.close();
    proxy =
        ReverseProxy.builder()
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app")
            .cache(rules -> rules.purgeFrom("127.0.0.1"))
            .build();
    client.close();
    undertow.stop();
    serve(proxy.handler());
    origin.respond(head("HTTP/1.1 200 OK", "Cache-Control: max-age=60", "Content-Length: 0"));
    client.exchange(request("GET"));
    String purge = request("PURGE", "Content-Length: " + content.length()) + content;
    assertEquals("{\"invalidated\":1}", client.exchange(purge).text());
    assertEquals("{\"invalidated\":0}", RawClient.ask(port(), request("PURGE")).text());
    assertEquals(1, origin.heads().size());
  }

  @Test
  void itBuffersRequests() throws Exception {
    remount(b -> b.requests());
    origin.onRequest(c -> c.send(ok(c.readBodyText())));
    client.send(request("POST", "Content-Length: 6") + "abc");
    RawClient.ask(port(), get("/y", "a"));
    assertEquals(1, origin.heads().size()); // the half request would have been the first
    client.send("def");
    assertEquals("abcdef", client.readResponse().text());
  }

  @Test
  void itBuffersResponses() throws Exception {
    remount(b -> b.responses());
    byte[] content = new byte[24 << 20]; // more than sockets hold back
    new Random(4).nextBytes(content);
    origin.onRequest(
        c -> {
          c.send(head("HTTP/1.1 200 OK", "Content-Length: " + content.length, "Connection: close"));
          c.send(content);
          c.awaitClose();
        });
    client.send(get("/x", "a"));
    origin.connection(0).awaitEnded(); // the proxy has all, and the client has read nothing
    assertArrayEquals(content, client.readResponse().body());
  }
}
