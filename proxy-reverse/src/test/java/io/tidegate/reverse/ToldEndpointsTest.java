package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.head;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.ProxyProtocolVersion;
import io.tidegate.core.testkit.OriginConnection;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.core.testkit.Tls;
import io.tidegate.core.wire.ProxyHeader;
import io.tidegate.core.wire.ProxyHeaderReader;
import io.tidegate.core.wire.ProxyHeaderWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What endpoints are told of clients by the PROXY protocol. */
class ToldEndpointsTest {
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String LINE = "PROXY TCP4 192.0.2.1 198.51.100.7 54321 8080\r\n";

  private final BlockingQueue<ProxyHeader> headers = new LinkedBlockingQueue<>();
  private OriginServer origin;
  private @Nullable ReverseProxy proxy;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
    origin.onConnection(
        c -> {
          headers.add(readHeader(c));
          while (!c.atEnd()) {
            c.readHead();
            c.send(ANSWER);
          }
        });
  }

  @AfterEach
  void closeAll() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    origin.close();
  }

  private static ProxyHeader readHeader(OriginConnection c) throws Exception {
    ProxyHeaderReader reader = new ProxyHeaderReader();
    while (true) {
      ProxyHeader header = reader.read(ByteBuffer.wrap(c.readBytes(1)));
      if (header != null) {
        return header;
      }
    }
  }

  private ReverseProxy start(
      Consumer<ReverseProxy.Builder> more, Consumer<ClusterBuilder> details) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .cluster(
                "origin",
                cluster -> {
                  cluster.endpoint("http://" + origin.authority());
                  details.accept(cluster);
                })
            .route("/**", "origin");
    more.accept(builder);
    ReverseProxy started = builder.start();
    proxy = started;
    return started;
  }

  private ReverseProxy start(ProxyProtocolVersion version) {
    return start(b -> {}, cluster -> cluster.proxyProtocol(version));
  }

  private ProxyHeader nextHeader() throws InterruptedException {
    return Objects.requireNonNull(headers.poll(10, TimeUnit.SECONDS));
  }

  private static String get() {
    return head("GET / HTTP/1.1", "Host: a");
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(Objects.requireNonNull(Ip.parse("127.0.0.1")), port);
  }

  @ParameterizedTest
  @EnumSource
  void anEndpointIsToldWhoTheClientIs(ProxyProtocolVersion version) throws Exception {
    int port = start(version).address().getPort();
    try (RawClient client = RawClient.connect(port)) {
      assertEquals("ok", client.exchange(get()).text());
      ProxyHeader header = nextHeader();
      assertEquals(loopback(client.localPort()), header.client());
      assertEquals(loopback(port), header.local());
    }
  }

  @Test
  void aConnectionServesOneClientOnly() throws Exception {
    int port = start(ProxyProtocolVersion.V2).address().getPort();
    try (RawClient one = RawClient.connect(port);
        RawClient other = RawClient.connect(port)) {
      assertEquals("ok", one.exchange(get()).text());
      assertEquals("ok", one.exchange(get()).text());
      assertEquals(1, origin.connections());
      assertEquals("ok", other.exchange(get()).text());
      assertEquals("ok", one.exchange(get()).text());
      assertEquals(2, origin.connections());
      assertEquals(loopback(one.localPort()), nextHeader().client());
      assertEquals(loopback(other.localPort()), nextHeader().client());
      assertEquals(3, origin.connection(0).heads().size());
    }
  }

  @Test
  void whoWasToldToUsIsToldOn() throws Exception {
    int port =
        start(
                b -> b.proxyProtocol(told -> told.from("127.0.0.1")),
                cluster -> cluster.proxyProtocol(ProxyProtocolVersion.V1))
            .address()
            .getPort();
    try (RawClient client = RawClient.connect(port)) {
      client.send(LINE);
      assertEquals("ok", client.exchange(get()).text());
      ProxyHeader header = nextHeader();
      assertEquals(LINE, line(header));
      assertEquals("192.0.2.1", RawHead.parse(origin.heads().get(0)).field("X-Forwarded-For"));
    }
  }

  private static String line(ProxyHeader header) {
    return new String(ProxyHeaderWriter.version1(header.client(), header.local()), ISO_8859_1);
  }

  @ParameterizedTest
  @EnumSource
  void aProbeSpeaksForNobody(ProxyProtocolVersion version) throws Exception {
    start(
        b -> {},
        cluster ->
            cluster
                .proxyProtocol(version)
                .health(h -> h.check("/up", check -> check.interval(Duration.ofHours(1)))));
    assertEquals(null, nextHeader().client());
    assertEquals("GET /up HTTP/1.1", RawHead.parse(origin.awaitHeads(1).get(0)).startLine());
  }

  @Test
  void anEndpointIsToldBeforeTls() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> serveTls(listener), "tls-origin");
      server.setDaemon(true);
      server.start();
      ReverseProxy started =
          ReverseProxy.builder()
              .listen("127.0.0.1", 0)
              .ioThreads(1)
              .upstreamTls(Tls.client())
              .cluster(
                  "secure",
                  cluster ->
                      cluster
                          .endpoint("https://localhost:" + listener.getLocalPort())
                          .proxyProtocol(ProxyProtocolVersion.V2))
              .route("/**", "secure")
              .start();
      proxy = started;
      try (RawClient client = RawClient.connect(started.address().getPort())) {
        assertEquals("ok", client.exchange(get()).text());
        assertEquals(loopback(client.localPort()), nextHeader().client());
      }
    }
  }

  private void serveTls(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      InputStream in = socket.getInputStream();
      ProxyHeaderReader reader = new ProxyHeaderReader();
      ProxyHeader header = null;
      while (header == null) {
        header = reader.read(ByteBuffer.wrap(in.readNBytes(1)));
      }
      headers.add(header);
      SSLSocket tls =
          (SSLSocket)
              Tls.server().getSocketFactory().createSocket(socket, (InputStream) null, true);
      tls.startHandshake();
      tls.getInputStream().read();
      tls.getOutputStream().write(ANSWER.getBytes(ISO_8859_1));
      tls.getInputStream().readAllBytes();
    } catch (Exception e) {
      // the proxy has closed it
    }
  }
}
