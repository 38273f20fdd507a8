package io.tidegate.core;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.SettingsEvent;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.core.testkit.Http2Client;
import io.tidegate.core.testkit.OriginConnection;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import io.tidegate.core.tls.TlsVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/** What becomes of exchanges, connections and stored responses when settings are reloaded. */
class ReloadTest {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
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
    details.accept(builder);
    ReloadableGate started = builder.build();
    gate = started;
    started.start();
    return started;
  }

  private String get() {
    return head("GET http://" + origin.authority() + "/ HTTP/1.1", "Host: a");
  }

  private RawClient connect() throws IOException {
    return RawClient.connect(running().address().getPort());
  }

  private ReloadableGate running() {
    if (gate == null) {
      throw new IllegalStateException("not started");
    }
    return gate;
  }

  @Test
  void anExchangeUnderWayEndsByTheOldRulesAndTheNextOneBeginsByTheNew() throws Exception {
    BlockingQueue<OriginConnection> asked = new LinkedBlockingQueue<>();
    origin.onRequest(asked::add);
    ReloadableGate proxy = start(gate -> gate.viaName("old"));
    RawClient first = connect();
    RawClient second = connect();
    first.send(get());
    OriginConnection slow = take(asked);
    proxy.reload(gate -> gate.viaName("new").hideServerSoftware());
    second.send(get());
    for (OriginConnection waiting : List.of(slow, take(asked))) {
      waiting.send(head("HTTP/1.1 200 OK", "Content-Length: 0", "Server: s"));
    }
    RawResponse old = first.readResponse();
    RawResponse fresh = second.readResponse();
    assertEquals("1.1 old", old.field("Via"));
    assertEquals("s", old.field("Server"));
    assertEquals("1.1 new", fresh.field("Via"));
    assertNull(fresh.field("Server"));
  }

  @Test
  void connectionsOnBothSidesLiveOnAndTheNextRequestGoesByTheNewRules() throws Exception {
    ReloadableGate proxy = start(gate -> gate.viaName("old"));
    RawClient client = connect();
    assertEquals("1.1 old", client.exchange(get()).field("Via"));
    proxy.reload(gate -> gate.viaName("new"));
    assertEquals("1.1 new", client.exchange(get()).field("Via"));
    assertEquals(1, origin.connections());
  }

  @Test
  void aNameThatWasMadeUpStays() {
    ReloadableGate proxy = start(gate -> {});
    String name = proxy.viaName();
    proxy.reload(gate -> gate.maxFields(99));
    assertEquals(name, proxy.viaName());
  }

  @Test
  void aStoredResponseIsStillAHitUntilThereIsNoCache() throws Exception {
    origin.onRequest(
        c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 1", "Cache-Control: max-age=9") + "a"),
        c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 1") + "b"));
    ReloadableGate proxy = start(gate -> gate.cache(cache -> {}));
    RawClient client = connect();
    assertEquals("a", client.exchange(get()).text());
    proxy.reload(gate -> gate.cache(cache -> cache.maxVariants(3)));
    assertEquals("a", client.exchange(get()).text());
    proxy.reload(gate -> {});
    assertEquals("b", client.exchange(get()).text());
  }

  @Test
  void whatIsWrongChangesNothingAndIsToldWithItsProblems() throws Exception {
    List<ProxyEvent> events = new CopyOnWriteArrayList<>();
    ReloadableGate proxy = start(gate -> gate.viaName("old").eventListener(events::add));
    List<String> problems = List.of("maxFields: 1 (expected: 8 to 10000)");
    InvalidSettingsException refused =
        assertThrows(
            InvalidSettingsException.class,
            () -> proxy.reload(gate -> gate.viaName("new").maxFields(1)));
    assertEquals(problems, refused.problems());
    assertEquals("1.1 old", connect().exchange(get()).field("Via"));
    proxy.reload(gate -> gate.viaName("new"));
    List<SettingsEvent> expected =
        List.of(
            new SettingsEvent(SettingsEvent.Kind.REFUSED, problems),
            new SettingsEvent(SettingsEvent.Kind.RELOADED, List.of()));
    assertEquals(expected, settingsEvents(events));
  }

  private static List<SettingsEvent> settingsEvents(List<ProxyEvent> events) {
    return events.stream()
        .filter(SettingsEvent.class::isInstance)
        .map(SettingsEvent.class::cast)
        .toList();
  }

  @Test
  void anHttp2ConnectionLivesOnAndItsNextStreamGoesByTheNewRules() throws Exception {
    ReloadableGate proxy = start(gate -> gate.viaName("old").http2WithoutTls());
    Http2Client client = Http2Client.connect(proxy.address().getPort()).handshake();
    assertEquals("1.1 old", via(client, 1));
    proxy.reload(gate -> gate.viaName("new").http2WithoutTls());
    assertEquals("1.1 new", via(client, 3));
    assertEquals(1, origin.connections());
  }

  private String via(Http2Client client, int stream) throws IOException {
    client.headers(
        stream,
        true,
        ":method",
        "GET",
        ":scheme",
        "http",
        ":authority",
        origin.authority(),
        ":path",
        "/");
    return client.readResponse(stream).fields().stream()
        .filter(line -> line.startsWith("via: "))
        .map(line -> line.substring(5))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whoWaitsForAConnectionGetsOneWhenThereMayBeMore() throws Exception {
    BlockingQueue<OriginConnection> asked = new LinkedBlockingQueue<>();
    origin.onRequest(asked::add);
    ReloadableGate proxy = start(gate -> gate.ioThreads(1).maxUpstreamConnections(1));
    RawClient first = connect();
    first.send(get());
    OriginConnection busy = take(asked);
    RawClient second = connect();
    second.send(get());
    proxy.reload(gate -> gate.ioThreads(1).maxUpstreamConnections(2));
    take(asked).send(head("HTTP/1.1 200 OK", "Content-Length: 1") + "b");
    assertEquals("b", second.readResponse().text());
    busy.send(head("HTTP/1.1 200 OK", "Content-Length: 1") + "a");
    assertEquals("a", first.readResponse().text());
  }

  @Test
  void aConnectionMadeWithOtherTrustIsNotUsedAgain() throws Exception {
    try (OriginServer secure = OriginServer.startTls(Tls.server())) {
      secure.onRequest(c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 0")));
      Consumer<UpstreamTlsBuilder> lax = UpstreamTlsBuilder::insecureSkipVerification;
      ReloadableGate proxy = start(gate -> gate.secureUpstreams().upstreamTls(lax));
      String get = head("GET http://" + secure.authority() + "/ HTTP/1.1", "Host: a");
      RawClient client = connect();
      assertEquals(200, client.exchange(get).status());
      proxy.reload(gate -> gate.secureUpstreams().upstreamTls(lax).viaName("new"));
      assertEquals(200, client.exchange(get).status());
      assertEquals(1, secure.connections());
      proxy.reload(
          gate ->
              gate.secureUpstreams().upstreamTls(lax.andThen(t -> t.versions(TlsVersion.TLS_1_2))));
      assertEquals(200, client.exchange(get).status());
      assertEquals(2, secure.connections());
    }
  }

  @Test
  void theNumberOfThreadsIsForAProxyThatDoesNotRun() {
    ReloadableGate proxy = start(gate -> gate.ioThreads(1).viaName("old"));
    InvalidSettingsException refused =
        assertThrows(
            InvalidSettingsException.class,
            () -> proxy.reload(gate -> gate.ioThreads(2).viaName("new")));
    assertEquals(
        List.of("proxy.ioThreads: 2 (expected: 1 as long as the proxy runs)"), refused.problems());
    assertEquals("old", proxy.viaName());
  }

  @Test
  void backgroundWorkThatIsNewBeginsWhatIsGoneEndsAndWhatIsTheSameGoesOn() throws Exception {
    Background stays = work("stays");
    Background goes = work("goes");
    Background comes = work("comes");
    ReloadableGate proxy = start(gate -> gate.background(stays).background(goes));
    assertEquals("stays begins", take(told));
    assertEquals("goes begins", take(told));
    proxy.reload(gate -> gate.background(stays).background(comes));
    assertEquals("goes ends", take(told));
    assertEquals("comes begins", take(told));
    proxy.reload(gate -> gate.background(stays));
    assertEquals("comes ends", take(told));
    proxy.close();
    assertEquals("stays ends", take(told));
    assertNull(told.poll());
  }

  @Test
  void backgroundWorkBeginsOnAProxyThatHadNone() throws Exception {
    ReloadableGate proxy = start(gate -> {});
    proxy.reload(gate -> gate.background(work("first")));
    assertEquals("first begins", take(told));
  }

  private Background work(String name) {
    return new Background() {
      @Override
      public void start(Upstreams upstreams) {
        told.add(name + " begins");
      }

      @Override
      public void stop() {
        told.add(name + " ends");
      }
    };
  }

  @Test
  void aProxyThatHasNotBeenStartedServesByWhatWasReloaded() throws Exception {
    ReloadableGate proxy = new ReloadableGate.Builder().listen(0).viaName("old").build();
    gate = proxy;
    proxy.reload(gate -> gate.viaName("new"));
    proxy.start();
    assertEquals("1.1 new", connect().exchange(get()).field("Via"));
  }

  @Test
  void aProxyThatHasBeenStoppedIsNotReloaded() {
    ReloadableGate proxy = start(gate -> {});
    proxy.close();
    assertThrows(IllegalStateException.class, () -> proxy.reload(gate -> {}));
  }

  @Test
  void aFileThatIsWatchedIsReloadedAndOneThatIsWrongIsTold(@TempDir Path directory)
      throws Exception {
    BlockingQueue<ProxyEvent> events = new LinkedBlockingQueue<>();
    Path file = Files.writeString(directory.resolve("name"), "first");
    ReloadableGate proxy = start(gate -> gate.eventListener(events::add));
    events.clear();
    proxy.watchName(file);
    assertEquals("settings-reloaded", take(events).name());
    assertEquals("first", proxy.viaName());
    Files.writeString(file, "no name");
    ProxyEvent refused = take(events);
    assertEquals("settings-refused", refused.name());
    assertEquals(
        "$.viaName: no name (expected: a token that begins with a letter)", refused.detail());
    assertEquals("first", proxy.viaName());
  }

  private static <T> T take(BlockingQueue<T> from) throws InterruptedException {
    return Objects.requireNonNull(from.poll(10, TimeUnit.SECONDS), "in time");
  }

  @Test
  void theContextOfTheApplicationCountsAgainWhenSettingsSayNothingElseAnyMore() throws Exception {
    try (OriginServer secure = OriginServer.startTls(Tls.server())) {
      secure.onRequest(c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 0")));
      Consumer<UpstreamTlsBuilder> lax = UpstreamTlsBuilder::insecureSkipVerification;
      ReloadableGate proxy = start(gate -> gate.secureUpstreams().upstreamTls(Tls.client()));
      proxy.reload(gate -> gate.secureUpstreams().upstreamTls(lax));
      proxy.reload(gate -> gate.secureUpstreams().viaName("again"));
      proxy.reload(gate -> gate.secureUpstreams().viaName("later"));
      String get = head("GET http://" + secure.authority() + "/ HTTP/1.1", "Host: a");
      assertEquals(200, connect().exchange(get).status());
    }
  }

  @Test
  void theContextOfAListenerComesBackWithItsTls() throws Exception {
    ReloadableGate proxy = start(gate -> gate.tls(tls -> tls.context(Tls.server())));
    int port = proxy.address().getPort();
    proxy.reload(gate -> {});
    assertEquals(200, connect().exchange(get()).status());
    proxy.reload(gate -> gate.tls(tls -> {}));
    assertEquals(200, RawClient.connectTls(port, Tls.client()).exchange(get()).status());
  }
}
