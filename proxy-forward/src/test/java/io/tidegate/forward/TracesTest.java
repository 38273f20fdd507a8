package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.forward.privacy.Anonymity;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What upstreams of a forward proxy learn of traces, and what is observed of tunnels. */
class TracesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  private final BlockingQueue<Observation.Context> stopped = new LinkedBlockingQueue<>();
  private OriginServer origin;

  @BeforeEach
  void start() throws Exception {
    origin = OriginServer.start();
  }

  @AfterEach
  void stop() throws Exception {
    origin.close();
  }

  private Proxy proxy(Consumer<ForwardProxy.Builder> more) {
    ForwardProxy.Builder builder =
        ForwardProxy.builder().listen("127.0.0.1", 0).ioThreads(1).allowPrivateDestinations();
    more.accept(builder);
    return builder.start();
  }

  private RawHead asked(Consumer<ForwardProxy.Builder> more) throws Exception {
    origin.respond(ok("1"));
    try (Proxy proxy = proxy(more)) {
      String asking =
          head(
              "GET http://" + origin.authority() + "/ HTTP/1.1",
              "Host: " + origin.authority(),
              "traceparent: 00-" + TRACE + "-" + PARENT + "-01",
              "tracestate: a=1");
      assertEquals(200, RawClient.ask(proxy.address().getPort(), asking).status());
    }
    return origin.lastRequest();
  }

  @ParameterizedTest
  @EnumSource(Anonymity.class)
  void aTraceThatIsContinuedIsToldAtEveryLevelOfAnonymity(Anonymity level) throws Exception {
    RawHead sent = asked(b -> b.anonymity(level).tracing(t -> t.continued()));
    String[] told = String.valueOf(sent.field("traceparent")).split("-");
    assertEquals(TRACE, told[1]);
    assertNotEquals(PARENT, told[2]);
    assertEquals("a=1", sent.field("tracestate"));
  }

  @ParameterizedTest
  @EnumSource(Anonymity.class)
  void aTraceThatIsBegunAnewTellsNothingOfTheClients(Anonymity level) throws Exception {
    RawHead sent = asked(b -> b.anonymity(level).tracing(t -> t.restarted()));
    assertNotNull(sent.field("traceparent"));
    assertFalse(sent.field("traceparent").contains(TRACE));
    assertNull(sent.field("tracestate"));
  }

  @ParameterizedTest
  @EnumSource(Anonymity.class)
  void whatIsRemovedIsNotToldAtAnyLevel(Anonymity level) throws Exception {
    RawHead sent =
        asked(
            b ->
                b.anonymity(level)
                    .tracing(t -> t.continued())
                    .removeRequestField("traceparent")
                    .removeRequestField("tracestate"));
    assertNull(sent.field("traceparent"));
    assertNull(sent.field("tracestate"));
  }

  private Proxy observed() {
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<>() {
              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }

              @Override
              public void onStop(Observation.Context context) {
                stopped.add(context);
              }
            });
    return proxy(b -> b.observation(registry).connectPorts(origin.port()));
  }

  private Observation.Context next() throws InterruptedException {
    Observation.Context next = stopped.poll(Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    assertNotNull(next, "still waiting");
    return next;
  }

  @Test
  void ofConnectTheOpeningOfTheTunnelIsObserved() throws Exception {
    origin.onConnection(c -> assertEquals("ping", c.readText(4)));
    try (Proxy proxy = observed();
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      String to = origin.authority();
      client.send(head("CONNECT " + to + " HTTP/1.1", "Host: " + to));
      assertTrue(client.readHead().startsWith("HTTP/1.1 200"));
      Observation.Context attempt = next();
      Observation.Context request = next();
      assertEquals("http.client.request", attempt.getName());
      assertEquals("http.server.request", request.getName());
      assertEquals("CONNECT", request.getContextualName());
      assertEquals("2xx", low(request, "http.response.status_class"));
      assertNull(request.getHighCardinalityKeyValue("url.path"));
      client.send("ping");
      assertTrue(client.atEnd());
    }
    assertTrue(stopped.isEmpty());
  }

  @Test
  void aTunnelThatCannotBeOpenedIsAnError() throws Exception {
    String to = origin.authority();
    try (Proxy proxy = observed()) {
      origin.close();
      String asking = head("CONNECT " + to + " HTTP/1.1", "Host: " + to);
      assertEquals(502, RawClient.ask(proxy.address().getPort(), asking).status());
      assertEquals("connection_refused", low(next(), "error.type"));
      Observation.Context request = next();
      assertEquals("connection_refused", low(request, "error.type"));
      assertNotNull(request.getError());
    }
  }

  private static String low(Observation.Context context, String key) {
    return context.getLowCardinalityKeyValue(key).getValue();
  }
}
