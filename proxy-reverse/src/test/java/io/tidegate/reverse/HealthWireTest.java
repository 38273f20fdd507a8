package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.reverse.cluster.ClusterEvent;
import io.tidegate.reverse.cluster.ClusterEvent.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints that are probed, and endpoints that fail, on the wire. */
class HealthWireTest {
  private static final Duration SOON = Duration.ofMillis(50);

  @RegisterExtension private final Opened opened = new Opened();
  private final BlockingQueue<ClusterEvent> events = new LinkedBlockingQueue<>();
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.origin();
  }

  private static String uri(OriginServer origin) {
    return "http://" + origin.authority();
  }

  private int start(Consumer<ClusterBuilder> cluster) {
    ReverseProxy proxy =
        opened.push(
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .ioThreads(1)
                .cluster("app", cluster)
                .route("/**", "app")
                .clusterListener(events::add)
                .start());
    return proxy.address().getPort();
  }

  /** A proxy for the origin, which is asked often for {@code /health}. */
  private int probing(Consumer<HealthCheckBuilder> details) {
    return start(
        cluster ->
            cluster
                .endpoint(uri(origin))
                .health(
                    health ->
                        health
                            .panicBelow(0)
                            .check(
                                "/health",
                                check -> details.accept(check.interval(SOON).rise(1).fall(1)))));
  }

  private ClusterEvent event(Kind kind) throws InterruptedException {
    ClusterEvent event = events.poll(20, TimeUnit.SECONDS);
    assertNotNull(event, () -> "no " + kind);
    assertEquals(kind, event.kind(), event::toString);
    return event;
  }

  @Test
  void aProbeAsksOnAConnectionOfItsOwn() throws Exception {
    probing(check -> check.requestField("X-Probe", "yes"));
    origin.awaitHeads(3);
    RawHead probe = RawHead.parse(origin.heads().get(0));
    assertEquals("GET /health HTTP/1.1", probe.startLine());
    assertEquals(origin.authority(), probe.field("Host"));
    assertEquals("yes", probe.field("X-Probe"));
    assertEquals("close", probe.field("Connection"));
    assertTrue(origin.connections() >= 3);
    assertNull(events.poll());
  }

  @Test
  void anotherPortAndHostAreAsked() throws Exception {
    OriginServer other = opened.origin();
    probing(check -> check.port(other.port()).host("internal.example").head());
    other.awaitHeads(1);
    assertEquals("HEAD /health HTTP/1.1", other.lastRequest().startLine());
    assertEquals("internal.example", other.lastRequest().field("Host"));
    assertEquals(0, origin.connections());
  }

  @ParameterizedTest
  @CsvSource({"500, 0, 0", "404, 0, 0", "200, 204, 299", "301, 200, 299"})
  void anEndpointWithAnotherStatusIsDown(int status, int from, int to) throws Exception {
    origin.respond(head("HTTP/1.1 " + status + " x", "Content-Length: 0"));
    int port = probing(check -> (from == 0 ? check : check.statuses(from, to)).head());
    ClusterEvent down = event(Kind.DOWN);
    assertEquals("the probe failed: status " + status, down.detail());
    assertEquals(uri(origin), down.endpoint());
    assertEquals(503, RawClient.ask(port, get("/", "a")).status());
  }

  @Test
  void anEndpointThatIsFineAgainComesBack() throws Exception {
    String bad = head("HTTP/1.1 503 x", "Content-Length: 0");
    origin.respond(bad, bad, ok("fine"));
    int port = probing(check -> {});
    event(Kind.DOWN);
    event(Kind.UP);
    assertEquals("fine", RawClient.ask(port, get("/", "a")).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"all is well", "x all is well x"})
  void theContentIsLookedThrough(String content) throws Exception {
    origin.respond(ok("broken"), ok(content));
    probing(check -> check.content("all is well"));
    assertEquals("the probe failed: the content is not as expected", event(Kind.DOWN).detail());
    event(Kind.UP);
  }

  @Test
  void contentBeyondTheBoundIsNotReadAndNotWaitedFor() throws Exception {
    String long64 = "x".repeat(64 << 10);
    origin.onRequest(
        c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 9999999") + long64 + "well"));
    probing(check -> check.content("well").timeout(Duration.ofSeconds(10)));
    assertEquals("the probe failed: the content is not as expected", event(Kind.DOWN).detail());
  }

  @Test
  void anEndpointThatRefusesTheConnectionIsDown() throws Exception {
    int unused = OriginServer.unusedPort();
    probing(check -> check.port(unused));
    assertEquals("the probe failed: connection_refused", event(Kind.DOWN).detail());
  }

  @Test
  void anEndpointThatDoesNotAnswerInTimeIsDown() throws Exception {
    origin.onRequest(c -> c.awaitClose());
    probing(check -> check.timeout(Duration.ofMillis(200)));
    assertEquals("the probe failed: http_response_timeout", event(Kind.DOWN).detail());
  }

  @Test
  void anEndpointThatAnswersNonsenseIsDown() throws Exception {
    origin.respond("nonsense\r\n\r\n");
    probing(check -> {});
    assertEquals("the probe failed: http_protocol_error", event(Kind.DOWN).detail());
  }

  @Test
  void anEndpointThatHasToWaitForItsFirstProbeGetsNoRequestsBefore() throws Exception {
    OriginServer other = opened.origin();
    other.onRequest(c -> c.awaitClose());
    int port =
        start(
            cluster ->
                cluster
                    .endpoint(uri(origin))
                    .endpoint(uri(other))
                    .health(
                        health ->
                            health.panicBelow(0).check("/h", HealthCheckBuilder::waitForFirst)));
    assertEquals(uri(origin), event(Kind.UP).endpoint());
    for (int i = 0; i < 4; i++) {
      assertEquals("ok", RawClient.ask(port, get("/", "a")).text());
    }
  }

  @Test
  void withAllEndpointsDownAllAreUsed() throws Exception {
    origin.respond(head("HTTP/1.1 503 x", "Content-Length: 0"));
    int port =
        start(
            cluster ->
                cluster
                    .endpoint(uri(origin))
                    .health(h -> h.check("/h", check -> check.interval(SOON))));
    event(Kind.DOWN);
    assertEquals("0 of 1 endpoints are available", event(Kind.PANIC_BEGAN).detail());
    int before = origin.heads().size();
    RawClient.ask(port, get("/asked", "a"));
    assertTrue(origin.heads().stream().skip(before).anyMatch(one -> one.startsWith("GET /asked ")));
  }

  @Test
  void anEndpointThatFailsRequestsGetsNoneForAWhile() throws Exception {
    String bad = head("HTTP/1.1 502 x", "Content-Length: 0");
    OriginServer other = opened.origin();
    origin.respond(bad);
    int port =
        start(
            cluster ->
                cluster
                    .endpoint(uri(origin))
                    .endpoint(uri(other))
                    .loadBalancer(LoadBalancers.roundRobin())
                    .health(health -> health.ejection(when -> when.consecutiveFailures(2))));
    try (RawClient client = RawClient.connect(port)) {
      for (int i = 0; i < 4; i++) {
        client.exchange(get("/", "a"));
      }
      assertEquals("2 failures in a row, the last: status 502", event(Kind.EJECTED).detail());
      for (int i = 0; i < 4; i++) {
        assertEquals("ok", client.exchange(get("/", "a")).text());
      }
    }
    assertEquals(2, origin.heads().size());
  }

  @Test
  void anEjectedEndpointComesBackOnTrial() throws Exception {
    String bad = head("HTTP/1.1 500 x", "Content-Length: 0");
    OriginServer other = opened.origin();
    origin.respond(bad, ok("back"));
    int port =
        start(
            cluster ->
                cluster
                    .endpoint(uri(origin))
                    .endpoint(uri(other))
                    .loadBalancer((candidates, random) -> 0)
                    .health(
                        health -> health.ejection(when -> when.consecutiveFailures(1).base(SOON))));
    assertEquals(500, RawClient.ask(port, get("/", "a")).status());
    event(Kind.EJECTED);
    event(Kind.RETURNED);
    assertEquals("back", RawClient.ask(port, get("/", "a")).text());
  }
}
