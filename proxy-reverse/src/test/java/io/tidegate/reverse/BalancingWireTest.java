package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Stage;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of endpoints, cookies that lead back to them and what they report, over the wire. */
@Timeout(20)
class BalancingWireTest {
  @RegisterExtension private final Opened opened = new Opened();
  private OriginServer origin;

  @BeforeEach
  void start() throws IOException {
    origin = opened.origin();
  }

  private static String uri(OriginServer origin) {
    return "http://" + origin.authority();
  }

  private ReverseProxy.Builder builder(Consumer<BalanceBuilder> balance) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(2)
        .viaName("gate")
        .cluster("app", cluster -> cluster.endpoint(uri(origin)).balance(balance))
        .route("/**", "app");
  }

  private int start(ReverseProxy.Builder builder) {
    Proxy proxy = opened.push(builder.start());
    return proxy.address().getPort();
  }

  private RawClient client(int port) throws IOException {
    return opened.push(RawClient.connect(port));
  }

  /** Counts exchanges that look for an endpoint. */
  private static ExchangeListener selecting(CountDownLatch latch) {
    return new ExchangeListener() {
      @Override
      public void entered(Stage stage, @Nullable ClientRequest request) {
        if (stage == Stage.SELECT) {
          latch.countDown();
        }
      }
    };
  }

  @Test
  void anEndpointGetsNoMoreRequestsAtATimeThanItMay() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch selecting = new CountDownLatch(4);
    CountDownLatch serving = new CountDownLatch(2);
    AtomicInteger active = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    OriginServer.Script counted =
        c -> {
          most.accumulateAndGet(active.incrementAndGet(), Math::max);
          serving.countDown();
          release.await();
          active.decrementAndGet();
          c.send(ok("ok"));
        };
    origin.onRequest(counted, counted, counted, counted);
    int port =
        start(builder(balance -> balance.maxActiveRequests(2)).listener(selecting(selecting)));
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clients.add(client(port));
      clients.get(i).send(get("/", "a"));
    }
    selecting.await();
    serving.await();
    release.countDown();
    for (RawClient client : clients) {
      assertEquals("ok", client.readResponse().text());
    }
    assertEquals(2, most.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void whoWaitsTooLongOrInTooLongAQueueIsToldToComeBack(int waiting) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    origin.onRequest(
        c -> {
          release.await();
          c.send(ok("1"));
        },
        c -> c.send(ok("2")));
    Duration wait = waiting == 0 ? Duration.ofMinutes(1) : Duration.ofMillis(20);
    int port =
        start(
            builder(
                balance -> balance.maxActiveRequests(1).maxWaitingRequests(waiting).maxWait(wait)));
    RawClient first = client(port);
    first.send(get("/", "a"));
    origin.awaitHeads(1);
    RawClient second = client(port);
    RawResponse refused = second.exchange(get("/", "a"));
    assertEquals(503, refused.status());
    assertEquals(waiting == 0 ? "60" : "1", refused.field("Retry-After"));
    assertEquals("gate; error=connection_limit_reached", refused.field("Proxy-Status"));
    release.countDown();
    assertEquals("1", first.readResponse().text());
    assertEquals("2", first.exchange(get("/", "a")).text());
  }

  @Test
  void aPlaceIsNotLostToAClientThatLeaves() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    origin.onRequest(
        c -> {
          release.await();
          c.send(ok("1"));
        },
        c -> c.send(ok("2")),
        c -> c.send(ok("3")));
    int port = start(builder(balance -> balance.maxActiveRequests(1)));
    RawClient first = client(port);
    first.send(get("/", "a"));
    origin.awaitHeads(1);
    RawClient leaving = client(port);
    leaving.send(get("/", "a"));
    leaving.close();
    RawClient last = client(port);
    last.send(get("/", "a"));
    release.countDown();
    assertEquals("1", first.readResponse().text());
    assertEquals(200, last.readResponse().status());
  }

  @Test
  void clientsComeBackToTheEndpointTheyWereAt() throws Exception {
    OriginServer other = opened.origin();
    int port =
        start(
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .cluster(
                    "app",
                    cluster ->
                        cluster
                            .endpoint(uri(origin))
                            .endpoint(uri(other))
                            .loadBalancer(LoadBalancers.roundRobin())
                            .balance(balance -> balance.affinity("node")))
                .route("/**", "app"));
    for (int i = 0; i < 2; i++) {
      origin.respond(ok("a"), ok("a"), ok("a"));
      other.respond(ok("b"), ok("b"), ok("b"));
    }
    RawResponse first = RawClient.ask(port, get("/", "h"));
    String cookie = String.valueOf(first.field("Set-Cookie"));
    assertTrue(cookie.matches("node=[\\w-]{22}; Path=/; HttpOnly; SameSite=Lax"), cookie);
    assertEquals("private", first.field("Cache-Control"));
    String known = "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
    for (int i = 0; i < 4; i++) {
      RawResponse again = RawClient.ask(port, head("GET / HTTP/1.1", "Host: h", known));
      assertEquals(first.text(), again.text());
      assertNull(again.field("Set-Cookie"));
      assertNull(again.field("Cache-Control"));
    }
  }

  @Test
  void storedResponsesBindNobodyToAnEndpoint() throws Exception {
    int port = start(builder(balance -> balance.affinity("node")).cache(rules -> {}));
    String stored = "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nContent-Length: 2\r\n\r\nok";
    origin.respond(stored, ok("live"));
    for (int i = 0; i < 3; i++) {
      RawResponse answer = RawClient.ask(port, get("/stored", "h"));
      assertEquals("ok", answer.text());
      assertNull(answer.field("Set-Cookie"));
      assertEquals("max-age=600", answer.field("Cache-Control"));
    }
    assertNotNull(RawClient.ask(port, get("/live", "h")).field("Set-Cookie"));
    assertEquals(2, origin.heads().size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatEndpointsReportIsNotForClients(boolean used) throws Exception {
    int port =
        start(
            builder(
                balance -> {
                  if (used) {
                    balance.reportedLoad();
                  }
                }));
    origin.respond(
        head(
            "HTTP/1.1 200 OK",
            "Endpoint-Load-Metrics: TEXT cpu_utilization=0.3",
            "Endpoint-Load-Metrics-Bin: CZqZmZmZmbk/",
            "X-Other: 1",
            "Content-Length: 0"));
    RawResponse answer = RawClient.ask(port, get("/", "h"));
    assertNull(answer.field("Endpoint-Load-Metrics"));
    assertNull(answer.field("Endpoint-Load-Metrics-Bin"));
    assertEquals("1", answer.field("X-Other"));
  }
}
