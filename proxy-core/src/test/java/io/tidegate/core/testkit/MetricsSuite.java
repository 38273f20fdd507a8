package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.core.metrics.ProxyMetrics;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The meters of a proxy after exchanges, by name, tags and value. */
public abstract class MetricsSuite extends ProxyWireSuite {
  private final AtomicLong nanos = new AtomicLong();

  /** Goes on by a second whenever a gauge is read. */
  private final Clock clock =
      new Clock() {
        @Override
        public long wallTime() {
          return 0;
        }

        @Override
        public long monotonicTime() {
          return nanos.addAndGet(1_000_000_000);
        }
      };

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

  /** The suite for one direction. */
  protected MetricsSuite(Side side) {
    super(side);
  }

  private void startMeasured() {
    start(p -> p.metrics(registry).listener(onCompleting(outcomes)));
  }

  private void done(int exchanges) throws InterruptedException {
    for (int i = 0; i < exchanges; i++) {
      next(outcomes);
    }
  }

  private Set<String> series(String name) {
    return registry.find(name).meters().stream()
        .map(meter -> text(meter.getId()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The tags but for the route, the cluster and the endpoint, which depend on the direction. */
  private static String text(Meter.Id id) {
    return id.getTags().stream()
        .filter(tag -> !Set.of("http.route", "cluster", "endpoint").contains(tag.getKey()))
        .map(tag -> tag.getKey() + "=" + tag.getValue())
        .collect(Collectors.joining(" "));
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  @Test
  void requestsAreTimedByMethodStatusClassCacheAndError() throws Exception {
    start(p -> p.metrics(registry).cache(rules -> {}).listener(onCompleting(outcomes)));
    origin()
        .respond(
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nhi", ok("x"));
    ask(get("/"));
    ask(get("/"));
    ask(request("PUT", "/else", "Content-Length: 3") + "abc");
    ask(request("GET", "/", "Content-Length: x"));
    done(4);
    assertEquals(
        Set.of(
            "cache=uri-miss error.type=none http.request.method=GET http.response.status_class=2xx",
            "cache=hit error.type=none http.request.method=GET http.response.status_class=2xx",
            "cache=method error.type=none http.request.method=PUT http.response.status_class=2xx",
            "cache=none error.type=http_request_error http.request.method=_OTHER"
                + " http.response.status_class=4xx"),
        series("http.server.request.duration"));
    for (Timer timer : registry.find("http.server.request.duration").timers()) {
      assertEquals(1, timer.count());
      assertTrue(timer.totalTime(java.util.concurrent.TimeUnit.NANOSECONDS) > 0);
    }
    DistributionSummary sent =
        registry.get("http.server.response.body.size").tag("http.request.method", "GET").summary();
    assertEquals(2, sent.count());
    assertEquals(4, sent.totalAmount());
    DistributionSummary received =
        registry.get("http.server.request.body.size").tag("http.request.method", "PUT").summary();
    assertEquals(3, received.totalAmount());
    assertEquals("bytes", received.getId().getBaseUnit());
    assertEquals(1, gauge("tidegate.cache.entries"));
    assertEquals(
        1, registry.get("tidegate.cache.requests").tag("result", "hit").functionCounter().count());
  }

  @Test
  void attemptsAreTimedByStatusClassAndError() throws Exception {
    startMeasured();
    origin()
        .onRequest(
            c -> c.send(ok("1")),
            c -> c.send(head("HTTP/1.1 404 Not Found", "Content-Length: 0")),
            c -> c.send("no HTTP\r\n\r\n"));
    ask(get("/"));
    ask(get("/"));
    ask(get("/"));
    done(3);
    assertEquals(
        Set.of(
            "error.type=none http.response.status_class=2xx",
            "error.type=none http.response.status_class=4xx",
            "error.type=http_protocol_error http.response.status_class=none"),
        series("http.client.request.duration"));
  }

  @Test
  void aTunnelIsTimedApart() throws Exception {
    startMeasured();
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
        request("GET", "/", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: k"));
    client.readHead();
    assertEquals(1, gauge("tidegate.tunnel.active"));
    client.send("ping");
    assertEquals("pong!", client.readText(5));
    client.halfClose();
    assertTrue(client.atEnd());
    done(1);
    assertEquals(Set.of("error.type=none"), series("tidegate.tunnel.duration"));
    assertEquals(1, registry.get("tidegate.tunnel.duration").timer().count());
    assertEquals(4, registry.get("tidegate.tunnel.received").summary().totalAmount());
    assertEquals(5, registry.get("tidegate.tunnel.sent").summary().totalAmount());
    assertEquals(0, gauge("tidegate.tunnel.active"));
    assertEquals(Set.of(), series("http.server.request.duration"));
  }

  @Test
  void whatIsUnderWayCanBeRead() throws Exception {
    startMeasured();
    origin()
        .onRequest(
            c -> {
              assertEquals(1, gauge("http.server.active_requests"));
              assertEquals(
                  1, gauge("http.client.open_connections", "http.connection.state", "active"));
              c.send(ok("1"));
            });
    RawClient client = client();
    assertAnswer("1", client.exchange(get("/")));
    done(1);
    assertEquals(0, gauge("http.server.active_requests"));
    assertEquals(1, gauge("tidegate.client.connections"));
    assertEquals(0, gauge("tidegate.upstream.pending"));
    assertEquals(0, gauge("tidegate.buffered", "where", "memory"));
    assertEquals("bytes", registry.get("tidegate.buffered").gauge().getId().getBaseUnit());
  }

  @Test
  void noMeterIsMadeForWhatClientsInvent() throws Exception {
    startMeasured();
    Random random = new Random(7);
    int before = 0;
    for (int i = 0; i < 250; i++) {
      origin().respond(ok("1"));
      String name = Long.toString(random.nextLong(1L << 40), 36);
      ask(
          head(
              "X" + name + " " + target("/" + name + "?q=" + name) + " HTTP/1.1",
              "Host: " + origin().authority(),
              "User-Agent: " + name));
      done(1);
      before = i == 0 ? registry.getMeters().size() : before;
    }
    assertEquals(before, registry.getMeters().size());
    String all =
        registry.getMeters().stream().map(m -> m.getId().toString()).sorted().toList() + "";
    assertTrue(all.contains("_OTHER"), all);
    assertEquals(250, registry.get("http.server.request.duration").timer().count());
  }

  @Test
  void aClosedProxyHasNoMeters() throws Exception {
    startMeasured();
    origin().respond(ok("1"));
    ask(get("/"));
    done(1);
    assertTrue(registry.getMeters().size() > 10, "meters of the proxy");
    proxy().close();
    assertEquals(List.of(), registry.getMeters());
  }

  @Test
  void proxiesThatShareARegistryAreSetApartByTags() throws Exception {
    start(p -> p.metrics(bound("edge")).listener(onCompleting(outcomes)));
    origin().respond(ok("1"), ok("2"));
    ask(get("/"));
    start(p -> p.metrics(bound("egress")).listener(onCompleting(outcomes)));
    ask(get("/"));
    done(2);
    for (String name : List.of("edge", "egress")) {
      Timer timer = registry.get("http.server.request.duration").tag("proxy", name).timer();
      assertEquals(1, timer.count());
    }
    proxy().close();
    assertEquals(
        0, registry.find("http.server.request.duration").tag("proxy", "egress").timers().size());
    assertEquals(
        1, registry.find("http.server.request.duration").tag("proxy", "edge").timers().size());
  }

  private ProxyMetrics bound(String name) {
    ProxyMetrics metrics = ProxyMetrics.of("proxy", name);
    metrics.bindTo(registry);
    return metrics;
  }

  @Test
  void metersMayBeBoundLater() throws Exception {
    ProxyMetrics metrics = ProxyMetrics.of();
    start(p -> p.metrics(metrics).listener(onCompleting(outcomes)));
    origin().respond(ok("1"), ok("2"));
    ask(get("/"));
    done(1);
    metrics.bindTo(registry);
    ask(get("/"));
    done(1);
    assertEquals(1, registry.get("http.server.request.duration").timer().count());
  }
}
