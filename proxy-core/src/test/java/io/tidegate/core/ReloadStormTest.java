package io.tidegate.core;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many reloads while clients go on asking: nobody notices, and nothing is left of them. */
class ReloadStormTest {
  private static final int RELOADS = 100;
  private static final int CLIENTS = 4;

  private final AtomicInteger working = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void noRequestFailsAndNothingIsLeft() throws Exception {
    int extraPort = OriginServer.unusedPort();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (OriginServer origin = OriginServer.start();
        ReloadableGate proxy = new ReloadableGate.Builder().listen(0).viaName("v0").build()) {
      origin.onRequest(c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 1") + "a"));
      proxy.start();
      String get = head("GET http://" + origin.authority() + "/ HTTP/1.1", "Host: a");
      List<Future<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(threads.submit(hammering(proxy.address().getPort(), get)));
      }
      for (int i = 1; i <= RELOADS; i++) {
        reload(proxy, i, extraPort);
      }
      over.set(true);
      for (Future<Integer> client : clients) {
        assertTrue(client.get(60, TimeUnit.SECONDS) > 0);
      }
      assertTrue(origin.connections() <= CLIENTS, () -> "connections: " + origin.connections());
      assertEquals(1, proxy.addresses().size());
      proxy.stop(Duration.ofSeconds(10));
      assertEquals(0, working.get());
      assertEquals("v" + RELOADS, proxy.viaName());
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * Something is different each time: rules, limits, an address, the cache, what is done beside.
   */
  private void reload(ReloadableGate proxy, int turn, int extraPort) {
    proxy.reload(
        gate -> {
          gate.viaName("v" + turn).maxConnections(1000 + turn).nameTtl(Duration.ofSeconds(turn));
          gate.maxIdleUpstreamConnections(100 + turn).background(counted());
          if (turn % 2 == 1) {
            gate.alsoListen("127.0.0.1", extraPort);
          }
          if (turn % 3 == 1) {
            gate.cache(cache -> cache.maxBytes((1 + turn) << 20));
          }
        });
  }

  private Background counted() {
    return new Background() {
      @Override
      public void start(Upstreams upstreams) {
        working.incrementAndGet();
      }

      @Override
      public void stop() {
        working.decrementAndGet();
      }
    };
  }

  /** One request after the other on one connection; how many there were. */
  private Callable<Integer> hammering(int port, String get) {
    return () -> {
      RawClient client = RawClient.connect(port);
      int answered = 0;
      while (!over.get()) {
        RawResponse response = client.exchange(get);
        assertEquals(200, response.status());
        assertEquals("a", response.text());
        answered++;
      }
      client.close();
      return answered;
    };
  }
}
