package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.ExchangeListener.Times;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What listeners are told about an exchange that has ended. */
class OutcomeTest {
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private OriginServer origin;
  private ReverseProxy proxy;

  @BeforeEach
  void start() throws Exception {
    origin = OriginServer.start();
    proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .cluster("shop", c -> c.endpoint("http://" + origin.authority()))
            .route("/shop/**", "shop")
            .cache(rules -> {})
            .listener(
                new ExchangeListener() {
                  @Override
                  public void completed(Outcome outcome) {
                    outcomes.add(outcome);
                  }
                })
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  private Outcome outcome(String path) throws Exception {
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
      client.readResponse();
      return outcomes.take();
    }
  }

  @Test
  void theRouteTheClusterAndTheTimesOfAResponseAreTold() throws Exception {
    origin.respond(ok("1"));
    Outcome told = outcome("/shop/1");
    assertEquals("/shop/**", told.route().name());
    assertEquals("shop", told.route().clusterName());
    assertEquals(1, told.attempts());
    assertEquals("uri-miss", told.cache());
    assertFalse(told.connectionReused());
    Times times = told.times();
    assertEquals(0, times.head());
    assertTrue(times.transfer() >= 0);
    assertTrue(times.select() >= 0 && times.connect() > 0 && times.response() > 0, times::toString);
    assertTrue(times.total() >= times.select() + times.connect() + times.response());
  }

  @Test
  void theConnectionAndWhatItHasServedBeforeAreTold() throws Exception {
    String typed = "HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Length: 0\r\n\r\n";
    origin.respond(ok("1"), typed);
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.exchange("GET /shop/1 HTTP/1.1\r\nHost: a\r\n\r\n");
      client.exchange("GET /shop/2 HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    Outcome first = outcomes.take();
    Outcome second = outcomes.take();
    assertEquals(1, first.requestNumber());
    assertEquals(2, second.requestNumber());
    assertTrue(second.connectionReused());
    assertEquals("text/x", second.responseFields().first(FieldName.CONTENT_TYPE));
    assertEquals(proxy.address(), second.client().local());
    assertEquals(second.client().address(), second.client().peer());
    assertNull(second.client().tls());
  }

  @Test
  void aHeadThatComesInPiecesHasTakenItsTime() throws Exception {
    origin.respond(ok("1"), ok("2"));
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      String second = "GET /shop/2 HTTP/1.1\r\n";
      client.send("GET /shop/1 HTTP/1.1\r\nHost: a\r\n\r\n" + second);
      client.readResponse(); // the head that has come early has begun by then
      client.exchange("Host: a\r\n\r\n");
    }
    assertEquals(0, outcomes.take().times().head());
    assertTrue(outcomes.take().times().head() > 0);
  }

  @Test
  void whatIsStoredHasAskedNobody() throws Exception {
    origin.respond("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1\r\n\r\n1");
    outcome("/shop/1");
    Outcome told = outcome("/shop/1");
    assertEquals("hit", told.cache());
    assertEquals(0, told.attempts());
    Times times = told.times();
    assertEquals(Times.NONE, times.connect());
    assertEquals(Times.NONE, times.response());
    assertTrue(times.total() > 0);
  }

  @Test
  void aRequestWithoutARouteHasNeitherClusterNorCache() throws Exception {
    Outcome told = outcome("/");
    assertEquals(404, told.status());
    assertNull(told.route());
    assertNull(told.cache());
  }
}
