package io.tidegate.core.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.wire.ProxyHeaderWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol before what clients say. */
public abstract class ProxyProtocolSuite extends ProxyWireSuite {
  private static final String LINE = "PROXY TCP4 192.0.2.1 198.51.100.7 54321 8080\r\n";

  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

  protected ProxyProtocolSuite(Side side) {
    super(side);
  }

  private static InetSocketAddress address(String host, int port) {
    return new InetSocketAddress(Objects.requireNonNull(Ip.parse(host)), port);
  }

  private static byte[] block(String client, int port) {
    return ProxyHeaderWriter.version2(address(client, port), address("198.51.100.7", 8080));
  }

  private void startBelieving(String... ranges) {
    start(
        p ->
            p.proxyProtocol(told -> told.from(ranges).timeout(Duration.ofMinutes(1)))
                .listener(onCompleting(outcomes)));
  }

  private void assertTold(String client, String local) throws InterruptedException {
    var request = next(outcomes).request();
    assertNotNull(request);
    assertEquals(client, text(request.clientAddress()));
    assertEquals(local, text(request.localAddress()));
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  @Test
  void whoIsToldIsTheClient() throws Exception {
    startBelieving("127.0.0.1");
    RawClient client = client();
    client.send(LINE + get("/a"));
    assertAnswer("ok", client.readResponse());
    assertTold("192.0.2.1:54321", "198.51.100.7:8080");
    assertAnswer("ok", client.exchange(get("/b")));
    assertTold("192.0.2.1:54321", "198.51.100.7:8080");
  }

  @Test
  void aBinaryHeaderTellsTheSame() throws Exception {
    startBelieving("127.0.0.0/8");
    RawClient client = client();
    client.send(block("2001:db8::7", 1));
    assertAnswer("ok", client.exchange(get("/")));
    assertTold("2001:db8:0:0:0:0:0:7:1", "198.51.100.7:8080");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHeaderMayComeOctetByOctet(boolean binary) throws Exception {
    startBelieving("127.0.0.1");
    RawClient client = client();
    byte[] header = binary ? block("192.0.2.1", 54321) : LINE.getBytes();
    for (byte octet : header) {
      client.send(new byte[] {octet});
    }
    assertAnswer("ok", client.exchange(get("/")));
    assertTold("192.0.2.1:54321", "198.51.100.7:8080");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSenderMayConnectOnItsOwnAccount(boolean binary) throws Exception {
    startBelieving("127.0.0.1");
    RawClient client = client();
    client.send(
        binary ? ProxyHeaderWriter.version2(null, null) : ProxyHeaderWriter.version1(null, null));
    assertAnswer("ok", client.exchange(get("/")));
    assertEquals(
        "127.0.0.1", next(outcomes).request().clientAddress().getAddress().getHostAddress());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.7 54321 80800\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.7 54321 8080\n",
        "\u0016\u0003\u0001",
      })
  void aSenderThatTellsNothingIsNotServed(String octets) throws Exception {
    startBelieving("127.0.0.1");
    RawClient client = client();
    client.send(octets);
    client.awaitClose();
    assertNothingForwarded();
  }

  @Test
  void aHeaderThatNeverEndsIsWaitedForOnlySoLong() throws Exception {
    start(p -> p.proxyProtocol(t -> t.from("127.0.0.1").timeout(SHORT)));
    RawClient silent = client();
    RawClient slow = client();
    slow.send("PROXY TCP4 ");
    silent.awaitClose();
    slow.awaitClose();
  }

  @Test
  void nobodyElseIsServedUnlessThatIsSaid() throws Exception {
    startBelieving("192.0.2.0/24");
    RawClient client = client();
    client.awaitClose();
    assertNothingForwarded();
  }

  @Test
  void whoElseIsServedIsNotBelieved() throws Exception {
    start(
        p ->
            p.proxyProtocol(told -> told.from("192.0.2.0/24").serveOthers())
                .listener(onCompleting(outcomes)));
    RawClient client = client();
    assertAnswer("ok", client.exchange(get("/")));
    assertEquals(
        "127.0.0.1", next(outcomes).request().clientAddress().getAddress().getHostAddress());
    RawClient liar = client();
    assertEquals(400, liar.exchange(LINE + get("/")).status());
    assertEquals(1, origin().heads().size());
  }

  @Test
  void aHeaderMayBeLeftOutWhereThatIsSaid() throws Exception {
    start(
        p ->
            p.proxyProtocol(told -> told.from("127.0.0.1").optional())
                .listener(onCompleting(outcomes)));
    RawClient client = client();
    client.send("P");
    client.send("RO");
    client.send(
        request("POST", "/", "Content-Length: 0").substring(1).replaceFirst("OST", "PFIND"));
    assertAnswer("ok", client.readResponse());
    assertEquals(
        "127.0.0.1", next(outcomes).request().clientAddress().getAddress().getHostAddress());
    RawClient told = client();
    told.send(LINE);
    assertAnswer("ok", told.exchange(get("/")));
    assertTold("192.0.2.1:54321", "198.51.100.7:8080");
    RawClient malformed = client();
    malformed.send("PROXY GET / HTTP/1.1\r\n");
    malformed.awaitClose();
  }

  @Test
  void connectionsAreCountedForTheClientAndNotForWhoTellsIt() throws Exception {
    start(
        p ->
            p.maxConnectionsPerClient(2)
                .proxyProtocol(told -> told.from("127.0.0.1").timeout(Duration.ofMinutes(1))));
    RawClient first = told("192.0.2.1");
    RawClient second = told("192.0.2.1");
    RawClient other = told("192.0.2.2");
    RawClient tooMany = client();
    tooMany.send(block("192.0.2.1", 1));
    tooMany.awaitClose();
    first.close();
    // the proxy notices a moment later that a connection has gone
    Eventually.holds(() -> isServed("192.0.2.1"));
    assertAnswer("ok", second.exchange(get("/")));
    assertAnswer("ok", other.exchange(get("/")));
  }

  private boolean isServed(String address) throws IOException {
    try (RawClient client = RawClient.connect(port())) {
      client.send(block(address, 1));
      client.send(get("/"));
      return client.readResponse().status() == 200;
    } catch (IOException refused) {
      return false;
    }
  }

  private RawClient told(String address) throws IOException {
    RawClient client = client();
    client.send(block(address, 1));
    assertAnswer("ok", client.exchange(get("/")));
    return client;
  }

  @Test
  void whoHasToldNothingYetIsNotWaitedForAtTheEnd() throws Exception {
    startBelieving("127.0.0.1");
    RawClient client = client();
    client.send("PROXY ");
    RawClient served = told("192.0.2.1");
    served.close();
    proxy().stop(Duration.ofMinutes(1));
    client.awaitClose();
  }
}
