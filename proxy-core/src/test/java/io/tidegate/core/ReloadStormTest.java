package io.tidegate.core;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.SettingsEvent;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.ProxyThreads;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many reloads while clients go on asking: nobody notices, and nothing is left of them. */
@Timeout(120)
class ReloadStormTest {
  private static final int RELOADS = 100;
  private static final int RELOADERS = 2;
  private static final int CLIENTS = 4;

  private final AtomicInteger working = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger byListeners = new AtomicInteger();
  private final ProxyThreads proxyThreads = new ProxyThreads();
  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + RELOADERS);
  private OriginServer origin;
  private int extraPort;
  private volatile @Nullable ReloadableGate running;

  @BeforeEach
  void startOrigin() throws Exception {
    extraPort = OriginServer.unusedPort();
    origin = OriginServer.start();
    origin.onRequest(c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 1") + "a"));
  }

  @AfterEach
  void stopAll() throws Exception {
    over.set(true);
    threads.shutdownNow();
    origin.close();
  }

  @Test
  void noRequestFailsAndNothingIsLeft() throws Exception {
    storm(gate -> {});
    assertEquals(RELOADERS * RELOADS * 3 / 10, refused.get());
  }

  @Test
  void listenersOfEventsMayReloadWhenTheyAreToldOfARefusal() throws Exception {
    storm(gate -> gate.eventListener(reloadingWhenRefused()));
    assertEquals(refused.get(), byListeners.get());
  }

  /** It takes time from the thread it is on, and nothing else. */
  @Test
  void listenersOfExchangesThatReloadHoldUpNobodyForGood() throws Exception {
    storm(gate -> gate.listener(reloadingSometimes()));
    assertTrue(byListeners.get() > 0);
  }

  private void storm(Consumer<ReloadableGate.Builder> details) throws Exception {
    ReloadableGate.Builder builder = new ReloadableGate.Builder().listen(0).viaName("v0");
    details.accept(builder);
    try (ReloadableGate proxy = builder.build()) {
      running = proxy;
      proxy.start();
      List<Future<Integer>> clients = many(CLIENTS, hammering(proxy.address().getPort()));
      for (Future<Integer> reloader : many(RELOADERS, () -> reloadOften(proxy))) {
        refused.addAndGet(reloader.get(60, TimeUnit.SECONDS));
      }
      over.set(true);
      for (Future<Integer> client : clients) {
        assertTrue(client.get(60, TimeUnit.SECONDS) > 0);
      }
      assertTrue(origin.connections() <= CLIENTS, () -> "connections: " + origin.connections());
      proxy.reload(gate -> gate.viaName("last"));
      assertEquals("last", proxy.viaName());
      assertEquals(1, proxy.addresses().size());
      proxy.stop(Duration.ofSeconds(10));
    }
    assertEquals(0, working.get());
    proxyThreads.assertGone();
  }

  private List<Future<Integer>> many(int count, Callable<Integer> task) {
    return Stream.generate(() -> threads.submit(task)).limit(count).toList();
  }

  /** How many were refused. */
  private int reloadOften(ReloadableGate proxy) {
    int refused = 0;
    for (int turn = 1; turn <= RELOADS; turn++) {
      try {
        reload(proxy, turn);
      } catch (InvalidSettingsException | UncheckedIOException e) {
        refused++;
      }
    }
    return refused;
  }

  private void reload(ReloadableGate proxy, int turn) {
    proxy.reload(
        gate -> {
          change(gate, turn);
          switch (turn % 10) {
            case 3 -> gate.viaName("no name");
            case 6 -> gate.alsoListen("127.0.0.1", origin.port());
            case 9 -> gate.admin(AdminBuilder::withoutToken);
            default -> {}
          }
        });
  }

  /**
   * Something is different each time: rules, limits, an address, the cache, what is done beside.
   */
  private void change(ReloadableGate.Builder gate, int turn) {
    gate.viaName("v" + turn).maxConnections(1000 + turn).nameTtl(Duration.ofSeconds(turn));
    gate.maxIdleUpstreamConnections(100 + turn).background(counted());
    if (turn % 2 == 1) {
      gate.alsoListen("127.0.0.1", extraPort);
    }
    if (turn % 3 == 1) {
      gate.cache(cache -> cache.maxBytes((1 + turn) << 20));
    }
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

  private void reloadByListener() {
    Objects.requireNonNull(running).reload(gate -> change(gate, 1));
    byListeners.incrementAndGet();
  }

  private EventListener reloadingWhenRefused() {
    return event -> {
      if (event instanceof SettingsEvent settings
          && settings.kind() == SettingsEvent.Kind.REFUSED) {
        reloadByListener();
      }
    };
  }

  private ExchangeListener reloadingSometimes() {
    AtomicInteger exchanges = new AtomicInteger();
    return new ExchangeListener() {
      @Override
      public void completed(Outcome outcome) {
        if (exchanges.incrementAndGet() % 50 == 0) {
          reloadByListener();
        }
      }
    };
  }

  /** One request after the other on one connection; how many there were. */
  private Callable<Integer> hammering(int port) {
    String get = head("GET http://" + origin.authority() + "/ HTTP/1.1", "Host: a");
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
