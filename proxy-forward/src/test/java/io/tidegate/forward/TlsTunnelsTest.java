package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.toAddress;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Stage;
import io.tidegate.core.testkit.Hellos;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.Tls;
import io.tidegate.forward.access.RequestPattern;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels that must begin with TLS for the host they were asked for. */
class TlsTunnelsTest {
  @RegisterExtension private final Opened opened = new Opened();
  private final BlockingQueue<ExchangeListener.Outcome> outcomes = new LinkedBlockingQueue<>();
  private OriginServer origin;
  private Proxy proxy;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.push(OriginServer.start().onConnection(Peer::awaitClose));
  }

  /** A client that has been told that it has a tunnel to {@code host}. */
  private RawClient tunnel(RequestPattern tls, String host, byte[] early) throws IOException {
    return tunnel(p -> p.tlsTunnels(tls), host, early);
  }

  private RawClient tunnel(Consumer<ForwardProxy.Builder> more, String host, byte[] early)
      throws IOException {
    Names names = new Names().add("www.example.com", "127.0.0.1");
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .allowPrivateDestinations()
            .anyConnectPort()
            .nameResolver(names.resolver())
            .listener(
                new ExchangeListener() {
                  @Override
                  public void completed(Outcome outcome) {
                    outcomes.add(outcome);
                  }
                });
    more.accept(builder);
    proxy = opened.push(builder.start());
    RawClient client = opened.push(RawClient.connect(proxy.address().getPort()));
    String authority = host + ":" + origin.port();
    String connect = head("CONNECT " + authority + " HTTP/1.1", "Host: " + authority);
    client.send(connect + new String(early, ISO_8859_1));
    assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
    return client;
  }

  private RawClient tunnel(String host) throws IOException {
    return tunnel(any(), host, new byte[0]);
  }

  private void assertCut(String why) throws Exception {
    ExchangeListener.Outcome outcome = outcomes.poll(10, TimeUnit.SECONDS);
    assertEquals("a tunnel that must be TLS was cut: " + why, outcome.failure().detail());
    assertEquals(ProxyError.HTTP_REQUEST_DENIED, outcome.failure().error());
    assertEquals(200, outcome.status());
    assertEquals(Stage.TUNNEL, outcome.stage());
    origin.connection(0).awaitEnded();
    assertEquals(0, origin.connection(0).received().length);
  }

  @ParameterizedTest
  @CsvSource({
    "www.example.com,  www.example.com",
    "WWW.EXAMPLE.COM,  www.example.com",
    "www.example.com., www.example.com",
    "www.example.com,  www.Example.com.",
    "127.0.0.1,        ",
    "127.0.0.1,        any.example",
    "[::ffff:127.0.0.1], "
  })
  void aHandshakeForTheHostThatWasAskedForPasses(String host, String server) throws Exception {
    byte[] hello = Hellos.hello(server);
    origin.onConnection(c -> c.send(c.readBytes(hello.length)));
    RawClient client = tunnel(host);
    client.send(hello);
    assertArrayEquals(hello, client.readBytes(hello.length));
  }

  @Test
  void itPassesWithTheRequestInOneSegmentAndWithWhatFollowsIt() throws Exception {
    byte[] hello =
        (new String(Hellos.hello("www.example.com"), ISO_8859_1) + "0-RTT").getBytes(ISO_8859_1);
    origin.onConnection(
        c -> {
          assertArrayEquals(hello, c.readBytes(hello.length));
          c.send("answer");
        });
    RawClient client = tunnel(any(), "www.example.com", hello);
    assertEquals("answer", client.readText(6));
  }

  @Test
  void itPassesInManyRecordsAndSegments() throws Exception {
    byte[] hello = Hellos.records(Hellos.message("www.example.com"), 7);
    origin.onConnection(c -> c.send(c.readBytes(hello.length)));
    RawClient client = tunnel("www.example.com");
    for (byte octet : hello) {
      client.send(new byte[] {octet});
    }
    assertArrayEquals(hello, client.readBytes(hello.length));
  }

  @Test
  void realTlsPasses() throws Exception {
    origin.close();
    origin = OriginServer.startTls(Tls.server());
    RawClient inner = RawClient.tlsInside(tunnel("127.0.0.1"), Tls.client());
    assertEquals("ok", inner.exchange(head("GET / HTTP/1.1", "Host: a")).text());
  }

  @ParameterizedTest
  @CsvSource({
    "other.example, its TLS is for another host",
    "example.com,   its TLS is for another host",
    ",              its TLS names no host"
  })
  void aHandshakeForAnotherHostIsCutWithAnAlert(String server, String why) throws Exception {
    RawClient client = tunnel("www.example.com");
    client.send(Hellos.hello(server));
    assertArrayEquals(new byte[] {21, 3, 3, 0, 2, 2, 49}, client.readUntilClose());
    assertCut(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n", "\u0000"})
  void whatIsNotTlsIsCut(String octets) throws Exception {
    RawClient client = tunnel("127.0.0.1");
    client.send(octets);
    assertTrue(client.atEnd());
    assertCut("not the beginning of TLS");
  }

  @Test
  void aClientThatEndsBeforeItHasBegunIsCut() throws Exception {
    RawClient client = tunnel("www.example.com");
    client.send("\u0016\u0003");
    client.halfClose();
    assertTrue(client.atEnd());
    assertCut("it ended before TLS had begun");
  }

  @Test
  void aClientThatSaysNothingIsCut() throws Exception {
    Duration little = Duration.ofMillis(300);
    RawClient client =
        tunnel(p -> p.tlsTunnels(any()).tunnelIdleTimeout(little), "www.example.com", new byte[0]);
    assertTrue(client.atEnd());
    assertCut("TLS did not begin in time");
  }

  @Test
  void aProxyThatStopsCutsThoseThatHaveNotBegun() throws Exception {
    RawClient client = tunnel("www.example.com");
    origin.connection(0);
    proxy.close();
    assertTrue(client.atEnd());
    origin.connection(0).awaitEnded();
  }

  @Test
  void otherTunnelsCarryAnything() throws Exception {
    origin.onConnection(c -> c.send(c.readText(5)));
    RawClient client = tunnel(to("*.example.org"), "www.example.com", new byte[0]);
    client.send("plain");
    assertEquals("plain", client.readText(5));
  }

  @Test
  void tunnelsCanBeToldByTheirAddress() throws Exception {
    RawClient client = tunnel(toAddress("127.0.0.0/8"), "www.example.com", new byte[0]);
    client.send("plain");
    assertTrue(client.atEnd());
    assertCut("not the beginning of TLS");
  }
}
