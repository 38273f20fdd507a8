package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.core.testkit.ObservationRecorder.detail;
import static io.tidegate.core.testkit.ObservationRecorder.keys;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.transport.RequestReplyReceiverContext;
import io.micrometer.observation.transport.RequestReplySenderContext;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.TracingBuilder;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Exchanges and their attempts as observations of Micrometer. */
public abstract class ObservationSuite extends ProxyWireSuite {
  private static final String REQUEST = "http.server.request";
  private static final String ATTEMPT = "http.client.request";
  private static final String CLIENTS = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final ObservationRecorder seen = new ObservationRecorder();
  private final ObservationRegistry registry = ObservationRegistry.create();
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

  /** The suite for one direction. */
  protected ObservationSuite(Side side) {
    super(side);
  }

  private void startObserved(Consumer<ProxyBuilder<?>> more) {
    registry.observationConfig().observationHandler(seen);
    start(
        p -> {
          p.observation(registry).listener(onCompleting(outcomes));
          more.accept(p);
        });
  }

  /** The next one that stops. */
  private Observation.Context stopped(String name) throws Exception {
    Observation.Context next = next(seen.stopped);
    assertEquals(name, next.getName());
    return next;
  }

  private void assertNoneLeft() {
    assertEquals(List.of(), List.copyOf(seen.stopped));
    assertEquals(0, seen.scopes.get());
  }

  private static void assertChild(Observation.Context parent, Observation.Context child) {
    ObservationView above = child.getParentObservation();
    assertNotNull(above);
    assertSame(parent, above.getContextView());
  }

  @Test
  void aRequestAndBelowItItsAttemptAreObserved() throws Exception {
    startObserved(p -> {});
    origin().respond(ok("1"));
    assertAnswer("1", ask(get("/a?secret")));
    Observation.Context attempt = stopped(ATTEMPT);
    Observation.Context request = stopped(REQUEST);
    assertChild(request, attempt);
    assertNull(request.getParentObservation());
    assertEquals(
        Set.of("error.type=none", "http.request.method=GET", "http.response.status_class=2xx"),
        keys(attempt));
    assertEquals(
        Set.of(
            "cache=none",
            "error.type=none",
            "http.request.method=GET",
            "http.response.status_class=2xx"),
        keys(request));
    assertEquals("200", detail(request, "http.response.status_code"));
    assertEquals("/a", detail(request, "url.path"));
    assertEquals("http", detail(request, "url.scheme"));
    assertEquals("127.0.0.1", detail(request, "server.address"));
    assertEquals("200", detail(attempt, "http.response.status_code"));
    assertTrue(detail(attempt, "endpoint").contains(origin().authority()));
    assertEquals("GET", attempt.getContextualName());
    assertTrue(request.getContextualName().startsWith("GET"), request.getContextualName());
    assertNull(request.getError());
    assertNoneLeft();
  }

  @Test
  void theClientsTraceIsReadAndOursIsTold() throws Exception {
    startObserved(p -> {});
    origin().respond(ok("1"));
    ask(request("GET", "/", "traceparent: " + CLIENTS, "tracestate: a=1"));
    stopped(ATTEMPT);
    assertEquals(CLIENTS, ObservationRecorder.said(stopped(REQUEST), "TraceParent"));
    String ours = ObservationRecorder.TRACEPARENT.formatted(1);
    assertEquals(List.of(ours), origin().lastRequest().all("traceparent"));
    assertNull(origin().lastRequest().field("tracestate"));
    assertEquals(ours, next(outcomes).traceContext().traceparent());
  }

  @Test
  void whatAnObservationTellsStandsInPlaceOfWhatWeWouldTell() throws Exception {
    startObserved(p -> p.tracing(TracingBuilder::continued));
    origin().respond(ok("1"));
    ask(request("GET", "/", "traceparent: " + CLIENTS));
    String ours = ObservationRecorder.TRACEPARENT.formatted(1);
    assertEquals(List.of(ours), origin().lastRequest().all("traceparent"));
  }

  @Test
  void theTraceOfThoseWhoAreNotTrustedIsNotRead() throws Exception {
    startObserved(p -> p.tracing(t -> t.restarted("192.0.2.0/24")));
    origin().respond(ok("1"));
    ask(request("GET", "/", "traceparent: " + CLIENTS));
    stopped(ATTEMPT);
    assertNull(ObservationRecorder.said(stopped(REQUEST), "traceparent"));
  }

  @Test
  void rulesAboutFieldsComeAfter() throws Exception {
    startObserved(p -> p.removeRequestField("traceparent"));
    origin().respond(ok("1"));
    ask(get("/"));
    assertNull(origin().lastRequest().field("traceparent"));
  }

  @Test
  void whereNothingHandlesObservationsFieldsStayAsTheyCame() throws Exception {
    start(p -> p.observation(registry));
    origin().respond(ok("1"));
    assertAnswer("1", ask(request("GET", "/", "traceparent: " + CLIENTS, "tracestate: a=1")));
    assertEquals(CLIENTS, origin().lastRequest().field("traceparent"));
    assertEquals("a=1", origin().lastRequest().field("tracestate"));
  }

  @Test
  void eachAttemptIsObserved() throws Exception {
    startObserved(p -> {});
    origin().onRequest(c -> c.send(ok("1")), OriginConnection::close, c -> c.send(ok("2")));
    RawClient client = client();
    assertAnswer("1", client.exchange(get("/")));
    stopped(ATTEMPT);
    stopped(REQUEST);
    assertAnswer("2", client.exchange(get("/")));
    Observation.Context failed = stopped(ATTEMPT);
    Observation.Context good = stopped(ATTEMPT);
    Observation.Context request = stopped(REQUEST);
    assertChild(request, failed);
    assertChild(request, good);
    assertEquals(
        Set.of(
            "error.type=connection_terminated",
            "http.request.method=GET",
            "http.response.status_class=none"),
        keys(failed));
    assertNotNull(failed.getError());
    assertNull(good.getError());
    assertNull(request.getError());
    assertEquals(
        ObservationRecorder.TRACEPARENT.formatted(3), origin().lastRequest().field("traceparent"));
    assertNoneLeft();
  }

  @Test
  void whatIsStoredNeedsNoAttempt() throws Exception {
    startObserved(p -> p.cache(rules -> {}));
    origin().respond("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nhi");
    ask(get("/"));
    stopped(ATTEMPT);
    assertTrue(keys(stopped(REQUEST)).contains("cache=uri-miss"));
    ask(get("/"));
    assertTrue(keys(stopped(REQUEST)).contains("cache=hit"));
    assertNoneLeft();
  }

  @Test
  void whatFailsIsToldAsAnError() throws Exception {
    startObserved(p -> {});
    origin().close();
    assertFailure(502, "connection_refused", ask(get("/")));
    for (Observation.Context each : List.of(stopped(ATTEMPT), stopped(REQUEST))) {
      assertEquals("connection_refused: the connection was refused", each.getError().getMessage());
      assertTrue(keys(each).contains("error.type=connection_refused"));
    }
    assertNoneLeft();
  }

  @Test
  void aClientThatGoesAwayEndsWhatIsObserved() throws Exception {
    startObserved(p -> {});
    Semaphore asked = new Semaphore(0);
    origin()
        .onRequest(
            c -> {
              asked.release();
              c.awaitClose();
            });
    RawClient client = client();
    client.send(get("/"));
    acquire(asked, 1);
    client.reset();
    Observation.Context attempt = stopped(ATTEMPT);
    assertEquals(
        Set.of("error.type=none", "http.request.method=GET", "http.response.status_class=none"),
        keys(attempt));
    Observation.Context request = stopped(REQUEST);
    assertNull(request.getError());
    assertTrue(keys(request).contains("error.type=http_request_error"));
    assertNull(detail(request, "http.response.status_code"));
    assertNoneLeft();
  }

  @Test
  void ofATunnelItsOpeningIsObserved() throws Exception {
    startObserved(p -> {});
    origin()
        .onRequest(
            c -> {
              c.send(
                  head(
                      "HTTP/1.1 101 Switching Protocols",
                      "Upgrade: websocket",
                      "Connection: Upgrade",
                      "Sec-WebSocket-Accept: x"));
              assertTrue(c.atEnd());
            });
    RawClient client = client();
    client.send(
        request("GET", "/", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: k"));
    assertTrue(client.readHead().startsWith("HTTP/1.1 101"));
    stopped(ATTEMPT);
    assertTrue(keys(stopped(REQUEST)).contains("http.response.status_class=1xx"));
    assertEquals(0, outcomes.size()); // the tunnel stands
    client.halfClose();
    assertEquals(Stage.TUNNEL, next(outcomes).stage());
    assertNoneLeft();
  }

  @Test
  void whatIsNoRequestIsNotObserved() throws Exception {
    startObserved(p -> {});
    assertEquals(400, ask(request("GET", "/", "Content-Length: x")).status());
    next(outcomes);
    assertEquals(List.of(), List.copyOf(seen.started));
  }

  @Test
  void whatThrowsHarmsNoExchange() throws Exception {
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<>() {
              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }

              @Override
              public void onStart(Observation.Context context) {
                if (context.getName().equals(ATTEMPT)) {
                  throw new NoClassDefFoundError("at the start");
                }
              }

              @Override
              public void onStop(Observation.Context context) {
                throw new NoClassDefFoundError("at the end");
              }
            });
    start(p -> p.observation(registry).listener(onCompleting(outcomes)));
    origin().respond(ok("1"));
    assertAnswer("1", ask(get("/")));
    assertNull(next(outcomes).failure());
  }

  @Test
  void whoTracesIsToldTheStatusAndWhoWasAsked() throws Exception {
    startObserved(p -> {});
    origin().respond(head("HTTP/1.1 404 Not Found", "Content-Length: 0"));
    ask(get("/"));
    var attempt = (RequestReplySenderContext<?, ?>) stopped(ATTEMPT);
    assertEquals(404, attempt.getResponse());
    String service = attempt.getRemoteServiceName();
    assertEquals(
        KeyValue.of("cluster", service == null ? "none" : service),
        attempt.getLowCardinalityKeyValue("cluster"));
    assertEquals(404, ((RequestReplyReceiverContext<?, ?>) stopped(REQUEST)).getResponse());
  }

  @Test
  void methodsThatClientsInventAreOne() throws Exception {
    startObserved(p -> {});
    origin().respond(ok("1"));
    ask(request("BREW", "/"));
    Observation.Context attempt = stopped(ATTEMPT);
    assertTrue(keys(attempt).contains("http.request.method=_OTHER"));
    assertEquals("HTTP", attempt.getContextualName());
  }

  /** Whatever becomes of exchanges, and of the proxy in the midst of them. */
  @Test
  void whatIsBegunEnds() throws Exception {
    startObserved(
        p ->
            p.responseTimeout(SHORT)
                .cache(rules -> {})
                .maxBodyBytes(1000)
                .upstreamIdleTimeout(Duration.ofSeconds(1)));
    Random chance = new Random(11);
    Random ofOrigin = new Random(12);
    origin()
        .onRequest(
            c -> {
              try {
                answer(c, ofOrigin.nextInt(6));
              } catch (IOException e) {
                // whoever has asked is gone
              }
            });
    for (int i = 0; i < 100; i++) {
      try (RawClient client = client()) {
        client.send(question(chance.nextInt(5), i % 7));
        if (chance.nextInt(4) == 0) {
          client.reset();
        } else {
          client.awaitClose();
        }
      }
    }
    Semaphore asked = new Semaphore(0);
    origin()
        .onRequest(
            c -> {
              asked.release();
              c.awaitClose();
            });
    client().send(request("PUT", "/last", "Content-Length: 0"));
    acquire(asked, 1);
    proxy().close();
    assertTrue(seen.started.size() > 100, () -> seen.started.size() + " begun");
    assertEquals(seen.started.size(), seen.stopped.size());
    assertEquals(Set.copyOf(seen.started), Set.copyOf(seen.stopped));
    assertEquals(0, seen.scopes.get());
  }

  private static void answer(OriginConnection connection, int kind) throws IOException {
    switch (kind) {
      case 0 -> connection.send(ok("1"));
      case 1 ->
          connection.send(
              head("HTTP/1.1 200 OK", "Cache-Control: max-age=60", "Content-Length: 0"));
      case 2 -> connection.send("no HTTP\r\n\r\n");
      case 3 -> connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut");
      case 4 -> connection.awaitClose();
      default -> connection.send(head("HTTP/1.1 503 Service Unavailable", "Content-Length: 0"));
    }
    connection.close();
  }

  private String question(int kind, int number) {
    String path = "/" + number;
    String close = "Connection: close";
    return switch (kind) {
      case 0 -> request("GET", path, close);
      case 1 -> request("POST", path, close, "Content-Length: 3") + "abc";
      case 2 -> request("POST", path, close, "Content-Length: 3000") + "abc";
      case 3 -> request("POST", path, close, "Transfer-Encoding: chunked") + "no chunk\r\n";
      default -> request("GET", path, close, "Content-Length: x");
    };
  }
}
