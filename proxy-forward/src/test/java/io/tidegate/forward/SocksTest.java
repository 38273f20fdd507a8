package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.text;
import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.to;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.ExchangeFilter;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.Tls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak SOCKS (RFC 1928; 4 and 4a), to a proxy that does not ask who they are. */
class SocksTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String GRANTED_5 = "05000001000000000000";
  private static final String GRANTED_4 = "005a000000000000";
  private static final String REJECTED_4 = "005b000000000000";

  @RegisterExtension private final Opened opened = new Opened();
  private final BlockingQueue<ExchangeListener.Outcome> outcomes = new LinkedBlockingQueue<>();
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.origin();
  }

  private ForwardProxy start(Consumer<ForwardProxy.Builder> more) {
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .listenSocks("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .allowPrivateDestinations()
            .anyConnectPort()
            .listener(
                new ExchangeListener() {
                  @Override
                  public void completed(Outcome outcome) {
                    outcomes.add(outcome);
                  }
                });
    more.accept(builder);
    return opened.push(builder.start());
  }

  private RawClient client(InetSocketAddress address) throws IOException {
    return opened.push(RawClient.connect(address));
  }

  private RawClient client() throws IOException {
    return client(start(p -> {}).socksAddress());
  }

  private ExchangeListener.Outcome outcome() throws InterruptedException {
    return outcomes.poll(10, TimeUnit.SECONDS);
  }

  private static void send(RawClient client, String hex) throws IOException {
    client.send(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static void assertReceives(String hex, RawClient client) throws IOException {
    assertEquals(hex, HexFormat.of().formatHex(client.readBytes(hex.length() / 2)));
  }

  private static byte[] octets(int... values) {
    byte[] octets = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      octets[i] = (byte) values[i];
    }
    return octets;
  }

  /** A request of version 5 for a name. */
  private static byte[] request5(String host, int port) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(octets(5, 1, 0, 3, host.length()));
    request.writeBytes(host.getBytes(ISO_8859_1));
    request.writeBytes(octets(port >> 8, port));
    return request.toByteArray();
  }

  /** A request of version 4a. */
  private static byte[] request4(String host, int port) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(octets(4, 1, port >> 8, port, 0, 0, 0, 1, 'a', 'n', 'n', 0));
    request.writeBytes(host.getBytes(ISO_8859_1));
    request.write(0);
    return request.toByteArray();
  }

  /** What the proxy answers to a request of version 5, after it has been greeted. */
  private String answer(Consumer<ForwardProxy.Builder> more, String host, int port)
      throws IOException {
    RawClient client = client(start(more).socksAddress());
    send(client, "05 01 00");
    assertReceives("0500", client);
    client.send(request5(host, port));
    return HexFormat.of().formatHex(client.readUntilClose());
  }

  private static String refused5(int code) {
    return "05%02x0001000000000000".formatted(code);
  }

  // What passes

  @Test
  void aTunnelOpensByName() throws Exception {
    RawClient client = client();
    send(client, "05 02 00 02");
    assertReceives("0500", client);
    client.send(request5("localhost", origin.port()));
    assertReceives(GRANTED_5, client);
    assertEquals("ok", client.exchange(head("GET /x HTTP/1.1", "Host: a")).text());
    assertEquals(head("GET /x HTTP/1.1", "Host: a"), origin.heads().get(0));
  }

  @Test
  void aTunnelOpensByIpv4Address() throws Exception {
    RawClient client = client();
    send(client, "05 01 00");
    assertReceives("0500", client);
    send(client, "05 01 00 01 7f 00 00 01 %04x".formatted(origin.port()));
    assertReceives(GRANTED_5, client);
    assertEquals("ok", client.exchange(get("/", "a")).text());
  }

  @Test
  void aTunnelOpensForVersion4() throws Exception {
    RawClient client = client();
    send(client, "04 01 %04x 7f 00 00 01 61 00".formatted(origin.port()));
    assertReceives(GRANTED_4, client);
    assertEquals("ok", client.exchange(get("/", "a")).text());
  }

  @Test
  void aTunnelOpensForVersion4a() throws Exception {
    RawClient client = client();
    client.send(request4("localhost", origin.port()));
    assertReceives(GRANTED_4, client);
    assertEquals("ok", client.exchange(get("/", "a")).text());
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, " + GRANTED_5, "192.0.2.2, 05020001000000000000"})
  void aBalancerTellsWhoseTunnelItIs(String told, String answer) throws Exception {
    ForwardProxy proxy =
        start(
            p ->
                p.listen("127.0.0.1", 0)
                    .socks()
                    .proxyProtocol(balancer -> balancer.from("127.0.0.1"))
                    .allow(fromClient("192.0.2.1")));
    RawClient client = client(proxy.address());
    client.send("PROXY TCP4 " + told + " 198.51.100.7 54321 1080\r\n");
    send(client, "05 01 00");
    assertReceives("0500", client);
    client.send(request5("127.0.0.1", origin.port()));
    assertReceives(answer, client);
    client.close();
    assertEquals(told, outcome().request().clientAddress().getAddress().getHostAddress());
  }

  @Test
  void aTunnelOpensInsideTls() throws Exception {
    ForwardProxy proxy =
        start(p -> p.listen("127.0.0.1", 0).socks().tls(tls -> tls.context(Tls.server())));
    RawClient client = opened.push(RawClient.connectTls(proxy.address().getPort(), Tls.client()));
    client.send(request4("127.0.0.1", origin.port()));
    assertReceives(GRANTED_4, client);
    assertEquals("ok", client.exchange(get("/", "a")).text());
  }

  @Test
  void everyOctetMayComeAlone() throws Exception {
    RawClient client = client();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(octets(5, 1, 0));
    all.writeBytes(request5("localhost", origin.port()));
    all.writeBytes(get("/", "a").getBytes(ISO_8859_1));
    for (byte octet : all.toByteArray()) {
      client.send(new byte[] {octet});
    }
    assertReceives("0500" + GRANTED_5, client);
    assertEquals("ok", client.readResponse().text());
  }

  @Test
  void whatFollowsTheRequestGoesIntoTheTunnel() throws Exception {
    origin.onConnection(c -> c.send(c.readText(5)));
    RawClient client = client();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(octets(5, 1, 0));
    all.writeBytes(request5("127.0.0.1", origin.port()));
    all.writeBytes("hasty".getBytes(ISO_8859_1));
    client.send(all.toByteArray());
    assertReceives("0500" + GRANTED_5, client);
    assertEquals("hasty", client.readText(5));
  }

  @Test
  void theClientMayEndFirstAndStillListen() throws Exception {
    origin.onConnection(
        c -> {
          assertEquals("question", text(c.readUntilClose()));
          c.send("answer");
        });
    RawClient client = client();
    client.send(request4("127.0.0.1", origin.port()));
    client.send("question");
    client.halfClose();
    assertReceives(GRANTED_4, client);
    assertEquals("answer", text(client.readUntilClose()));
  }

  @Test
  void aClientThatInsistsOnShowingCredentialsMay() throws Exception {
    RawClient client = client();
    send(client, "05 01 02");
    assertReceives("0502", client);
    send(client, "01 01 61 01 62");
    assertReceives("0100", client);
    client.send(request5("127.0.0.1", origin.port()));
    assertReceives(GRANTED_5, client);
  }

  @Test
  void listenersAreToldOfAConnectRequest() throws Exception {
    RawClient client = client();
    client.send(request4("LOCALHOST", origin.port()));
    assertReceives(GRANTED_4, client);
    client.close();
    ExchangeListener.Outcome outcome = outcome();
    assertEquals("CONNECT localhost:" + origin.port(), outcome.request().head().toString());
    assertEquals(200, outcome.status());
  }

  // Several protocols

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneAddressSpeaksBothProtocols(boolean pieces) throws Exception {
    ForwardProxy proxy = start(p -> p.listen("127.0.0.1", 0).socks());
    assertEquals(proxy.address(), proxy.socksAddress());
    RawClient socks = client(proxy.address());
    socks.send(request4("127.0.0.1", origin.port()));
    assertReceives(GRANTED_4, socks);
    RawClient http = client(proxy.address());
    String request = get("http://" + origin.authority() + "/", origin.authority());
    if (pieces) {
      http.send(request.substring(0, 1));
      http.send(request.substring(1));
    } else {
      http.send(request);
    }
    assertEquals("ok", http.readResponse().text());
    assertEquals("ok", http.exchange(request).text());
  }

  @Test
  void anAddressForSocksSpeaksNothingElse() throws Exception {
    RawClient client = client();
    client.send(get("http://" + origin.authority() + "/", origin.authority()));
    assertEquals("", text(client.readUntilClose()));
    assertEquals(400, outcome().status());
  }

  @Test
  void anAddressForHttpDoesNotSpeakSocks() throws Exception {
    ForwardProxy proxy = start(p -> p.listen("127.0.0.1", 0));
    RawClient client = client(proxy.address());
    send(client, "05 01 00 0d 0a 0d 0a");
    assertEquals(400, client.readResponse().status());
  }

  @Test
  void aProxyWithoutSocksHasNoAddressForIt() {
    try (ForwardProxy proxy = ForwardProxy.builder().start()) {
      assertThrows(IllegalStateException.class, proxy::socksAddress);
    }
  }

  // What does not pass

  @Test
  void theRulesDecide() throws Exception {
    assertEquals(refused5(2), answer(p -> p.allow(to("a.example")), "127.0.0.1", origin.port()));
    assertEquals(0, origin.connections());
    ExchangeListener.Outcome outcome = outcome();
    assertEquals(403, outcome.status());
    assertEquals("http_request_denied", outcome.failure().error().token());
  }

  @Test
  void clientsAreToldApartByTheirAddress() throws Exception {
    assertEquals(
        refused5(2),
        answer(p -> p.deny(fromClient("127.0.0.1")).allow(any()), "127.0.0.1", origin.port()));
  }

  @Test
  void onlyThePortsOfConnectCanBeAskedFor() throws Exception {
    ForwardProxy proxy =
        opened.push(
            ForwardProxy.builder().listenSocks("127.0.0.1", 0).allowPrivateDestinations().start());
    RawClient client = client(proxy.socksAddress());
    send(client, "05 01 00");
    client.send(request5("127.0.0.1", origin.port()));
    assertReceives("0500" + refused5(2), client);
    assertEquals(0, origin.connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "::ffff:127.0.0.1", "localhost"})
  void noSpellingOfAPrivateAddressGetsThrough(String host) throws Exception {
    ForwardProxy proxy =
        opened.push(ForwardProxy.builder().listenSocks("127.0.0.1", 0).anyConnectPort().start());
    RawClient client = client(proxy.socksAddress());
    send(client, "05 01 00");
    assertReceives("0500", client);
    client.send(request5(host, origin.port()));
    assertReceives(refused5(2), client);
    assertEquals(0, origin.connections());
  }

  @Test
  void aFilterOfTheApplicationDecides() throws Exception {
    ExchangeFilter filter =
        new ExchangeFilter() {
          @Override
          public void request(ClientRequest request, Completion<Verdict> completion) {
            completion.completed(OwnResponse.of(403));
          }
        };
    assertEquals(refused5(2), answer(p -> p.filter(filter), "127.0.0.1", origin.port()));
  }

  @Test
  void anUpstreamThatRefusesIsToldOf() throws Exception {
    assertEquals(refused5(5), answer(p -> {}, "127.0.0.1", OriginServer.unusedPort()));
    assertEquals(502, outcome().status());
  }

  @Test
  void aNameWithoutAddressIsUnreachable() throws Exception {
    assertEquals(refused5(4), answer(p -> {}, "nowhere.invalid", 443));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "BIND, 05010005020001, 0500, 7",
    "UDP ASSOCIATE, 05010005030001, 0500, 7",
    "an unknown command, 05010005990001, 0500, 7",
    "an unknown type of address, 05010005010002, 0500, 8",
    "a name with a line break, 0501000501000303610a620050, 0500, 1",
    "an empty name, 05010005010003000050, 0500, 1",
    "port zero, 0501000501000301610000, 0500, 1",
    "a name that some read as an address, 050100050100030a3231333037303634333301bb, 0500, 1"
  })
  void whatCannotBeAskedForIsRefused(String what, String said, String greeted, int code)
      throws Exception {
    RawClient client = client();
    send(client, said);
    assertEquals(greeted + refused5(code), HexFormat.of().formatHex(client.readUntilClose()), what);
    assertEquals(0, origin.connections());
  }

  @Test
  void whatCannotBeAskedForInVersion4IsRejected() throws Exception {
    RawClient client = client();
    send(client, "04 02");
    assertEquals(REJECTED_4, HexFormat.of().formatHex(client.readUntilClose()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0500", "050101"})
  void aClientThatOffersNoWayOfAuthenticationIsToldSo(String greeting) throws Exception {
    RawClient client = client();
    send(client, greeting);
    assertEquals("05ff", HexFormat.of().formatHex(client.readUntilClose()));
  }

  // Time, limits and ends

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "05, 05ff",
    "0501000501, 050005010001000000000000",
    "0401, 005b000000000000"
  })
  void aNegotiationThatTakesTooLongIsEnded(String begun, String answer) throws Exception {
    RawClient client = client(start(p -> p.headTimeout(SHORT)).socksAddress());
    send(client, begun);
    assertEquals(answer, HexFormat.of().formatHex(client.readUntilClose()));
  }

  @Test
  void aClientThatSaysNothingToTwoProtocolsIsEndedToo() throws Exception {
    ForwardProxy proxy = start(p -> p.listen("127.0.0.1", 0).socks().headTimeout(SHORT));
    assertTrue(client(proxy.address()).atEnd());
  }

  @Test
  void tunnelsCountAgainstTheLimitOfConnections() throws Exception {
    ForwardProxy proxy = start(p -> p.maxConnections(1));
    RawClient first = client(proxy.socksAddress());
    first.send(request4("127.0.0.1", origin.port()));
    assertReceives(GRANTED_4, first);
    assertTrue(client(proxy.socksAddress()).atEnd());
  }

  @Test
  void aClientThatGoesAwayWhileItWaitsEndsTheExchange() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    ExchangeFilter undecided =
        new ExchangeFilter() {
          @Override
          public void request(ClientRequest request, Completion<Verdict> completion) {
            asked.countDown();
          }
        };
    RawClient client = client(start(p -> p.filter(undecided)).socksAddress());
    client.send(request4("127.0.0.1", origin.port()));
    assertTrue(asked.await(10, TimeUnit.SECONDS));
    client.reset();
    assertEquals(499, outcome().failure().status());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connectionsThatHaveSaidNothingAreClosedWhenTheProxyStops(boolean both) throws Exception {
    ForwardProxy proxy =
        start(
            p -> {
              if (both) {
                p.listen("127.0.0.1", 0).socks();
              }
            });
    RawClient idle = client(proxy.socksAddress());
    RawClient served = client(proxy.socksAddress()); // accepted in order: both are by then
    served.send(request4("127.0.0.1", origin.port()));
    assertReceives(GRANTED_4, served);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> proxy.stop(Peer.PATIENCE));
    assertTrue(idle.atEnd());
    assertEquals("ok", served.exchange(get("/", "a")).text());
    served.close();
    stopped.get(10, TimeUnit.SECONDS);
  }

  @Test
  void closingTheProxyCutsTunnels() throws Exception {
    origin.onConnection(Peer::awaitClose);
    ForwardProxy proxy = start(p -> {});
    RawClient client = client(proxy.socksAddress());
    client.send(request4("127.0.0.1", origin.port()));
    assertReceives(GRANTED_4, client);
    proxy.close();
    assertTrue(client.atEnd());
    origin.connection(0).awaitEnded();
  }
}
