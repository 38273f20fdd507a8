package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.TracingBuilder;
import io.tidegate.core.http.TraceContext;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The part a proxy has in the traces of its clients (W3C Trace Context). */
public abstract class TracingSuite extends ProxyWireSuite {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String TRACEPARENT = "traceparent: 00-" + TRACE + "-" + PARENT + "-01";

  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

  /** The suite for one direction. */
  protected TracingSuite(Side side) {
    super(side);
  }

  private void startTracing(Consumer<TracingBuilder> tracing) {
    start(p -> p.tracing(tracing).listener(onCompleting(outcomes)));
  }

  private RawHead asked(String... fields) throws Exception {
    origin().respond(ok("1"));
    assertAnswer("1", ask(request("GET", "/", fields)));
    return origin().lastRequest();
  }

  private static String[] parts(RawHead head) {
    String traceparent = head.field("traceparent");
    assertNotNull(traceparent);
    assertTrue(
        traceparent.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]"), () -> "sent: " + traceparent);
    return traceparent.split("-");
  }

  @Test
  void whatTheClientSaysGoesOnUnlessSaidOtherwise() throws Exception {
    RawHead sent = asked("TraceParent: nonsense", "tracestate: a=1");
    assertEquals("nonsense", sent.field("TraceParent"));
    assertEquals("a=1", sent.field("tracestate"));
    assertNull(asked().field("traceparent"));
  }

  @Test
  void aTraceIsContinuedWithAnIdOfOurs() throws Exception {
    startTracing(TracingBuilder::continued);
    RawHead sent = asked(TRACEPARENT, "tracestate: a=1", "tracestate: b=2");
    String[] parts = parts(sent);
    assertEquals(TRACE, parts[1]);
    assertNotEquals(PARENT, parts[2]);
    assertEquals("01", parts[3]);
    assertEquals(List.of("a=1", "b=2"), sent.all("tracestate"));
    TraceContext told = next(outcomes).traceContext();
    assertNotNull(told);
    assertEquals(sent.field("traceparent"), told.traceparent());
    assertEquals("a=1,b=2", told.state());
  }

  @Test
  void aTraceThatIsNotRecordedStaysSo() throws Exception {
    startTracing(TracingBuilder::continued);
    String[] parts = parts(asked("traceparent: 00-" + TRACE + "-" + PARENT + "-00"));
    assertEquals(TRACE, parts[1]);
    assertEquals("00", parts[3]);
  }

  @Test
  void whereThereIsNoTraceOneIsBegun() throws Exception {
    startTracing(TracingBuilder::continued);
    String[] first = parts(asked());
    String[] second = parts(asked("traceparent: 00-nonsense", "tracestate: a=1"));
    assertNotEquals(first[1], second[1]);
    assertEquals("01", first[3]);
    assertNull(origin().lastRequest().field("tracestate"));
  }

  @Test
  void anInvalidTracestateIsDropped() throws Exception {
    startTracing(TracingBuilder::continued);
    RawHead sent = asked(TRACEPARENT, "tracestate: A=1");
    assertEquals(TRACE, parts(sent)[1]);
    assertNull(sent.field("tracestate"));
  }

  @Test
  void aTraceIsBegunAnewForThoseWhoAreNotTrusted() throws Exception {
    startTracing(t -> t.restarted("192.0.2.0/24").sampledShare(0));
    RawHead sent = asked(TRACEPARENT, "tracestate: a=1");
    String[] parts = parts(sent);
    assertNotEquals(TRACE, parts[1]);
    assertEquals("00", parts[3]);
    assertNull(sent.field("tracestate"));
  }

  @Test
  void aTraceOfThoseWhoAreTrustedIsContinued() throws Exception {
    startTracing(t -> t.restarted("127.0.0.0/8"));
    assertEquals(TRACE, parts(asked(TRACEPARENT))[1]);
  }

  @Test
  void rulesAboutFieldsComeAfter() throws Exception {
    start(p -> p.tracing(TracingBuilder::continued).removeRequestField("traceparent"));
    assertNull(asked(TRACEPARENT).field("traceparent"));
  }

  @Test
  void listenersAreToldOfATraceThatGoesOn() throws Exception {
    start(p -> p.listener(onCompleting(outcomes)));
    asked(TRACEPARENT);
    TraceContext told = next(outcomes).traceContext();
    assertEquals(new TraceContext(TRACE, PARENT, true, ""), told);
    asked();
    assertNull(next(outcomes).traceContext());
  }
}
