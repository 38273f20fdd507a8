package io.tidegate.core;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.testkit.OriginConnection;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import io.tidegate.core.tls.TlsVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of listeners and of the connections on them when settings are reloaded. */
class ReloadedListenersTest {
  private final List<ProxyEvent> events = new CopyOnWriteArrayList<>();
  private OriginServer origin;
  private @Nullable ReloadableGate gate;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
    origin.onRequest(c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 1") + "a"));
  }

  @AfterEach
  void closeAll() throws Exception {
    if (gate != null) {
      gate.close();
    }
    origin.close();
  }

  private ReloadableGate start(Consumer<ReloadableGate.Builder> details) {
    ReloadableGate.Builder builder = new ReloadableGate.Builder().listen(0);
    details.accept(builder.eventListener(events::add));
    ReloadableGate started = builder.build();
    gate = started;
    started.start();
    events.clear();
    return started;
  }

  private String get() {
    return head("GET http://" + origin.authority() + "/ HTTP/1.1", "Host: a");
  }

  private List<String> told() {
    return events.stream().map(event -> event.name() + " " + event.subject()).toList();
  }

  @Test
  void aNewAddressIsListenedOnAndOneThatIsGoneIsNot() throws Exception {
    int first = OriginServer.unusedPort();
    ReloadableGate proxy = start(gate -> gate.alsoListen("127.0.0.1", first));
    InetSocketAddress main = proxy.address();
    RawClient idle = RawClient.connect(first);
    RawClient stays = RawClient.connect(main);
    assertEquals(200, idle.exchange(get()).status());
    assertEquals(200, stays.exchange(get()).status());
    int second = OriginServer.unusedPort();
    proxy.reload(gate -> gate.alsoListen("127.0.0.1", second));
    assertEquals(List.of(main, new InetSocketAddress("127.0.0.1", second)), proxy.addresses());
    assertEquals(200, RawClient.ask(second, get()).status());
    assertEquals(200, stays.exchange(get()).status());
    assertTrue(idle.atEnd());
    assertThrows(IOException.class, () -> RawClient.connect(first));
    List<String> expected =
        List.of(
            "listener-closed 127.0.0.1:" + first,
            "listener-opened 127.0.0.1:" + second,
            "settings-reloaded ");
    assertEquals(expected, told());
  }

  @Test
  void aResponseUnderWayOnAnAddressThatIsGoneEndsAndThenTheConnection() throws Exception {
    BlockingQueue<OriginConnection> asked = new LinkedBlockingQueue<>();
    origin.onRequest(asked::add);
    int other = OriginServer.unusedPort();
    ReloadableGate proxy = start(gate -> gate.alsoListen("127.0.0.1", other));
    RawClient client = RawClient.connect(other);
    client.send(get());
    OriginConnection slow = Objects.requireNonNull(asked.poll(10, TimeUnit.SECONDS));
    proxy.reload(gate -> {});
    slow.send(head("HTTP/1.1 200 OK", "Content-Length: 1") + "a");
    RawResponse response = client.readResponse();
    assertEquals("a", response.text());
    assertEquals("close", response.field("Connection"));
    assertTrue(client.atEnd());
  }

  @Test
  void anAddressThatCannotBeBoundChangesNothing() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      ReloadableGate proxy = start(gate -> gate.viaName("old"));
      List<InetSocketAddress> before = proxy.addresses();
      int free = OriginServer.unusedPort();
      UncheckedIOException refused =
          assertThrows(
              UncheckedIOException.class,
              () ->
                  proxy.reload(
                      gate ->
                          gate.viaName("new")
                              .alsoListen("127.0.0.1", free)
                              .alsoListen("127.0.0.1", taken.getLocalPort())));
      String message = String.valueOf(refused.getMessage());
      String where = "cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ";
      assertTrue(message.startsWith(where), message);
      assertEquals(before, proxy.addresses());
      assertThrows(IOException.class, () -> RawClient.connect(free));
      RawResponse response = RawClient.ask(proxy.address().getPort(), get());
      assertEquals("1.1 old", response.field("Via"));
      assertEquals(List.of("settings-refused "), told());
      assertEquals(message, events.get(0).detail());
    }
  }

  @Test
  void anAddressThatWasBoundIsGivenBackIfTheChangeFailsAfterAll() throws Exception {
    ReloadableGate proxy = start(gate -> gate.viaName("old"));
    int free = OriginServer.unusedPort();
    Consumer<ReloadableGate.Builder> listening =
        gate -> gate.viaName("new").alsoListen("127.0.0.1", free);
    Runnable failing =
        () -> {
          throw new IllegalStateException("no");
        };
    assertThrows(
        IllegalStateException.class,
        () -> proxy.reload(listening.andThen(gate -> gate.changing(failing))));
    assertThrows(IOException.class, () -> RawClient.connect(free));
    assertEquals(1, proxy.addresses().size());
    RawResponse response = RawClient.ask(proxy.address().getPort(), get());
    assertEquals("1.1 old", response.field("Via"));
    assertEquals(List.of("settings-refused "), told());
    proxy.reload(listening);
    assertEquals("1.1 new", RawClient.ask(free, get()).field("Via"));
  }

  @Test
  void whatIsKeptIsChangedOnlyOnceAllAddressesAreBound() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      ReloadableGate proxy = start(gate -> {});
      List<String> changes = new CopyOnWriteArrayList<>();
      assertThrows(
          UncheckedIOException.class,
          () ->
              proxy.reload(
                  gate ->
                      gate.changing(() -> changes.add("bound"))
                          .alsoListen("127.0.0.1", taken.getLocalPort())));
      assertThrows(
          InvalidSettingsException.class,
          () -> proxy.reload(gate -> gate.changing(() -> changes.add("wrong")).viaName("no name")));
      assertEquals(List.of(), changes);
      proxy.reload(gate -> gate.changing(() -> changes.add("right")));
      assertEquals(List.of("right"), changes);
    }
  }

  @Test
  void anAddressThatStaysSpeaksAsTheNewSettingsSayWithThoseWhoConnectLater() throws Exception {
    ReloadableGate proxy = start(gate -> {});
    int port = proxy.address().getPort();
    RawClient clear = RawClient.connect(port);
    assertEquals(200, clear.exchange(get()).status());
    proxy.reload(gate -> gate.tls(tls -> tls.context(Tls.server())));
    assertEquals(port, proxy.address().getPort());
    RawClient secure = RawClient.connectTls(port, Tls.client());
    assertEquals(200, secure.exchange(get()).status());
    assertEquals("TLSv1.3", Objects.requireNonNull(secure.tlsSession()).getProtocol());
    assertEquals(200, clear.exchange(get()).status());
    proxy.reload(gate -> gate.tls(tls -> tls.versions(TlsVersion.TLS_1_2)));
    RawClient older = RawClient.connectTls(port, Tls.client());
    assertEquals("TLSv1.2", Objects.requireNonNull(older.tlsSession()).getProtocol());
    assertEquals(200, secure.exchange(get()).status());
  }

  @Test
  void aPortThatWasAnyFreeOneMayBeNamed() {
    ReloadableGate proxy = start(gate -> {});
    int port = proxy.address().getPort();
    proxy.reload(gate -> gate.listen("127.0.0.1", port));
    assertEquals(port, proxy.address().getPort());
    assertEquals(List.of("settings-reloaded "), told());
  }

  @Test
  void theMostConnectionsAreWhatTheNewSettingsSay() throws Exception {
    ReloadableGate proxy = start(gate -> gate.maxConnections(1));
    int port = proxy.address().getPort();
    RawClient first = RawClient.connect(port);
    assertEquals(200, first.exchange(get()).status());
    assertTrue(RawClient.connect(port).atEnd());
    proxy.reload(gate -> gate.maxConnections(2));
    RawClient second = RawClient.connect(port);
    assertEquals(200, second.exchange(get()).status());
    proxy.reload(gate -> gate.maxConnections(1));
    assertTrue(RawClient.connect(port).atEnd());
    assertEquals(200, second.exchange(get()).status());
    assertFalse(first.isClosed());
  }

  @Test
  void theBeginningAndTheEndAreTold() {
    ReloadableGate proxy = start(gate -> {});
    String address = "127.0.0.1:" + proxy.address().getPort();
    proxy.close();
    List<String> expected =
        List.of("proxy-draining ", "listener-closed " + address, "proxy-stopped ");
    assertEquals(expected, told());
  }
}
