package io.tidegate.core;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.figures.FiguresWatcher;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.ProxyThreads;
import io.tidegate.core.testkit.RawClient;
import io.undertow.Undertow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a proxy begins and ends, whatever fails on the way, and in which order that is told. */
class LifeOfAProxyTest {
  private final ProxyThreads threads = new ProxyThreads();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Runnable> onceOpened = new AtomicReference<>();
  private @Nullable ReloadableGate gate;

  @AfterEach
  void closeAll() {
    if (gate != null) {
      gate.close();
    }
  }

  private ReloadableGate build(Consumer<ReloadableGate.Builder> details) {
    ReloadableGate.Builder builder = new ReloadableGate.Builder().listen(0);
    details.accept(builder);
    ReloadableGate built =
        builder.eventListener(this::happened).eventListener(e -> told.add(e.name())).build();
    gate = built;
    return built;
  }

  private void happened(ProxyEvent event) {
    Runnable task = event.name().equals("listener-opened") ? onceOpened.getAndSet(null) : null;
    if (task != null) {
      task.run();
    }
  }

  /** Has another thread do something once a listener is told that an address is listened on. */
  private void onceOpened(Runnable meanwhile) {
    onceOpened.set(
        () -> CompletableFuture.runAsync(meanwhile).orTimeout(10, TimeUnit.SECONDS).join());
  }

  @Test
  void itBeginsAndEndsWhateverAListenerOfEventsThrows() throws Exception {
    ReloadableGate proxy =
        build(
            gate ->
                gate.eventListener(
                    event -> {
                      throw new NoClassDefFoundError("gone");
                    }));
    proxy.start();
    InetSocketAddress address = proxy.address();
    proxy.reload(gate -> {});
    proxy.close();
    assertThrows(IOException.class, () -> RawClient.connect(address));
    threads.assertGone();
    List<String> expected =
        List.of(
            "listener-opened",
            "proxy-started",
            "settings-reloaded",
            "proxy-draining",
            "listener-closed",
            "proxy-stopped");
    assertEquals(expected, told);
  }

  @Test
  void whatAnotherReloadChangesMeanwhileIsToldAfterIt() throws Exception {
    int other = OriginServer.unusedPort();
    ReloadableGate proxy = build(gate -> {}).start();
    told.clear();
    onceOpened(() -> proxy.reload(gate -> {}));
    proxy.reload(gate -> gate.alsoListen("127.0.0.1", other));
    List<String> expected =
        List.of("listener-opened", "settings-reloaded", "listener-closed", "settings-reloaded");
    assertEquals(expected, told);
  }

  @Test
  void anEndMeanwhileIsToldAfterTheBeginning() {
    ReloadableGate proxy = build(gate -> {});
    onceOpened(proxy::close);
    proxy.start();
    List<String> expected =
        List.of(
            "listener-opened",
            "proxy-started",
            "proxy-draining",
            "listener-closed",
            "proxy-stopped");
    assertEquals(expected, told);
  }

  @Test
  void anEndMeanwhileIsToldAfterTheReload() throws Exception {
    int other = OriginServer.unusedPort();
    ReloadableGate proxy = build(gate -> {}).start();
    told.clear();
    onceOpened(proxy::close);
    proxy.reload(gate -> gate.alsoListen("127.0.0.1", other));
    List<String> expected =
        List.of(
            "listener-opened",
            "settings-reloaded",
            "proxy-draining",
            "listener-closed",
            "listener-closed",
            "proxy-stopped");
    assertEquals(expected, told);
  }

  @Test
  void aGraceOfMoreThanCenturiesIsOne() {
    ReloadableGate proxy = build(gate -> {}).start();
    proxy.stop(Duration.ofSeconds(Long.MAX_VALUE));
    assertEquals("proxy-stopped", told.get(told.size() - 1));
  }

  /** Fails when it is to look, and when it is not to look any more. */
  private static final class Blind implements ExchangeListener, FiguresWatcher {
    private final @Nullable Error beginning;

    Blind(@Nullable Error beginning) {
      this.beginning = beginning;
    }

    @Override
    public void begin(Supplier<ProxyFigures> figures) {
      if (beginning != null) {
        throw beginning;
      }
    }

    @Override
    public void end() {
      throw new IllegalStateException("blind");
    }
  }

  @Test
  void aStartThatFailsForAnyReasonLeavesNothing() throws Exception {
    ReloadableGate proxy = build(gate -> gate.listener(new Blind(new LinkageError("blind"))));
    assertThrows(LinkageError.class, proxy::start);
    threads.assertGone();
    assertEquals(List.of(), told);
    assertThrows(IllegalStateException.class, proxy::start);
  }

  /** An address of a link without the link: not one that is taken, or of another machine. */
  @Test
  void anAddressThatCannotBeListenedOnIsNamedWhateverTheReason() {
    ReloadableGate proxy = build(gate -> gate.listen("fe80::1", 8080));
    String message = assertThrows(UncheckedIOException.class, proxy::start).getMessage();
    assertTrue(
        String.valueOf(message).startsWith("cannot listen on fe80:0:0:0:0:0:0:1:8080: "),
        () -> String.valueOf(message));
  }

  @Test
  void itEndsThoughSomebodyWhoSeesItsFiguresFails() throws Exception {
    ReloadableGate proxy = build(gate -> gate.listener(new Blind(null))).start();
    proxy.close();
    threads.assertGone();
    assertEquals("proxy-stopped", told.get(told.size() - 1));
  }

  @Test
  void aStartThatFailsLeavesWhatIsMountedAndMayBeTriedAgain() throws Exception {
    try (OriginServer origin = OriginServer.start()) {
      origin.onRequest(c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 0")));
      String get =
          head("GET http://" + origin.authority() + "/ HTTP/1.1", "Host: " + origin.authority());
      int port = OriginServer.unusedPort();
      ReloadableGate proxy = build(gate -> gate.listen("127.0.0.1", port));
      Undertow undertow =
          Undertow.builder().addHttpListener(0, "127.0.0.1", proxy.handler()).build();
      undertow.start();
      var mounted = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
      try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertTrue(taken.isBound());
        assertThrows(UncheckedIOException.class, proxy::start);
        threads.assertGone();
        assertEquals(200, RawClient.ask(mounted.getPort(), get).status());
      }
      proxy.start();
      assertEquals(200, RawClient.ask(port, get).status());
      assertEquals(200, RawClient.ask(mounted.getPort(), get).status());
      assertEquals(List.of("listener-opened", "proxy-started"), told);
      proxy.close();
      undertow.stop();
    }
  }
}
