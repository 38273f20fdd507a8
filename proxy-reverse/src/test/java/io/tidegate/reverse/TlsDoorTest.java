package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.TlsBuilder;
import io.tidegate.core.testkit.Hellos;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands between a client that connects to a port with TLS and its first request. */
class TlsDoorTest {
  private static final int TIMEOUT = 20_000;

  private OriginServer origin;

  @BeforeEach
  void start() throws IOException {
    origin = OriginServer.start();
    origin.respond(ok("secret"));
  }

  @AfterEach
  void stop() throws Exception {
    origin.close();
  }

  private Proxy proxy(Consumer<TlsBuilder> tls, Consumer<ReverseProxy.Builder> more) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .tls(
                details -> {
                  details.context(Tls.server());
                  tls.accept(details);
                })
            .ioThreads(1)
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app");
    more.accept(builder);
    return builder.start();
  }

  private Proxy proxy() {
    return proxy(tls -> {}, more -> {});
  }

  private static Socket plain(Proxy proxy) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort());
    socket.setSoTimeout(TIMEOUT);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static SSLSocket client(Proxy proxy) throws IOException {
    return (SSLSocket)
        Tls.client()
            .getSocketFactory()
            .createSocket(plain(proxy), "localhost", proxy.address().getPort(), true);
  }

  private static byte[] clientHello() throws SSLException {
    SSLEngine engine = Tls.client().createSSLEngine("localhost", 443);
    engine.setUseClientMode(true);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void assertServed(Proxy proxy) throws IOException {
    try (RawClient client = RawClient.connectTls(proxy.address().getPort(), Tls.client())) {
      assertEquals("secret", client.exchange(get("/", "localhost")).text());
      assertEquals("secret", client.exchange(get("/", "localhost")).text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void requestsAreServedOverTls(String version) throws Exception {
    try (Proxy proxy = proxy();
        SSLSocket client = client(proxy)) {
      client.setEnabledProtocols(new String[] {version});
      client.startHandshake();
      assertEquals(version, client.getSession().getProtocol());
      assertServed(proxy);
    }
  }

  @Test
  void whatAClientSaysFirstMayComeInSingleOctets() throws Exception {
    try (Proxy proxy = proxy();
        Socket client = plain(proxy)) {
      for (byte octet : clientHello()) {
        client.getOutputStream().write(octet);
      }
      assertEquals(22, client.getInputStream().read());
    }
  }

  /** One whose key is not used before {@code used} has come back. */
  private Proxy slow(Runnable used, Consumer<ReverseProxy.Builder> more) {
    return proxy(
        tls -> tls.context(Tls.server(used)).handshakeTimeout(Duration.ofMinutes(2)), more);
  }

  private static Runnable awaiting(CountDownLatch latch) {
    return () -> {
      try {
        latch.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    };
  }

  @Test
  void whoeverComesAtOnceIsServedInTurn() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<Socket> clients = new ArrayList<>();
    byte[] hello = clientHello();
    try (Proxy proxy = slow(awaiting(release), more -> {})) {
      for (int i = 0; i < 1100; i++) {
        Socket client = plain(proxy);
        client.getOutputStream().write(hello);
        clients.add(client);
      }
      release.countDown();
      for (Socket client : clients) {
        assertEquals(22, client.getInputStream().read());
      }
    } finally {
      release.countDown();
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  @Test
  void handshakesOfClientsDoNotHoldUpThoseWithUpstreams() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<Socket> clients = new ArrayList<>();
    try (OriginServer secure = OriginServer.startTls(Tls.server());
        Proxy proxy =
            slow(
                awaiting(release),
                more ->
                    more.alsoListen("127.0.0.1", 0)
                        .upstreamTls(Tls.client())
                        .cluster("secure", c -> c.endpoint("https://" + secure.authority()))
                        .route("/secure", "secure"))) {
      secure.respond(ok("secret"));
      for (int i = 0; i < 8; i++) {
        Socket client = plain(proxy);
        client.getOutputStream().write(clientHello());
        clients.add(client);
      }
      int port = proxy.addresses().get(1).getPort();
      assertEquals("secret", RawClient.ask(port, get("/secure", "localhost")).text());
    } finally {
      release.countDown();
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aClientWithoutTlsIsTold() throws Exception {
    try (Proxy proxy = proxy();
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      RawResponse response = client.exchange(get("/", "localhost"));
      assertEquals(400, response.status());
      assertEquals("This port speaks TLS: use https.\n", response.text());
      assertEquals(0, origin.connections());
    }
  }

  @Test
  void whatIsNothingAtAllIsClosed() throws Exception {
    try (Proxy proxy = proxy();
        Socket client = plain(proxy)) {
      client.getOutputStream().write(new byte[] {0});
      assertEquals(-1, client.getInputStream().read());
    }
  }

  @Test
  void aClientHelloThatCannotBeReadIsAnsweredWithAnAlert() throws Exception {
    try (Proxy proxy = proxy();
        Socket client = plain(proxy)) {
      client.getOutputStream().write(Hellos.records(Hellos.message(new byte[3]), 100));
      assertArrayEquals(new byte[] {21, 3, 3, 0, 2, 2, 50}, client.getInputStream().readAllBytes());
    }
  }

  @ParameterizedTest
  @CsvSource({"h2;http/1.1,h2", "http/1.1;h2,h2", "http/1.1,http/1.1", "x;http/1.1,http/1.1"})
  void theBestProtocolOfBothIsChosen(String offered, String chosen) throws Exception {
    try (Proxy proxy = proxy();
        SSLSocket client = client(proxy)) {
      offer(client, offered.split(";"));
      client.startHandshake();
      assertEquals(chosen, client.getApplicationProtocol());
    }
  }

  @Test
  void whereNoProtocolIsOfferedNoneIsChosen() throws Exception {
    try (Proxy proxy = proxy();
        SSLSocket client = client(proxy)) {
      client.startHandshake();
      assertEquals("", client.getApplicationProtocol());
    }
  }

  @Test
  void aClientThatOffersOnlyWhatNobodySpeaksIsTold() throws Exception {
    try (Proxy proxy = proxy();
        SSLSocket client = client(proxy)) {
      offer(client, "spdy/3", "x");
      SSLException e = assertThrows(SSLException.class, client::startHandshake);
      assertTrue(e.getMessage().contains("no_application_protocol"), e.getMessage());
    }
  }

  private static void offer(SSLSocket client, String... protocols) {
    SSLParameters parameters = client.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    client.setSSLParameters(parameters);
  }

  @Test
  void aHandshakeEndsWhenItsTimeIsOver() throws Exception {
    byte[] hello = clientHello();
    try (Proxy proxy = proxy(tls -> tls.handshakeTimeout(Duration.ofSeconds(1)), more -> {});
        Socket silent = plain(proxy);
        Socket begun = plain(proxy);
        Socket answered = plain(proxy)) {
      begun.getOutputStream().write(hello, 0, hello.length / 2);
      answered.getOutputStream().write(hello);
      assertEquals(-1, silent.getInputStream().read());
      assertEquals(-1, begun.getInputStream().read());
      assertEquals(22, answered.getInputStream().readAllBytes()[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aClientThatGoesAwayInTheHandshakeIsCountedNoMore(int how) throws Exception {
    byte[] hello = clientHello();
    try (Proxy proxy = proxy(tls -> {}, more -> more.maxConnections(1))) {
      try (Socket client = plain(proxy)) {
        client.getOutputStream().write(hello, 0, how == 0 ? 20 : hello.length);
        if (how > 0) {
          assertEquals(22, client.getInputStream().read());
          client.setSoLinger(how == 2, 0); // 2: a reset
        }
      }
      assertTrue(isServedSoon(proxy));
    }
  }

  /** A connection more than there may be is closed at once. */
  private static boolean isServedSoon(Proxy proxy) {
    for (int i = 0; i < 2000; i++) {
      try {
        assertServed(proxy);
        return true;
      } catch (IOException e) {
        Thread.onSpinWait();
      }
    }
    return false;
  }
}
