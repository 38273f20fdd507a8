package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.figures.CacheFigures;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.figures.ProxyFigures.Clients;
import io.tidegate.core.figures.ProxyFigures.Requests;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The numbers that a proxy tells about itself. */
public abstract class FiguresSuite extends ProxyWireSuite {
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);

  /** The suite for one direction. */
  protected FiguresSuite(Side side) {
    super(side);
  }

  private ProxyFigures figures() {
    return proxy().figures();
  }

  /** Waits until {@code figure} is as expected: connections come to rest after an exchange. */
  private <T> void awaitFigure(T expected, Function<ProxyFigures, T> figure) throws Exception {
    Eventually.equal(expected, () -> figure.apply(figures()));
  }

  @Test
  void aProxyThatHasDoneNothingHasOnlyZeros() {
    ProxyFigures figures = figures();
    assertEquals(new Clients(0, 0, 0), figures.clients());
    assertEquals(new Requests(0, 0, 0, 0, 0, 0, 0, 0, 0), figures.requests());
    assertEquals(new ProxyFigures.Upstreams(0, 0, 0, 0, 0), figures.upstreams());
    assertEquals(new ProxyFigures.Buffered(0, 0), figures.buffered());
    assertEquals(Optional.empty(), figures.cache());
    assertEquals(0, figures.unlogged());
  }

  @Test
  void requestsAreCountedByTheClassOfTheirStatusCode() throws Exception {
    start(p -> p.listener(onCompleting(outcomes)));
    origin()
        .respond(
            ok("hello"),
            head("HTTP/1.1 302 Found", "Content-Length: 0"),
            head("HTTP/1.1 404 Not Found", "Content-Length: 0"));
    ask(request("POST", "/", "Content-Length: 3") + "abc");
    ask(get("/"));
    ask(get("/"));
    int ours = ask(request("GET", "/", "Content-Length: no")).text().length();
    for (int i = 0; i < 4; i++) {
      next(outcomes);
    }
    assertEquals(new Requests(0, 1, 1, 2, 0, 0, 1, 3, 5 + ours), figures().requests());
    assertEquals(4, figures().requests().ended());
  }

  @Test
  void whatIsUnderWayIsCountedUntilItIsOver() throws Exception {
    origin()
        .onRequest(
            c -> {
              await(release);
              c.send(ok("late"));
            });
    RawClient client = client();
    client.send(get("/"));
    origin().awaitHeads(1);
    assertEquals(new Clients(1, 1, 0), figures().clients());
    assertEquals(new ProxyFigures.Upstreams(1, 0, 0, 0, 0), figures().upstreams());
    release.countDown();
    assertAnswer("late", client.readResponse());
    awaitFigure(new Clients(1, 0, 0), ProxyFigures::clients);
    awaitFigure(new ProxyFigures.Upstreams(1, 1, 0, 0, 0), ProxyFigures::upstreams);
    client.close();
    awaitFigure(new Clients(0, 0, 0), ProxyFigures::clients);
  }

  @Test
  void aTunnelIsNoActiveRequestAndItsConnectionNoUpstreamConnection() throws Exception {
    start(p -> p.listener(onCompleting(outcomes)));
    origin()
        .onRequest(
            c -> {
              c.send(
                  head(
                      "HTTP/1.1 101 Switching Protocols",
                      "Upgrade: websocket",
                      "Connection: Upgrade",
                      "Sec-WebSocket-Accept: x"));
              assertEquals("ping", c.readText(4));
              c.send("pong!");
              assertTrue(c.atEnd());
            });
    RawClient client = client();
    client.send(
        request("GET", "/", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: key"));
    client.readHead();
    assertEquals(new Clients(1, 0, 1), figures().clients());
    assertEquals(0, figures().upstreams().connections());
    client.send("ping");
    assertEquals("pong!", client.readText(5));
    client.halfClose();
    assertTrue(client.atEnd());
    next(outcomes);
    assertEquals(0, figures().clients().tunnels());
    assertEquals(new Requests(1, 0, 0, 0, 0, 0, 0, 4, 5), figures().requests());
  }

  @Test
  void whoWaitsForAConnectionIsCounted() throws Exception {
    start(p -> p.maxUpstreamConnections(1));
    origin()
        .onRequest(
            c -> {
              await(release);
              c.send(ok("1"));
            },
            c -> c.send(ok("2")));
    RawClient first = client();
    first.send(get("/1"));
    origin().awaitHeads(1);
    RawClient second = client();
    second.send(get("/2"));
    awaitFigure(1L, figures -> figures.upstreams().pendingRequests());
    assertEquals(1, figures().upstreams().connections());
    release.countDown();
    assertAnswer("1", first.readResponse());
    assertAnswer("2", second.readResponse());
    assertEquals(0, figures().upstreams().pendingRequests());
  }

  @Test
  void theCacheIsAmongThem() throws Exception {
    start(p -> p.cache(rules -> {}).listener(onCompleting(outcomes)));
    origin().respond("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nhi");
    ask(get("/"));
    ask(get("/"));
    next(outcomes);
    next(outcomes);
    CacheFigures cache = figures().cache().orElseThrow();
    assertEquals(1, cache.entries());
    assertTrue(cache.bytes() > 2, () -> cache.bytes() + " octets");
    assertEquals(1, cache.statistics().hits());
    assertEquals(1, cache.statistics().misses());
  }

  @Test
  void whatListenersLetGoIsAddedUp() {
    ExchangeListener slow =
        new ExchangeListener() {
          @Override
          public long dropped() {
            return 3;
          }
        };
    start(p -> p.listener(slow).listener(slow));
    assertEquals(6, figures().unlogged());
  }
}
