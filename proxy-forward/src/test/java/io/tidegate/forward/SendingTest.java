package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.toAddress;
import static io.tidegate.forward.Requests.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.HttpCache;
import io.tidegate.core.Proxy;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import io.tidegate.forward.access.RequestPattern;
import io.tidegate.forward.egress.EgressBuilder;
import io.tidegate.forward.egress.EgressRuleBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Source addresses, https for plain http, and credentials, on the wire. */
class SendingTest {
  @RegisterExtension private final Opened opened = new Opened();
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.push(OriginServer.startTls(Tls.server()));
  }

  /** Of the key of {@link Tls#server}. */
  private static final String PIN = "Mw1co1srxQE2+b7rESF9gRH6xetWena6jK6yLp9+XbY=";

  private static final String OTHER_PIN = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

  private RawClient client(Consumer<ForwardProxy.Builder> more) throws IOException {
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .allowPrivateDestinations()
            .anyConnectPort()
            .upstreamTls(Tls.client());
    more.accept(builder);
    Proxy proxy = opened.push(builder.start());
    return opened.push(RawClient.connect(proxy.address().getPort()));
  }

  private RawClient sending(Consumer<EgressRuleBuilder> how) throws IOException {
    return client(p -> p.egress(e -> e.sending(atOrigin(), how)));
  }

  private RequestPattern atOrigin() {
    return to("localhost").ports(80, origin.port());
  }

  private String authority() {
    return "localhost:" + origin.port();
  }

  private String request(String method, String... fields) {
    String[] lines = new String[fields.length + 2];
    lines[0] = method + " http://" + authority() + "/x HTTP/1.1";
    lines[1] = "Host: " + authority();
    System.arraycopy(fields, 0, lines, 2, fields.length);
    return head(lines);
  }

  private static void assertFailure(int status, String error, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("gate; error=" + error, response.field("Proxy-Status"));
  }

  // https

  @Test
  void plainHttpIsSentOnOverTls() throws Exception {
    RawClient client = sending(s -> s.https());
    assertEquals("ok", client.exchange(request("GET")).text());
    assertEquals("ok", client.exchange(request("GET")).text());
    assertEquals("GET /x HTTP/1.1", origin.lastRequest().startLine());
    assertEquals(authority(), origin.lastRequest().field("Host"));
    assertEquals(1, origin.connections());
  }

  @Test
  void upstreamsAreBelievedAsTheRuleSays() throws Exception {
    Consumer<EgressRuleBuilder> pinned =
        s -> s.https().tls(tls -> tls.pinKey(OTHER_PIN)).credential("X-Key", Secret.of("k"));
    assertFailure(502, "tls_certificate_error", sending(pinned).exchange(request("GET")));
    Consumer<EgressRuleBuilder> known =
        s ->
            s.https()
                .tls(tls -> tls.pinKey(PIN).trustPinnedOnly())
                .credential("X-Key", Secret.of("k"));
    assertEquals("ok", sending(known).exchange(request("GET")).text());
    assertEquals("k", origin.lastRequest().field("X-Key"));
    assertEquals(1, origin.heads().size());
  }

  @Test
  void credentialsAreNotForWhoeverAnswers() {
    String refusal = "credential: X-Key (expected: upstreams whose certificates are verified)";
    Consumer<EgressRuleBuilder> key = s -> s.https().credential("X-Key", Secret.of("k"));
    ForwardProxy.Builder ofRule =
        ForwardProxy.builder()
            .egress(
                e ->
                    e.sending(
                        to("a.test"),
                        s -> {
                          key.accept(s);
                          s.tls(tls -> tls.insecureSkipVerification());
                        }));
    assertEquals(
        List.of(refusal),
        assertThrows(InvalidSettingsException.class, ofRule::settings).problems());
    ForwardProxy.Builder ofProxy =
        ForwardProxy.builder()
            .upstreamTls(tls -> tls.insecureSkipVerification())
            .egress(e -> e.sending(to("a.test"), key));
    assertEquals(
        List.of(refusal),
        assertThrows(InvalidSettingsException.class, ofProxy::settings).problems());
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.test:1, true,  true",
    "https://a.test:1, false, false",
    "http://a.test:1,  true,  false", // TLS is not for the way there
  })
  void aPasswordIsNotForAnyParentProxyThatAnswers(
      String parent, boolean insecure, boolean refused) {
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .egress(
                e -> e.parent("parent", p -> p.proxy(parent).credentials("alice", Secret.of("s"))));
    if (insecure) {
      builder.upstreamTls(tls -> tls.insecureSkipVerification());
    }
    String refusal =
        "parent parent: user: a value (expected: proxies whose certificates are verified)";
    assertEquals(refused ? List.of(refusal) : List.of(), problems(builder));
  }

  private static List<String> problems(ForwardProxy.Builder builder) {
    try {
      builder.settings();
      return List.of();
    } catch (InvalidSettingsException e) {
      return e.problems();
    }
  }

  @Test
  void port80IsMappedToTheOneNamed() throws Exception {
    RawClient client = sending(s -> s.https(origin.port()));
    assertEquals("ok", client.exchange(get("http://localhost/", "localhost")).text());
    assertEquals("localhost", origin.lastRequest().field("Host"));
  }

  @Test
  void theHostIsVerified() throws Exception {
    RawClient client = client(p -> p.egress(e -> e.sending(to("127.0.0.2"), s -> s.https())));
    String other = "127.0.0.2:" + origin.port();
    try (ServerSocket elsewhere =
        new ServerSocket(origin.port(), 1, InetAddress.getByName("127.0.0.2"))) {
      Thread relay = new Thread(() -> relay(elsewhere));
      relay.start();
      RawResponse response = client.exchange(get("http://" + other + "/", other));
      assertFailure(502, "tls_certificate_error", response);
    }
  }

  /** Leads one connection to the origin. */
  private void relay(ServerSocket listener) {
    try (Socket from = listener.accept();
        Socket to = new Socket("127.0.0.1", origin.port())) {
      Thread back = new Thread(() -> copy(to, from));
      back.start();
      copy(from, to);
      back.join();
    } catch (IOException | InterruptedException e) {
      // the client sees that
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // the other side has closed
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://localhost:{port}/y?z, http://localhost:{port}/y?z",
    "HTTPS://LOCALHOST:{port}, http://localhost:{port}",
    "https://localhost/y, https://localhost/y",
    "https://localhost.example:{port}/y, https://localhost.example:{port}/y",
    "https://user@localhost:{port}/y, https://user@localhost:{port}/y",
    "/y, /y"
  })
  void aRedirectionToTheHostItselfKeepsTheClientOnItsWay(String location, String mapped)
      throws Exception {
    String port = Integer.toString(origin.port());
    origin.respond(
        head(
            "HTTP/1.1 302 Found",
            "Location: " + location.replace("{port}", port),
            "Set-Cookie: a=b; Secure",
            "Content-Length: 0"));
    RawResponse response = sending(s -> s.https()).exchange(request("GET"));
    assertEquals(mapped.replace("{port}", port), response.field("Location"));
    assertEquals("a=b; Secure", response.field("Set-Cookie"));
  }

  @Test
  void aRedirectionFromPort80NamesTheDefaultPortOfHttps() throws Exception {
    origin.respond(
        head("HTTP/1.1 302 Found", "Location: https://localhost/y", "Content-Length: 0"));
    RawClient client = sending(s -> s.https(origin.port()));
    assertEquals(
        "http://localhost/y",
        client.exchange(get("http://localhost/", "localhost")).field("Location"));
  }

  @Test
  void aStoredRedirectionIsMappedToo() throws Exception {
    origin.respond(
        head(
            "HTTP/1.1 301 Moved",
            "Location: https://" + authority() + "/y",
            "Cache-Control: max-age=60",
            "Content-Length: 0"));
    RawClient client =
        client(p -> p.cache(c -> {}).egress(e -> e.sending(to("localhost"), s -> s.https())));
    for (int i = 0; i < 2; i++) {
      RawResponse response = client.exchange(request("GET"));
      assertEquals("http://" + authority() + "/y", response.field("Location"));
    }
    assertEquals(1, origin.heads().size());
  }

  @Test
  void httpsGoesThroughATunnelOfAnHttpsProxy() throws Exception {
    try (OriginServer parent = OriginServer.startTls(Tls.server())) {
      parent.onConnection(
          c -> {
            c.readHead();
            c.send("HTTP/1.1 200 OK\r\n\r\n");
            try (Socket to = new Socket("127.0.0.1", origin.port())) {
              Thread back =
                  new Thread(() -> pass(() -> to.getInputStream().read(), c::send, to::close));
              back.start();
              pass(() -> c.readBytes(1)[0] & 0xff, to.getOutputStream()::write, to::close);
              back.join();
            }
          });
      RawClient client =
          client(
              p ->
                  p.egress(
                      e ->
                          e.parent("p", x -> x.proxy("https://localhost:" + parent.port()))
                              .sending(to("localhost"), s -> s.https())));
      assertEquals("ok", client.exchange(request("GET")).text());
      assertEquals("ok", client.exchange(request("GET")).text());
      assertEquals(1, origin.connections());
    }
  }

  private interface From {
    int next() throws IOException;
  }

  private interface Into {
    void put(byte[] octets) throws IOException;
  }

  private interface End {
    void end() throws IOException;
  }

  /** Octet by octet until one side ends. */
  private static void pass(From from, Into into, End end) {
    try {
      for (int octet = from.next(); octet >= 0; octet = from.next()) {
        into.put(new byte[] {(byte) octet});
      }
    } catch (IOException e) {
      // so it has ended
    }
    try {
      end.end();
    } catch (IOException e) {
      // it is closed already
    }
  }

  // Credentials

  private static Consumer<EgressRuleBuilder> token() {
    return s -> s.https().credential("Authorization", Secret.of("t0p"), "Bearer ");
  }

  @Test
  void theUpstreamGetsOurCredentialsInPlaceOfTheClients() throws Exception {
    RawClient client = sending(token());
    RawResponse response = client.exchange(request("GET", "authorization: Basic theirs"));
    assertEquals("ok", response.text());
    assertEquals("Bearer t0p", origin.lastRequest().field("Authorization"));
    assertFalse(origin.heads().get(0).contains("theirs"));
    assertFalse(response.toString().contains("t0p"));
  }

  @Test
  void credentialsAreReadFromAFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("key"), "k3y\n");
    RawClient client =
        sending(s -> s.https().credential("X-Api-Key", Secret.file(file.toString())));
    client.exchange(request("GET"));
    assertEquals("k3y", origin.lastRequest().field("X-Api-Key"));
  }

  @Test
  void otherHostsDoNotGetThem() throws Exception {
    try (OriginServer other = OriginServer.start()) {
      RawClient client = sending(token());
      client.exchange(get("http://" + other.authority() + "/", other.authority()));
      assertNull(other.lastRequest().field("Authorization"));
    }
  }

  @Test
  void otherServicesOfTheHostDoNotGetThemUnlessTheirPortsAreNamed() throws Exception {
    RawClient anyPort = client(p -> p.egress(e -> e.sending(to("localhost"), token())));
    assertEquals("ok", anyPort.exchange(request("GET", "Authorization: Basic mine")).text());
    assertEquals("Basic mine", origin.lastRequest().field("Authorization"));
    assertEquals("ok", sending(token()).exchange(request("GET")).text());
    assertEquals("Bearer t0p", origin.lastRequest().field("Authorization"));
  }

  @Test
  void thePortThatStandsFor80GetsThem() throws Exception {
    Consumer<EgressRuleBuilder> mapped =
        s -> s.https(origin.port()).credential("X-Api-Key", Secret.of("k3y"));
    RawClient client = client(p -> p.egress(e -> e.sending(to("localhost"), mapped)));
    assertEquals("ok", client.exchange(get("http://localhost/", "localhost")).text());
    assertEquals("k3y", origin.lastRequest().field("X-Api-Key"));
  }

  @Test
  void theyGoThroughAParentInsideTlsOnly() throws Exception {
    try (OriginServer parent = OriginServer.start()) {
      parent.onConnection(
          c -> {
            c.readHead();
            c.send("HTTP/1.1 200 OK\r\n\r\n");
            assertEquals(22, c.readBytes(5)[0]); // a handshake of TLS (RFC 8446 §5.1)
          });
      RawClient client =
          client(
              p ->
                  p.egress(
                      e ->
                          e.parent("p", x -> x.proxy("http://" + parent.authority()))
                              .sending(atOrigin(), token())));
      assertEquals(502, client.exchange(request("GET")).status());
      assertTrue(parent.heads().get(0).startsWith("CONNECT " + authority() + " HTTP/1.1\r\n"));
      assertFalse(parent.heads().get(0).contains("t0p"));
    }
  }

  @Test
  void httpsGoesThroughATunnelOfTheParents() throws Exception {
    try (Proxy parent =
        ForwardProxy.builder()
            .listen(0)
            .viaName("parent")
            .allowPrivateDestinations()
            .anyConnectPort()
            .start(); ) {
      RawClient client =
          client(
              p ->
                  p.egress(
                      e ->
                          e.parent(
                                  "p",
                                  x -> x.proxy("http://127.0.0.1:" + parent.address().getPort()))
                              .sending(atOrigin(), token())));
      assertEquals("ok", client.exchange(request("GET")).text());
      assertEquals("ok", client.exchange(request("GET")).text());
      assertEquals("Bearer t0p", origin.lastRequest().field("Authorization"));
      assertEquals("1.1 gate", origin.lastRequest().field("Via"));
      assertEquals(1, origin.connections());
    }
  }

  @Test
  void traceIsRefusedWhereItWouldShowThem() throws Exception {
    RawResponse response = sending(token()).exchange(request("TRACE"));
    assertFailure(405, "http_request_error", response);
    assertEquals(0, origin.connections());
  }

  @Test
  void responsesToRequestsWithCredentialsAreNotStoredUnlessTheySaySo() throws Exception {
    origin.respond(
        head("HTTP/1.1 200 OK", "Cache-Control: max-age=60", "Content-Length: 1") + "1",
        head("HTTP/1.1 200 OK", "Cache-Control: public, max-age=60", "Content-Length: 1") + "2",
        head("HTTP/1.1 200 OK", "Content-Length: 1") + "3");
    RawClient client = client(p -> p.cache(c -> {}).egress(e -> e.sending(atOrigin(), token())));
    assertEquals("1", client.exchange(request("GET")).text());
    assertEquals("2", client.exchange(request("GET")).text());
    assertEquals("2", client.exchange(request("GET")).text());
    assertEquals(2, origin.heads().size());
  }

  /** What the origin answers, by turns, to {@code first} and then to {@code second}. */
  private String answers(Consumer<EgressBuilder> first, Consumer<EgressBuilder> second)
      throws IOException {
    origin.respond(stored("1"), stored("2"));
    HttpCache shared = HttpCache.inMemory(1 << 20);
    String one = client(p -> p.cache(shared).egress(first)).exchange(request("GET")).text();
    return one + client(p -> p.cache(shared).egress(second)).exchange(request("GET")).text();
  }

  private static String stored(String content) {
    return head("HTTP/1.1 200 OK", "Cache-Control: public, max-age=60", "Content-Length: 1")
        + content;
  }

  private Consumer<EgressBuilder> withKey(String field, String key) {
    return e -> e.sending(atOrigin(), s -> s.https().credential(field, Secret.of(key)));
  }

  @Test
  void proxiesThatShareACacheShareWhatIsSentWithTheSameCredentialsOnly() throws Exception {
    assertEquals("12", answers(withKey("X-Key", "a"), withKey("X-Key", "b")));
  }

  @Test
  void proxiesThatShareACacheShareWhatIsSentWithTheSameFieldOnly() throws Exception {
    assertEquals("12", answers(withKey("X-Key", "a"), withKey("X-Token", "a")));
  }

  @Test
  void whatIsSentInTheSameWayIsSharedWhicheverRuleSaysSo() throws Exception {
    Consumer<EgressBuilder> another = e -> e.sending(to("a.example"), s -> s.https());
    assertEquals("11", answers(withKey("X-Key", "a"), another.andThen(withKey("X-Key", "a"))));
  }

  @Test
  void whatIsSentWithoutCredentialsSharesNothingWithWhatIs() throws Exception {
    Consumer<EgressBuilder> anyPort = e -> e.sending(to("localhost"), token());
    assertEquals("12", answers(e -> e.sending(atOrigin(), token()), anyPort));
  }

  // Source addresses

  @Test
  void connectionsAreMadeFromTheAddressesInTurn() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      RawClient client =
          client(
              p ->
                  p.egress(
                      e ->
                          e.sending(
                              to("127.0.0.1"),
                              s -> s.sourceAddress("127.0.0.2").sourceAddress("127.0.0.3"))));
      for (String expected : List.of("127.0.0.2", "127.0.0.3", "127.0.0.2")) {
        String authority = "127.0.0.1:" + listener.getLocalPort();
        client.send(get("http://" + authority + "/", authority));
        try (Socket socket = listener.accept()) {
          assertEquals(expected, socket.getInetAddress().getHostAddress());
          socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\n".getBytes());
        }
        assertEquals(200, client.readResponse().status());
      }
    }
  }

  @Test
  void destinationsOfAnotherFamilyCannotBeReached() throws Exception {
    RawClient client =
        client(p -> p.egress(e -> e.sending(any(), s -> s.sourceAddress("127.0.0.2"))));
    assertFailure(
        502, "destination_ip_unroutable", client.exchange(get("http://[::1]:8080/", "[::1]:8080")));
  }

  // Settings

  private static List<String> problems(Consumer<EgressBuilder> egress) {
    return assertThrows(
            InvalidSettingsException.class, () -> ForwardProxy.builder().egress(egress).build())
        .problems();
  }

  @Test
  void everythingWrongIsSaidAtOnce() {
    assertEquals(
        List.of(
            "parent p: longest pause: PT1S (expected: >= the first)",
            "parent p: proxy: …@a:1 (expected: http://, https://, socks5:// or socks4a:// with a"
                + " host and a port, and nothing more)",
            "parent p: user: a value (expected: 1 to 255 octets, no colon, no control characters)",
            "parent q: proxies: [] (expected: at least one)",
            "sourceAddress: here (expected: an IP address)",
            "httpsPort: 0 (expected: 1 to 65535)",
            "credential: Host (expected: the name of a field that says who the client is)",
            "credential: X-Key (expected: https as well: it must not be overheard)"),
        problems(
            e ->
                e.onlyThroughParents()
                    .parent(
                        "p",
                        p ->
                            p.proxy("http://u:p@a:1")
                                .credentials("a:b", Secret.of("x"))
                                .pause(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                    .parent("q", p -> {})
                    .sending(to("a"), s -> s.sourceAddress("here").https(0))
                    .sending(to("a"), s -> s.https().credential("Host", Secret.of("x")))
                    .sending(to("a"), s -> s.credential("X-Key", Secret.of("x")))));
  }

  @Test
  void credentialsAreForHostsThatAreNamed() {
    String expected =
        "credential: X-Key (expected: hosts it is for, by name or address, and not all of them)";
    Consumer<EgressRuleBuilder> key = s -> s.https().credential("X-Key", Secret.of("x"));
    for (RequestPattern open :
        List.of(any(), user("x"), to("*"), to("a.example").to("*"), toAddress("10.0.0.0/8"))) {
      assertEquals(List.of(expected), problems(e -> e.sending(open, key)), open::toString);
    }
  }

  @Test
  void onlyThroughParentsNeedsOne() {
    assertEquals(
        List.of("onlyThroughParents: true (expected: a parent proxy to go through)"),
        problems(EgressBuilder::onlyThroughParents));
  }

  @Test
  void whatCannotBeReadOrUsedHereIsRefusedWhenTheProxyIsBuilt() {
    assertEquals(
        List.of(
            "egress.parents[0].password: file /nowhere/at/all (expected: a file in UTF-8 that can be read)",
            "egress.rules[0].sourceAddresses[0]: 203.0.113.9 (expected: an address of this machine)"),
        problems(
            e ->
                e.parent(
                        "p",
                        p -> p.proxy("http://a:1").credentials("a", Secret.file("/nowhere/at/all")))
                    .sending(to("a"), s -> s.sourceAddress("203.0.113.9"))));
  }

  @Test
  void aSecretThatIsNoFieldValueIsRefusedWithoutPrintingIt() {
    assertEquals(
        List.of(
            "egress.rules[0].credentials[0].secret: what was read (expected: text in ISO-8859-1 without control"
                + " characters)"),
        problems(
            e ->
                e.sending(
                    to("a"), s -> s.https().credential("A", Secret.of("t0p\r\nX: y"), "Bearer "))));
  }
}
