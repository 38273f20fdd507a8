package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.RawClient;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Meters are about the settings that the proxy has now. */
class ReloadedMetricsTest {
  private static final String REQUESTS = "http.server.request.duration";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BlockingQueue<ExchangeListener.Outcome> outcomes = new LinkedBlockingQueue<>();
  private OriginServer origin;
  private ReverseProxy proxy;

  @BeforeEach
  void start() throws Exception {
    origin = OriginServer.start();
    ExchangeListener listener =
        new ExchangeListener() {
          @Override
          public void completed(Outcome outcome) {
            outcomes.add(outcome);
          }
        };
    proxy =
        described(b -> b.route("/old/**", "app").route("/both/**", "app"))
            .metrics(registry)
            .listener(listener)
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  private ReverseProxy.Builder described(Consumer<ReverseProxy.Builder> more) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .cluster("app", c -> c.endpoint("http://" + origin.authority()));
    more.accept(builder);
    return builder;
  }

  private void reload(Consumer<ReverseProxy.Builder> more) {
    proxy.reload(described(more).settings());
  }

  private void ask(String path) throws Exception {
    RawClient.ask(proxy.address().getPort(), get(path, "a"));
    done();
  }

  private void done() throws InterruptedException {
    assertNotNull(outcomes.poll(Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS), "still waiting");
  }

  private Set<String> routes(String meter) {
    return registry.find(meter).meters().stream()
        .map(Meter::getId)
        .map(id -> id.getTag("http.route"))
        .collect(Collectors.toSet());
  }

  private long count(String route) {
    return registry.get(REQUESTS).tag("http.route", route).timer().count();
  }

  @Test
  void aRouteThatIsGoneTakesItsMetersAlong() throws Exception {
    origin.respond(ok("1"), ok("2"), ok("3"), ok("4"));
    ask("/old/1");
    ask("/both/1");
    ask("/nowhere");
    assertEquals(Set.of("/old/**", "/both/**", "none"), routes(REQUESTS));
    reload(b -> b.route("/new/**", "app").route("/both/**", "app"));
    assertEquals(Set.of("/both/**", "none"), routes(REQUESTS));
    assertEquals(Set.of("/both/**", "none"), routes("http.server.request.body.size"));
    assertEquals(Set.of("/both/**", "none"), routes("http.server.response.body.size"));
    ask("/new/1");
    ask("/both/2");
    assertEquals(1, count("/new/**"));
    assertEquals(2, count("/both/**"));
  }

  @Test
  void whatIsUnderWayOnARouteThatIsGoneCountsForNoRoute() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch reloaded = new CountDownLatch(1);
    origin.onRequest(
        c -> {
          asked.countDown();
          reloaded.await(10, TimeUnit.SECONDS);
          c.send(ok("1"));
        });
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(get("/old/1", "a"));
      asked.await(10, TimeUnit.SECONDS);
      reload(b -> b.route("/both/**", "app"));
      reloaded.countDown();
      assertEquals("1", client.readResponse().text());
      done();
    }
    assertEquals(1, count("_OTHER"));
    assertEquals(Set.of("_OTHER"), routes(REQUESTS));
  }

  @Test
  void theMetersOfACacheComeAndGoWithIt() {
    assertEquals(0, registry.find("tidegate.cache.requests").meters().size());
    reload(b -> b.route("/old/**", "app").cache(rules -> {}));
    assertEquals(4, registry.find("tidegate.cache.requests").meters().size());
    assertEquals(4, registry.find("tidegate.cache.responses").meters().size());
    assertEquals(1, registry.find("tidegate.cache.entries").meters().size());
    assertEquals(1, registry.find("tidegate.cache.size").meters().size());
    reload(b -> b.route("/old/**", "app"));
    assertEquals(
        Set.of(),
        registry.getMeters().stream()
            .map(meter -> meter.getId().getName())
            .filter(name -> name.startsWith("tidegate.cache"))
            .collect(Collectors.toSet()));
  }
}
