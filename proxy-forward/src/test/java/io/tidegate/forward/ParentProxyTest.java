package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.toAddress;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.HttpCache;
import io.tidegate.core.Proxy;
import io.tidegate.core.spi.NameResolver;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginConnection;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import io.tidegate.forward.egress.EgressBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and tunnels through other proxies, on the wire. */
class ParentProxyTest {
  @RegisterExtension private final Opened opened = new Opened();

  /** The parent proxy, which plays the destination too. */
  private OriginServer parent;

  @BeforeEach
  void startParent() throws IOException {
    parent = opened.origin();
  }

  private Proxy proxy(Consumer<ForwardProxy.Builder> more) {
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .connectTimeout(Duration.ofSeconds(2));
    more.accept(builder);
    return opened.push(builder.start());
  }

  private RawClient client(Consumer<EgressBuilder> egress) throws IOException {
    return client(proxy(p -> p.egress(egress)));
  }

  private RawClient client(Proxy proxy) throws IOException {
    return opened.push(RawClient.connect(proxy.address().getPort()));
  }

  private Consumer<EgressBuilder> through(String scheme) {
    return e -> e.parent("p", p -> p.proxy(scheme + "://" + parent.authority()));
  }

  private static String connect(String authority) {
    return head("CONNECT " + authority + " HTTP/1.1", "Host: " + authority);
  }

  private static void assertFailure(int status, String error, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("gate; error=" + error, response.field("Proxy-Status"));
    assertNull(response.field("Proxy-Authenticate"));
  }

  // Requests through HTTP proxies

  @Test
  void anHttpProxyGetsTheWholeUriAndResolvesTheName() throws Exception {
    RawResponse response =
        client(through("http")).exchange(get("http://nowhere.invalid/x?y", "nowhere.invalid"));
    assertEquals("ok", response.text());
    RawHead sent = parent.lastRequest();
    assertEquals("GET http://nowhere.invalid/x?y HTTP/1.1", sent.startLine());
    assertEquals("nowhere.invalid", sent.field("Host"));
    assertEquals("1.1 gate", sent.field("Via"));
  }

  @Test
  void theServerAsAWholeIsAskedForWithoutAPath() throws Exception { // RFC 9112 §3.2.4
    client(through("http"))
        .exchange(head("OPTIONS http://a.invalid:8080 HTTP/1.1", "Host: a.invalid:8080"));
    assertEquals("OPTIONS http://a.invalid:8080 HTTP/1.1", parent.lastRequest().startLine());
  }

  @Test
  void requestsForManyOriginsShareAConnectionToTheParent() throws Exception {
    RawClient client = client(through("http"));
    client.exchange(get("http://a.invalid/", "a.invalid"));
    client.exchange(get("http://b.invalid/", "b.invalid"));
    assertEquals(1, parent.connections());
    assertEquals("GET http://b.invalid/ HTTP/1.1", parent.lastRequest().startLine());
  }

  @Test
  void theParentGetsOurCredentialsAndNeverTheClients() throws Exception {
    RawClient client =
        client(
            e ->
                e.parent(
                    "p",
                    p ->
                        p.proxy("http://" + parent.authority())
                            .credentials("us", Secret.of("pw"))));
    String request =
        head(
            "GET http://a.invalid/ HTTP/1.1",
            "Host: a.invalid",
            "Proxy-Authorization: Basic theirs");
    assertEquals(200, client.exchange(request).status());
    assertEquals("Basic dXM6cHc=", parent.lastRequest().field("Proxy-Authorization"));
    assertFalse(parent.heads().get(0).contains("theirs"));
  }

  @Test
  void withoutCredentialsTheParentGetsNone() throws Exception {
    client(through("http"))
        .exchange(
            head(
                "GET http://a.invalid/ HTTP/1.1",
                "Host: a.invalid",
                "Proxy-Authorization: Basic theirs"));
    assertNull(parent.lastRequest().field("Proxy-Authorization"));
  }

  @Test
  void aParentThatDoesNotKnowUsIsABadGateway() throws Exception {
    parent.respond(
        head(
            "HTTP/1.1 407 Proxy Authentication Required",
            "Proxy-Authenticate: Basic realm=\"p\"",
            "Content-Length: 0"));
    assertFailure(
        502,
        "proxy_configuration_error",
        client(through("http")).exchange(get("http://a.invalid/", "a.invalid")));
  }

  @Test
  void anHttpsProxyIsTalkedToOverVerifiedTls() throws Exception {
    try (OriginServer secure = OriginServer.startTls(Tls.server())) {
      Consumer<EgressBuilder> localhost =
          e -> e.parent("p", p -> p.proxy("https://localhost:" + secure.port()));
      RawClient client = client(proxy(p -> p.upstreamTls(Tls.client()).egress(localhost)));
      assertEquals("ok", client.exchange(get("http://a.invalid/", "a.invalid")).text());
      assertEquals("GET http://a.invalid/ HTTP/1.1", secure.lastRequest().startLine());
      RawClient distrusting = client(localhost);
      assertFailure(
          502,
          "tls_certificate_error",
          distrusting.exchange(get("http://a.invalid/", "a.invalid")));
    }
  }

  @Test
  void aProtocolIsSwitchedInATunnelThroughTheParent() throws Exception {
    parent.onConnection(
        c -> {
          c.readHead();
          c.send("HTTP/1.1 200 OK\r\n\r\n");
          c.readHead();
          c.send(head("HTTP/1.1 101 X", "Upgrade: websocket", "Connection: upgrade") + "hello");
          c.awaitClose();
        });
    RawClient client = client(through("http"));
    RawResponse response =
        client.exchange(
            head(
                "GET http://a.invalid/chat HTTP/1.1",
                "Host: a.invalid",
                "Upgrade: websocket",
                "Connection: upgrade"));
    assertEquals(101, response.status());
    assertEquals("hello", new String(client.readBytes(5), ISO_8859_1));
    assertTrue(parent.heads().get(0).startsWith("CONNECT a.invalid:80 HTTP/1.1\r\n"));
    assertEquals("GET /chat HTTP/1.1", parent.lastRequest().startLine());
  }

  // Tunnels

  @Test
  void connectGoesThroughATunnelOfTheParents() throws Exception {
    parent.onConnection(
        c -> {
          c.readHead();
          c.send("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n220 hello");
          assertArrayEquals("hi".getBytes(ISO_8859_1), c.readBytes(2));
          c.send("bye");
          c.awaitClose();
        });
    RawClient client = client(through("http"));
    client.send(connect("a.invalid:443"));
    assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
    assertEquals("220 hello", new String(client.readBytes(9), ISO_8859_1));
    client.send("hi");
    assertEquals("bye", new String(client.readBytes(3), ISO_8859_1));
    assertEquals(
        "CONNECT a.invalid:443 HTTP/1.1\r\nHost: a.invalid:443\r\nVia: 1.1 gate\r\n\r\n",
        parent.heads().get(0));
    client.close();
  }

  @Test
  void whatIsSaidOfTlsToParentsComesBeforeWhatTheProxySays() throws Exception {
    String pin = "Mw1co1srxQE2+b7rESF9gRH6xetWena6jK6yLp9+XbY=";
    try (OriginServer secure = OriginServer.startTls(Tls.server())) {
      String uri = "https://localhost:" + secure.port();
      RawClient client =
          client(
              proxy(
                  p ->
                      p.upstreamTls(tls -> tls.serverName("other.test"))
                          .egress(
                              e ->
                                  e.parent(
                                      "p",
                                      x ->
                                          x.proxy(uri)
                                              .tls(t -> t.pinKey(pin).trustPinnedOnly())))));
      assertEquals("ok", client.exchange(get("http://a.invalid/", "a.invalid")).text());
    }
  }

  @Test
  void connectGoesThroughATunnelOfAnHttpsProxy() throws Exception {
    try (OriginServer secure = OriginServer.startTls(Tls.server())) {
      secure.onConnection(
          c -> {
            c.readHead();
            c.send("HTTP/1.1 200 OK\r\n\r\nearly");
            c.send(c.readBytes(100_000));
            c.awaitClose();
          });
      RawClient client =
          client(
              proxy(
                  p ->
                      p.upstreamTls(Tls.client())
                          .egress(
                              e ->
                                  e.parent(
                                      "p", x -> x.proxy("https://localhost:" + secure.port())))));
      client.send(connect("a.invalid:443"));
      assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
      assertEquals("early", new String(client.readBytes(5), ISO_8859_1));
      byte[] octets = "0123456789".repeat(10_000).getBytes(ISO_8859_1);
      client.send(octets);
      assertArrayEquals(octets, client.readBytes(octets.length));
      client.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "407, 502, proxy_configuration_error",
    "403, 403, http_request_denied",
    "503, 502, destination_unavailable"
  })
  void aRefusalOfTheParentsIsNeverPassedOnAsIfFromTheOrigin(int answered, int status, String error)
      throws Exception {
    parent.respond(
        head(
                "HTTP/1.1 " + answered + " No",
                "Proxy-Authenticate: Basic realm=\"p\"",
                "Content-Length: 6")
            + "secret");
    RawResponse response = client(through("http")).exchange(connect("a.invalid:443"));
    assertFailure(status, error, response);
    assertFalse(response.text().contains("secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n"})
  void aParentThatDoesNotSpeakHttpIsABadGateway(String garbage) throws Exception {
    parent.onConnection(
        c -> {
          c.readHead();
          c.send(garbage);
          c.awaitClose();
        });
    assertFailure(
        502, "http_protocol_error", client(through("http")).exchange(connect("a.invalid:443")));
  }

  @Test
  void aParentThatClosesInTheMiddleIsABadGateway() throws Exception {
    parent.onConnection(OriginConnection::readHead);
    assertFailure(
        502, "connection_terminated", client(through("http")).exchange(connect("a.invalid:443")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "socks5", "socks4a"})
  void aParentThatNeverAnswersIsGivenUp(String scheme) throws Exception {
    parent.onConnection(OriginConnection::awaitClose);
    Proxy proxy = proxy(p -> p.connectTimeout(Duration.ofMillis(200)).egress(through(scheme)));
    assertFailure(504, "connection_timeout", client(proxy).exchange(connect("a.invalid:443")));
  }

  // SOCKS

  private static void expect(OriginConnection connection, String hex) throws IOException {
    byte[] octets = HexFormat.of().parseHex(hex);
    assertEquals(hex, HexFormat.of().formatHex(connection.readBytes(octets.length)));
  }

  private static void reply(OriginConnection connection, String hex) throws IOException {
    connection.send(HexFormat.of().parseHex(hex));
  }

  private static String name(String host) {
    return HexFormat.of().formatHex(host.getBytes(ISO_8859_1));
  }

  @Test
  void aSocks5ProxyCarriesRequests() throws Exception {
    parent.onConnection(
        c -> {
          expect(c, "050100");
          reply(c, "0500");
          expect(c, "0501000309" + name("a.invalid") + "1f90");
          reply(c, "05000001000000000000");
          for (int i = 0; i < 2; i++) {
            c.readHead();
            c.send(ok("socks"));
          }
          c.awaitClose();
        });
    RawClient client = client(through("socks5"));
    String request = get("http://a.invalid:8080/x", "a.invalid:8080");
    assertEquals("socks", client.exchange(request).text());
    assertEquals("socks", client.exchange(request).text());
    assertEquals("GET /x HTTP/1.1", parent.lastRequest().startLine());
    assertEquals(1, parent.connections());
  }

  @Test
  void aSocks5ProxyGetsThePasswordAndCarriesTunnels() throws Exception {
    parent.onConnection(
        c -> {
          expect(c, "05020002");
          reply(c, "0502");
          expect(c, "01027573027077");
          reply(c, "0100");
          expect(c, "0501000309" + name("a.invalid") + "01bb");
          reply(c, "0500000302" + name("b.") + "0001");
          c.send(c.readBytes(4));
          c.awaitClose();
        });
    RawClient client =
        client(
            e ->
                e.parent(
                    "p",
                    p ->
                        p.proxy("socks5://" + parent.authority())
                            .credentials("us", Secret.of("pw"))));
    client.send(connect("a.invalid:443"));
    assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
    client.send("ping");
    assertEquals("ping", new String(client.readBytes(4), ISO_8859_1));
    client.close();
  }

  @Test
  void aSocks4ProxyIsGivenTheName() throws Exception {
    parent.onConnection(
        c -> {
          expect(c, "0401005000000001" + "00" + name("a.invalid") + "00");
          reply(c, "005a000000000000");
          c.readHead();
          c.send(ok("socks"));
          c.awaitClose();
        });
    RawClient client = client(through("socks4a"));
    assertEquals("socks", client.exchange(get("http://a.invalid/", "a.invalid")).text());
  }

  @Test
  void whatASocksProxySendsBeforeTheRequestIsNoResponse() throws Exception {
    parent.onConnection(
        c -> {
          expect(c, "0401005000000001" + "00" + name("a.invalid") + "00");
          c.send(HexFormat.of().parseHex("005a000000000000485454502f"));
          c.awaitClose();
        });
    assertFailure(
        502,
        "http_protocol_error",
        client(through("socks4a")).exchange(get("http://a.invalid/", "a.invalid")));
  }

  // Several

  @Test
  void theNextParentIsTriedWhenOneCannotBeReached() throws Exception {
    int nobody = OriginServer.unusedPort();
    RawClient client =
        client(
            e ->
                e.parent(
                    "p",
                    p ->
                        p.proxy("http://127.0.0.1:" + nobody)
                            .proxy("http://" + parent.authority())));
    assertEquals("ok", client.exchange(get("http://a.invalid/", "a.invalid")).text());
    String post =
        head("POST http://a.invalid/ HTTP/1.1", "Host: a.invalid", "Content-Length: 2") + "hi";
    assertEquals("ok", client.exchange(post).text());
  }

  @Test
  void theNextParentIsTriedWhenOneDoesNotKnowUs() throws Exception {
    try (OriginServer strict = OriginServer.start()) {
      strict.respond(head("HTTP/1.1 407 No", "Content-Length: 0"));
      RawClient client =
          client(
              e ->
                  e.parent(
                      "p",
                      p ->
                          p.proxy("http://" + strict.authority())
                              .proxy("http://" + parent.authority())));
      assertEquals("ok", client.exchange(get("http://a.invalid/", "a.invalid")).text());
      assertEquals("ok", client.exchange(get("http://a.invalid/", "a.invalid")).text());
      assertEquals(1, strict.heads().size()); // it is left out for a while
    }
  }

  private Proxy first(String scheme, OriginServer first) {
    return proxy(
        p ->
            p.connectTimeout(Duration.ofSeconds(1))
                .egress(
                    e ->
                        e.parent(
                            "p",
                            x ->
                                x.proxy(scheme + "://" + first.authority())
                                    .proxy("http://" + parent.authority())
                                    .credentials("us", Secret.of("pw")))));
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void theNextParentIsTriedWhenOneSaysNothingBeforeItIsAsked(boolean greets) throws Exception {
    try (OriginServer silent = OriginServer.start()) {
      silent.onConnection(
          c -> {
            if (greets) {
              expect(c, "05020002");
              reply(c, "0502");
            }
            c.awaitClose();
          });
      RawClient client = client(first("socks5", silent));
      assertEquals("ok", client.exchange(get("http://a.invalid/", "a.invalid")).text());
      assertEquals("ok", client.exchange(get("http://b.invalid/", "b.invalid")).text());
      assertEquals(1, silent.connections()); // it is left out for a while
    }
  }

  @Test
  void aParentThatTakesItsTimeForTheDestinationIsNotLeftOut() throws Exception {
    try (OriginServer slow = OriginServer.start()) {
      slow.onConnection(
          c -> {
            expect(c, "05020002");
            reply(c, "0500");
            expect(c, "0501000309" + name("a.invalid") + "0050");
            c.awaitClose();
          });
      RawClient client = client(first("socks5", slow));
      for (int i = 0; i < 2; i++) {
        assertFailure(
            504, "connection_timeout", client.exchange(get("http://a.invalid/", "a.invalid")));
      }
      assertEquals(0, parent.connections());
    }
  }

  @Test
  void whatAParentHasRefusedIsNotAskedOfTheNext() throws Exception {
    try (OriginServer next = OriginServer.start()) {
      parent.respond(head("HTTP/1.1 403 No", "Content-Length: 0"));
      RawClient client =
          client(
              e ->
                  e.parent(
                      "p",
                      p ->
                          p.proxy("http://" + parent.authority())
                              .proxy("http://" + next.authority())));
      assertFailure(403, "http_request_denied", client.exchange(connect("a.invalid:443")));
      assertEquals(0, next.connections());
    }
  }

  @Test
  void ifNoParentCanBeReachedTheRequestFails() throws Exception {
    int nobody = OriginServer.unusedPort();
    RawClient client = client(e -> e.parent("p", p -> p.proxy("socks5://127.0.0.1:" + nobody)));
    for (int i = 0; i < 2; i++) { // the second time all are left out, and tried all the same
      assertFailure(
          502, "connection_refused", client.exchange(get("http://a.invalid/", "a.invalid")));
    }
  }

  // Which way

  @Test
  void theFirstParentsWhoseRequestsMatchAreTaken() throws Exception {
    try (OriginServer other = OriginServer.start()) {
      other.respond(ok("other"));
      RawClient client =
          client(
              e ->
                  e.parent(
                          "one",
                          p ->
                              p.proxy("http://" + other.authority())
                                  .forRequests(to("*.corp"))
                                  .forRequests(to("*.lan")))
                      .parent("two", p -> p.proxy("http://" + parent.authority())));
      assertEquals("other", client.exchange(get("http://a.corp/", "a.corp")).text());
      assertEquals("other", client.exchange(get("http://a.lan/", "a.lan")).text());
      assertEquals("ok", client.exchange(get("http://a.invalid/", "a.invalid")).text());
    }
  }

  @Test
  void exceptionsGoStraightToTheDestination() throws Exception {
    try (OriginServer origin = OriginServer.start()) {
      origin.respond(ok("direct"));
      Proxy proxy =
          proxy(
              p ->
                  p.allowAddresses("127.0.0.1")
                      .egress(through("http"))
                      .egress(e -> e.onlyThroughParents().direct(toAddress("127.0.0.0/8"))));
      String request = get("http://" + origin.authority() + "/x", origin.authority());
      assertEquals("direct", client(proxy).exchange(request).text());
      assertEquals("GET /x HTTP/1.1", origin.lastRequest().startLine());
      assertEquals(0, parent.connections());
    }
  }

  @Test
  void whatNoParentIsForCanBeRefused() throws Exception {
    RawClient client =
        client(
            e ->
                e.onlyThroughParents()
                    .parent(
                        "p",
                        p -> p.proxy("http://" + parent.authority()).forRequests(to("*.corp"))));
    assertFailure(
        403, "http_request_denied", client.exchange(get("http://a.invalid/", "a.invalid")));
  }

  // Addresses

  @Test
  void addressesThatAClientAsksForAreCheckedAllTheSame() throws Exception {
    assertFailure(
        403,
        "destination_ip_prohibited",
        client(through("http")).exchange(get("http://10.0.0.1/", "10.0.0.1")));
    assertEquals(0, parent.connections());
  }

  @Test
  void rulesThatAskForAddressesRefuseWhatOnlyTheParentWouldResolve() throws Exception {
    Proxy proxy =
        proxy(p -> p.deny(toAddress("203.0.113.0/24")).allow(to("*")).egress(through("http")));
    assertFailure(
        403, "http_request_denied", client(proxy).exchange(get("http://a.invalid/", "a.invalid")));
    assertEquals(0, parent.connections());
  }

  @Test
  void rulesThatOnlyReportLetPassWhatOnlyTheParentResolves() throws Exception {
    Proxy proxy =
        proxy(p -> p.reportOnly().deny(toAddress("203.0.113.0/24")).egress(through("http")));
    assertEquals(200, client(proxy).exchange(get("http://a.invalid/", "a.invalid")).status());
  }

  @Test
  void aParentThatIsThisProxyIsALoop() throws Exception {
    int port = OriginServer.unusedPort();
    InetAddress[] ourselves = {InetAddress.getLoopbackAddress()};
    Proxy proxy =
        proxy(
            p ->
                p.listen("127.0.0.1", port)
                    .nameResolver(NameResolver.blocking(host -> ourselves))
                    .egress(e -> e.parent("p", x -> x.proxy("http://p.example:" + port))));
    assertFailure(
        508, "proxy_loop_detected", client(proxy).exchange(get("http://a.invalid/", "a.invalid")));
  }

  @Test
  void namesCanBeResolvedAndCheckedHere() throws Exception {
    Proxy proxy =
        proxy(
            p ->
                p.allowPrivateDestinations()
                    .egress(
                        e ->
                            e.parent(
                                "p",
                                x -> x.proxy("socks5://" + parent.authority()).resolveNames())));
    parent.onConnection(
        c -> {
          expect(c, "050100");
          reply(c, "0500");
          expect(c, "050100" + "01" + "7f000001" + "1f90");
          reply(c, "05000001000000000000");
          c.readHead();
          c.send(ok("checked"));
          c.awaitClose();
        });
    RawClient client = client(proxy);
    assertEquals(
        "checked", client.exchange(get("http://localhost:8080/", "localhost:8080")).text());
  }

  @Test
  void whatIsResolvedHereIsRefusedHere() throws Exception {
    Proxy proxy =
        proxy(
            p ->
                p.allowPrivateDestinations()
                    .denyAddresses("127.0.0.0/8", "::1")
                    .egress(
                        e ->
                            e.parent(
                                "p", x -> x.proxy("http://" + parent.authority()).resolveNames())));
    assertFailure(
        403,
        "destination_ip_prohibited",
        client(proxy).exchange(get("http://localhost:8080/", "localhost:8080")));
    assertEquals(0, parent.connections());
  }

  @Test
  void aResponseThatIsCutOffOnTheWayFromAnHttpsProxyIsNotWhole() throws Exception {
    try (OriginServer secure = OriginServer.startTls(Tls.server())) {
      secure.onConnection(
          c -> {
            c.readHead();
            c.send("HTTP/1.1 200 OK\r\n\r\n");
            c.readHead();
            c.send("HTTP/1.1 200 OK\r\n\r\npart"); // its end would be that of TLS
            c.cut();
          });
      Proxy proxy =
          proxy(
              p ->
                  p.allowPrivateDestinations()
                      .upstreamTls(Tls.client())
                      .egress(
                          e ->
                              e.parent(
                                  "p",
                                  x ->
                                      x.proxy("https://localhost:" + secure.port())
                                          .resolveNames())));
      RawResponse response =
          client(proxy).exchange(get("http://localhost:8080/", "localhost:8080"));
      assertEquals("part", response.text());
      assertFalse(response.complete(), response::toString);
    }
  }

  // Stored responses

  @Test
  void parentsOfOneNameInTwoProxiesShareStoredResponsesIfTheyAreTheSame() throws Exception {
    parent.respond(stored("1"), stored("2"), stored("3"));
    HttpCache cache = HttpCache.inMemory(1 << 20);
    assertEquals("1", through(cache, "a").text());
    assertEquals("1", through(cache, "a").text());
    assertEquals("2", through(cache, "b").text());
  }

  private static String stored(String content) {
    return head("HTTP/1.1 200 OK", "Cache-Control: max-age=60", "Content-Length: 1") + content;
  }

  private RawResponse through(HttpCache cache, String user) throws IOException {
    Consumer<EgressBuilder> egress =
        e ->
            e.parent(
                "p",
                p -> p.proxy("http://" + parent.authority()).credentials(user, Secret.of("pw")));
    return client(proxy(p -> p.cache(cache).egress(egress)))
        .exchange(get("http://a.invalid/", "a.invalid"));
  }

  // Pools

  @Test
  void clientsThatGoThroughTheParentAsOthersShareNoConnections() throws Exception {
    Proxy proxy =
        proxy(
            p ->
                p.egress(
                    e ->
                        e.parent(
                                "a",
                                x ->
                                    x.proxy("http://" + parent.authority())
                                        .credentials("a", Secret.of("1"))
                                        .forRequests(fromClient("127.0.0.1").to("a.invalid")))
                            .parent(
                                "b",
                                x ->
                                    x.proxy("http://" + parent.authority())
                                        .credentials("b", Secret.of("2")))));
    RawClient client = client(proxy);
    client.exchange(get("http://a.invalid/", "a.invalid"));
    client.exchange(get("http://b.invalid/", "b.invalid"));
    client.exchange(get("http://a.invalid/", "a.invalid"));
    assertEquals(2, parent.connections());
    assertEquals(2, parent.connection(0).heads().size());
  }

  // Loops

  @Test
  void aTunnelThatComesBackThroughTheParentIsALoop() throws Exception {
    Proxy proxy = proxy(p -> p.egress(through("http")));
    parent.onConnection(
        c -> {
          String asked = c.readHead();
          try (RawClient back = RawClient.connect(proxy.address().getPort())) {
            assertEquals(508, back.exchange(asked).status());
          }
          c.send(head("HTTP/1.1 508 Loop", "Content-Length: 0"));
          c.awaitClose();
        });
    assertFailure(502, "destination_unavailable", client(proxy).exchange(connect("a.invalid:443")));
  }
}
