package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.ProxyProtocolVersion;
import io.tidegate.core.testkit.Hellos;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.Tls;
import io.tidegate.core.wire.ProxyHeaderWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS connections that are passed on by the host that the client wants. */
class PassthroughTest {
  private static final byte[] ACCESS_DENIED = {21, 3, 3, 0, 2, 2, 49};
  private static final byte[] INTERNAL_ERROR = {21, 3, 3, 0, 2, 2, 80};
  private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

  @RegisterExtension private final Opened opened = new Opened();
  private final BlockingQueue<ExchangeListener.Outcome> outcomes = new LinkedBlockingQueue<>();
  private ReverseProxy proxy;

  private <C extends AutoCloseable> C opened(C one) {
    opened.push(one);
    return one;
  }

  /** An origin that proves to be wrong.test, where the proxy would prove to be localhost. */
  private OriginServer secureOrigin() throws IOException {
    return opened(OriginServer.startTls(Tls.wrongHostServer()));
  }

  /** An origin that takes octets as they are. */
  private OriginServer rawOrigin() throws IOException {
    OriginServer origin = opened(OriginServer.start());
    origin.onConnection(
        c -> {
          c.send("hello");
          c.awaitClose();
        });
    return origin;
  }

  private void start(Consumer<ReverseProxy.Builder> more, Consumer<ClusterBuilder> cluster) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .cluster("db", cluster)
            .listener(
                new ExchangeListener() {
                  @Override
                  public void completed(Outcome outcome) {
                    outcomes.add(outcome);
                  }
                });
    more.accept(builder);
    proxy = opened(builder.start());
  }

  private void start(OriginServer origin) {
    start(
        b -> b.tls(tls -> {}).passthrough("wrong.test", "db"),
        cluster -> cluster.endpoint("https://" + origin.authority()));
  }

  private int port() {
    return proxy.address().getPort();
  }

  private RawClient client() throws IOException {
    return opened(RawClient.connect(port()));
  }

  private SSLSocket secured(String name, SSLContext context) throws IOException {
    Socket raw = opened(new Socket(InetAddress.getLoopbackAddress(), port()));
    raw.setSoTimeout(10_000);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, name, port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setServerNames(List.of(new SNIHostName(name)));
    socket.setSSLParameters(parameters);
    return opened(socket);
  }

  private ExchangeListener.Outcome outcome() throws InterruptedException {
    return Objects.requireNonNull(outcomes.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void theClientSpeaksTlsWithTheEndpoint() throws Exception {
    OriginServer origin = secureOrigin();
    start(
        b ->
            b.tls(tls -> tls.context(Tls.server()))
                .passthrough("wrong.test", "db")
                .route("/**", "db"),
        cluster -> cluster.endpoint("https://" + origin.authority()));
    SSLSocket socket = secured("wrong.test", Tls.wrongHostClient());
    socket.startHandshake();
    socket.getOutputStream().write(head("GET /a HTTP/1.1", "Host: wrong.test").getBytes());
    assertEquals("GET /a HTTP/1.1", origin.awaitHeads(1).get(0).split("\r\n")[0]);
    byte[] answer = socket.getInputStream().readNBytes(5);
    assertEquals("HTTP/", new String(answer));
    socket.close();
    ExchangeListener.Outcome outcome = outcome();
    assertNull(outcome.failure());
    assertEquals(200, outcome.status());
    assertEquals("wrong.test:" + port(), Objects.requireNonNull(outcome.request()).head().target());
    assertTrue(outcome.requestOctets() > 100);
  }

  @Test
  void otherNamesAreServedHere() throws Exception {
    OriginServer origin = secureOrigin();
    start(
        b -> b.tls(tls -> tls.context(Tls.server())).passthrough("wrong.test", "db"),
        cluster -> cluster.endpoint("https://" + origin.authority()));
    SSLSocket socket = secured("localhost", Tls.client());
    socket.startHandshake();
    socket.getOutputStream().write(head("GET /a HTTP/1.1", "Host: localhost").getBytes());
    assertEquals("HTTP/1.1 404", new String(socket.getInputStream().readNBytes(12)));
    assertEquals(0, origin.connections());
  }

  @ParameterizedTest
  @CsvSource({
    "db.example.com, exact",
    "DB.Example.COM., exact",
    "a.example.com, wide",
    "a.db.example.com, wide",
    "a.b.example.com, narrow",
    "b.example.com, wide",
    "example.com, refused",
    "db.example.org, refused",
    "xexample.com, refused"
  })
  void theMostSpecificNameCounts(String name, String expected) throws Exception {
    OriginServer exact = opened(OriginServer.start()).onConnection(c -> c.send("exact"));
    OriginServer wide = opened(OriginServer.start()).onConnection(c -> c.send("wide"));
    OriginServer narrow = opened(OriginServer.start()).onConnection(c -> c.send("narrow"));
    start(
        b ->
            b.tls(tls -> {})
                .cluster("wide", c -> c.endpoint("http://" + wide.authority()))
                .cluster("narrow", c -> c.endpoint("http://" + narrow.authority()))
                .passthrough("*.example.com", "wide")
                .passthrough("db.example.com", "db")
                .passthrough("*.B.example.com", "narrow"),
        cluster -> cluster.endpoint("http://" + exact.authority()));
    RawClient client = client();
    client.send(Hellos.hello(name));
    if (expected.equals("refused")) {
      assertArrayEquals(UNRECOGNIZED_NAME, client.readUntilClose());
    } else {
      assertEquals(expected, client.readText(expected.length()));
    }
  }

  @Test
  void whoNamesNoHostIsNotPassedOn() throws Exception {
    start(rawOrigin());
    RawClient client = client();
    client.send(Hellos.hello(null));
    assertArrayEquals(UNRECOGNIZED_NAME, client.readUntilClose());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1 << 14})
  void everyOctetOfTheClientReachesTheEndpoint(int recordSize) throws Exception {
    byte[] hello = Hellos.records(Hellos.message("wrong.test"), recordSize);
    BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    OriginServer origin = opened(OriginServer.start());
    origin.onConnection(
        c -> {
          received.add(c.readBytes(hello.length + 4));
          c.send("done");
          c.awaitClose();
        });
    start(origin);
    RawClient client = client();
    for (byte octet : hello) {
      client.send(new byte[] {octet});
    }
    client.send("more");
    assertEquals("done", client.readText(4));
    byte[] all = received.take();
    assertArrayEquals(hello, Arrays.copyOf(all, hello.length));
    assertEquals("more", new String(all, hello.length, 4));
  }

  @Test
  void anEndpointThatCannotBeReachedIsMadeUpForByAnother() throws Exception {
    OriginServer origin = rawOrigin();
    int dead = OriginServer.unusedPort();
    start(
        b -> b.tls(tls -> {}).passthrough("wrong.test", "db"),
        cluster ->
            cluster
                .endpoint("https://127.0.0.1:" + dead)
                .endpoint("https://" + origin.authority())
                .loadBalancer(LoadBalancers.ROUND_ROBIN));
    for (int i = 0; i < 4; i++) {
      RawClient client = client();
      client.send(Hellos.hello("wrong.test"));
      assertEquals("hello", client.readText(5));
    }
    assertEquals(4, origin.connections());
  }

  @Test
  void whatNoEndpointTakesEndsWithAnAlert() throws Exception {
    int dead = OriginServer.unusedPort();
    start(
        b -> b.tls(tls -> {}).passthrough("wrong.test", "db"),
        cluster -> cluster.endpoint("https://127.0.0.1:" + dead));
    RawClient client = client();
    client.send(Hellos.hello("wrong.test"));
    assertArrayEquals(INTERNAL_ERROR, client.readUntilClose());
    ExchangeListener.Outcome outcome = outcome();
    assertEquals(ProxyError.CONNECTION_REFUSED, Objects.requireNonNull(outcome.failure()).error());
    assertEquals(502, outcome.status());
  }

  @Test
  void clientsThatMayNotConnectAreRefused() throws Exception {
    OriginServer origin = rawOrigin();
    start(
        b ->
            b.tls(tls -> {})
                .passthrough("wrong.test", "db")
                .protect(p -> p.denyClients("127.0.0.1")),
        cluster -> cluster.endpoint("https://" + origin.authority()));
    RawClient client = client();
    client.send(Hellos.hello("wrong.test"));
    assertArrayEquals(ACCESS_DENIED, client.readUntilClose());
    assertEquals(0, origin.connections());
  }

  @Test
  void connectionsCountAsRequests() throws Exception {
    OriginServer origin = rawOrigin();
    start(
        b ->
            b.tls(tls -> {})
                .passthrough("wrong.test", "db")
                .protect(p -> p.maxActiveRequests(1).allowMethods("GET")),
        cluster -> cluster.endpoint("https://" + origin.authority()));
    RawClient first = client();
    first.send(Hellos.hello("wrong.test"));
    assertEquals("hello", first.readText(5));
    assertEquals(1, proxy.cluster("db").endpoints().get(0).activeRequests());
    RawClient second = client();
    second.send(Hellos.hello("wrong.test"));
    assertArrayEquals(INTERNAL_ERROR, second.readUntilClose());
  }

  @Test
  void aClientOfHttpCannotAskForATunnel() throws Exception {
    OriginServer origin = rawOrigin();
    start(
        b -> b.tls(tls -> tls.context(Tls.server())).passthrough("wrong.test", "db"),
        cluster -> cluster.endpoint("https://" + origin.authority()));
    SSLSocket socket = secured("localhost", Tls.client());
    socket.startHandshake();
    socket
        .getOutputStream()
        .write(head("CONNECT wrong.test:443 HTTP/1.1", "Host: wrong.test:443").getBytes());
    assertEquals("HTTP/1.1 405", new String(socket.getInputStream().readNBytes(12)));
    assertEquals(0, origin.connections());
  }

  @Test
  void theEndpointIsToldOfTheClientFirst() throws Exception {
    BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    OriginServer origin = opened(OriginServer.start());
    byte[] hello = Hellos.hello("wrong.test");
    origin.onConnection(c -> received.add(c.readBytes(28 + hello.length)));
    start(
        b -> b.tls(tls -> {}).passthrough("wrong.test", "db"),
        cluster ->
            cluster
                .endpoint("https://" + origin.authority())
                .proxyProtocol(ProxyProtocolVersion.V2));
    RawClient client = client();
    client.send(hello);
    byte[] all = Objects.requireNonNull(received.poll(10, TimeUnit.SECONDS));
    InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    assertArrayEquals(
        ProxyHeaderWriter.version2(
            new InetSocketAddress(here, client.localPort()), new InetSocketAddress(here, port())),
        Arrays.copyOf(all, 28));
    assertArrayEquals(hello, Arrays.copyOfRange(all, 28, all.length));
  }

  @Test
  void aHeaderMayComeBeforeTls() throws Exception {
    OriginServer origin = rawOrigin();
    start(
        b ->
            b.tls(tls -> {})
                .passthrough("wrong.test", "db")
                .proxyProtocol(told -> told.from("127.0.0.1")),
        cluster -> cluster.endpoint("https://" + origin.authority()));
    RawClient client = client();
    client.send("PROXY TCP4 192.0.2.1 198.51.100.7 54321 443\r\n");
    client.send(Hellos.hello("wrong.test"));
    assertEquals("hello", client.readText(5));
    client.close();
    var request = Objects.requireNonNull(outcome().request());
    assertEquals("192.0.2.1", request.clientAddress().getAddress().getHostAddress());
    assertEquals("wrong.test:443", request.head().target());
  }

  @Test
  void anEndCutsWhatIsPassedOn() throws Exception {
    OriginServer origin = rawOrigin();
    start(origin);
    RawClient client = client();
    client.send(Hellos.hello("wrong.test"));
    assertEquals("hello", client.readText(5));
    proxy.stop(Duration.ZERO);
    client.awaitClose();
    origin.connection(0).awaitEnded();
    assertNotNull(outcome().request());
  }

  @Test
  void namesHaveToBeOnesThatCanBePassedOn() {
    InvalidSettingsException wrong =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                ReverseProxy.builder()
                    .cluster("db", c -> c.endpoint("https://a"))
                    .passthrough("*", "db")
                    .passthrough("a.*", "db")
                    .build());
    assertEquals(
        List.of(
            "passthrough: * (expected: a host like db.example.com or *.example.com)",
            "passthrough: a.* (expected: a host like db.example.com or *.example.com)"),
        wrong.problems());
    wrong =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                ReverseProxy.builder()
                    .cluster("db", c -> c.endpoint("https://a"))
                    .passthrough("a.example", "db")
                    .passthrough("A.example", "db")
                    .passthrough("b.example", "dc")
                    .build());
    assertEquals(
        List.of(
            "passthrough: a.example (expected: a listener that speaks TLS)",
            "passthrough: A.example (expected: each host once)",
            "passthrough b.example: cluster: dc (expected: one of db)"),
        wrong.problems());
  }

  @Test
  void settingsKeepWhatIsPassedOn() {
    ReverseProxySettings settings =
        ReverseProxy.builder()
            .tls(tls -> {})
            .cluster("db", c -> c.endpoint("https://a"))
            .passthrough("*.example.com", "db")
            .settings();
    assertEquals(List.of(new PassthroughSettings("*.example.com", "db")), settings.passthrough());
    assertEquals(settings, ReverseProxy.builder(settings).settings());
  }
}
