package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.forward.Requests.certificate;
import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.user;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.spi.Stage;
import io.tidegate.core.testkit.Messages;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.TlsDialogue;
import io.tidegate.core.testkit.TlsFiles;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import io.tidegate.forward.auth.AuthenticationBuilder;
import io.tidegate.forward.auth.CertificateName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How clients of a forward proxy say who they are, on the wire. */
class AuthenticationWireTest {
  private static final String BASIC = "Basic realm=\"proxy\", charset=\"UTF-8\"";

  @RegisterExtension private final Opened opened = new Opened();
  private final List<String> users = new CopyOnWriteArrayList<>();
  private OriginServer origin;

  @TempDir private Path directory;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.origin();
  }

  private int start(Consumer<AuthenticationBuilder> details) {
    return start(details, p -> {});
  }

  private int start(Consumer<AuthenticationBuilder> details, Consumer<ForwardProxy.Builder> more) {
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .allowPrivateDestinations()
            .anyConnectPort()
            .authentication(a -> a.delay(Duration.ZERO, Duration.ZERO))
            .authentication(details)
            .listener(
                new ExchangeListener() {
                  @Override
                  public void completed(Outcome outcome) {
                    users.add(outcome.request() == null ? "-" : outcome.request().user());
                  }
                });
    more.accept(builder);
    ForwardProxy proxy = opened.push(builder.start());
    return proxy.address().getPort();
  }

  private static void alice(AuthenticationBuilder authentication) {
    authentication.user("alice", Secret.of("secret"));
  }

  private RawClient client(int port) throws IOException {
    return opened.push(RawClient.connect(port));
  }

  private static String basic(String name, String password) {
    byte[] octets = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(octets);
  }

  private String uri() {
    return "http://" + origin.authority() + "/x";
  }

  private String get() {
    return Messages.get(uri(), origin.authority());
  }

  private String get(String credentials) {
    return head(
        "GET " + uri() + " HTTP/1.1",
        "Host: " + origin.authority(),
        "Proxy-Authorization: " + credentials);
  }

  private String connect(String... more) {
    String[] lines = new String[2 + more.length];
    lines[0] = "CONNECT " + origin.authority() + " HTTP/1.1";
    lines[1] = "Host: " + origin.authority();
    System.arraycopy(more, 0, lines, 2, more.length);
    return head(lines);
  }

  @Test
  void whoSaysNothingIsAskedAndMayAnswerOnTheSameConnection() throws Exception {
    RawClient client = client(start(AuthenticationWireTest::alice));
    RawResponse asked = client.exchange(get());
    assertEquals(407, asked.status());
    assertEquals(List.of(BASIC), asked.all("Proxy-Authenticate"));
    assertEquals("gate; error=http_request_denied", asked.field("Proxy-Status"));
    assertNull(asked.field("Connection"));
    assertEquals(0, origin.connections());
    assertEquals(407, client.exchange(get(basic("alice", "Secret"))).status());
    assertEquals(407, client.exchange(get(basic("bob", "secret"))).status());
    assertEquals("ok", client.exchange(get(basic("alice", "secret"))).text());
    assertEquals("ok", client.exchange(get(basic("alice", "secret"))).text());
    assertEquals(407, client.exchange(get()).status());
    assertEquals(List.of("", "", "", "alice", "alice", ""), users);
  }

  @Test
  void contentOfARequestThatIsRefusedIsNoRequest() throws Exception {
    RawClient client = client(start(AuthenticationWireTest::alice));
    String inside = get(basic("alice", "secret"));
    client.send(
        head(
                "POST " + uri() + " HTTP/1.1",
                "Host: " + origin.authority(),
                "Content-Length: " + inside.length())
            + inside);
    assertEquals(407, client.readResponse().status());
    client.awaitClose(); // rather than wait for what nobody wants
    assertEquals(0, origin.connections());
  }

  @Test
  void aTunnelIsOpenedAfterAQuestionOnTheSameConnection() throws Exception {
    RawClient client = client(start(AuthenticationWireTest::alice));
    client.send(connect());
    RawResponse asked = client.readResponse();
    assertEquals(407, asked.status());
    assertEquals(BASIC, asked.field("Proxy-Authenticate"));
    client.send(connect("Proxy-Authorization: " + basic("alice", "secret")));
    assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
    assertEquals("ok", client.exchange(Messages.get("/", "o")).text());
    assertFalse(origin.lastRequest().fields().toString().contains("Proxy-Auth"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "Secret"})
  void clientsOfSocksShowTheSamePasswords(String password) throws Exception {
    RawClient client = client(start(AuthenticationWireTest::alice, p -> p.socks()));
    client.send(new byte[] {5, 1, 2}); // RFC 1928 §3: name and password only
    assertArrayEquals(new byte[] {5, 2}, client.readBytes(2));
    client.send("\1\5alice\6" + password); // RFC 1929 §2
    byte[] verdict = client.readBytes(2);
    assertEquals(password.equals("secret"), verdict[1] == 0);
  }

  /** Of a client of SOCKS that offers these methods and, if asked, shows these credentials. */
  private RawClient socks(int port, byte[] methods, String credentials) throws Exception {
    RawClient client = client(port);
    client.send(new byte[] {5, (byte) methods.length});
    client.send(methods);
    if (client.readBytes(2)[1] == 2) {
      client.send(credentials);
      assertArrayEquals(new byte[] {1, 0}, client.readBytes(2));
    }
    int at = origin.port();
    client.send(new byte[] {5, 1, 0, 1, 127, 0, 0, 1, (byte) (at >> 8), (byte) at});
    assertArrayEquals(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0}, client.readBytes(10));
    return client;
  }

  @ParameterizedTest
  @CsvSource({"alice, secret", "bob, password", "carol, secret"})
  void usersWithAPasswordMayOpenTunnelsBySocks(String name, String password) throws Exception {
    Path file = file();
    int port =
        start(
            a -> alice(a.passwordFile(file.toString())),
            p -> p.socks().allow(user(name))); // whoever else it is does not pass
    String credentials =
        "\1" + (char) name.length() + name + (char) password.length() + password; // RFC 1929 §2
    RawClient client = socks(port, new byte[] {0, 2}, credentials);
    assertEquals("ok", client.exchange(Messages.get("/", "o")).text());
  }

  @Test
  void exemptClientsPassBySocksWhateverTheyOfferAndShow() throws Exception {
    int port = start(a -> alice(a.exempt(fromClient("127.0.0.1"))), p -> p.socks());
    for (byte[] methods : new byte[][] {{0}, {2}, {0, 2}}) {
      RawClient client = socks(port, methods, "\1\5alice\5wrong");
      assertEquals("ok", client.exchange(Messages.get("/", "o")).text());
    }
  }

  @Test
  void anExemptionOfRequestsIsNoneOfAllThatAClientAsksFor() throws Exception {
    int port =
        start(
            a ->
                alice(
                    a.exempt(fromClient("127.0.0.1").to("127.0.0.1"))
                        .exempt(fromClient("127.0.0.1").port(origin.port()))
                        .exempt(fromClient("127.0.0.1").toAddress("127.0.0.0/8"))
                        .exempt(fromClient("192.0.2.0/24"))),
            p -> p.socks());
    RawClient client = client(port);
    client.send(new byte[] {5, 1, 2});
    assertArrayEquals(new byte[] {5, 2}, client.readBytes(2));
    client.send("\1\5alice\5wrong");
    assertArrayEquals(new byte[] {1, 1}, client.readBytes(2));
    assertEquals("ok", socks(port, new byte[] {0}, "").exchange(Messages.get("/", "o")).text());
  }

  @Test
  void theSchemeMayBeInAnyCaseAndTheNameOfAnyLetters() throws Exception {
    RawClient client = client(start(a -> a.user("Jürgen", Secret.of("geh:€im"))));
    String credentials = basic("Jürgen", "geh:€im").replace("Basic ", "bASIC  ");
    assertEquals("ok", client.exchange(get(credentials)).text());
    assertEquals(List.of("Jürgen"), users);
  }

  @Test
  void credentialsStayHere() throws Exception {
    origin.respond(ok("ok"), ok("ok"));
    RawClient client = client(start(AuthenticationWireTest::alice));
    client.exchange(get(basic("alice", "secret")));
    client.exchange(get(basic("alice", "secret")));
    assertTrue(origin.heads().size() >= 2);
    for (String head : origin.heads()) {
      assertFalse(head.toLowerCase(Locale.ROOT).contains("proxy-auth"), head);
      assertFalse(head.contains("alice"), head);
    }
  }

  @Test
  void aTraceThatEndsHereDoesNotRepeatThem() throws Exception {
    RawClient client = client(start(AuthenticationWireTest::alice));
    RawResponse traced =
        client.exchange(
            head(
                "TRACE " + uri() + " HTTP/1.1",
                "Host: " + origin.authority(),
                "Max-Forwards: 0",
                "Proxy-Authorization: " + basic("alice", "secret")));
    assertEquals(200, traced.status());
    assertFalse(traced.text().contains("Authorization"), traced.text());
  }

  @Test
  void credentialsThatAreThereTwiceAreRefused() throws Exception {
    RawClient client = client(start(AuthenticationWireTest::alice));
    RawResponse refused =
        client.exchange(
            head(
                "GET " + uri() + " HTTP/1.1",
                "Host: " + origin.authority(),
                "Proxy-Authorization: " + basic("alice", "secret"),
                "Proxy-Authorization: " + basic("alice", "secret")));
    assertEquals(400, refused.status());
    assertEquals(0, origin.connections());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Basic", "Basic !", "Basic YQ==", "Basic Og==", "Negotiate abc", "x", "Basic a=b"})
  void whatIsNoNameAndPasswordIsAskedFor(String credentials) throws Exception {
    RawResponse asked = RawClient.ask(start(AuthenticationWireTest::alice), get(credentials));
    assertEquals(407, asked.status());
    assertEquals(BASIC, asked.field("Proxy-Authenticate"));
  }

  @Test
  void theRealmIsQuoted() throws Exception {
    int port = start(a -> a.user("a", Secret.of("b")).realm("the \"egress\" \\"));
    assertEquals(
        "Basic realm=\"the \\\"egress\\\" \\\\\", charset=\"UTF-8\"",
        RawClient.ask(port, get()).field("Proxy-Authenticate"));
  }

  /** Of bob, whose password is {@code password}, and carol, whose is {@code secret}. */
  private Path file() throws Exception {
    return Files.writeString(
        directory.resolve("users"),
        "bob:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\n"
            + "carol:$2y$04$ZP5tQ8U/v6.8.3AKRmvmwOH9HuEDvYvr3daBt80lQbVcRlq2VrTZS\n");
  }

  @Test
  void usersOfAFileAreKnown() throws Exception {
    Path file = file();
    RawClient client = client(start(a -> a.passwordFile(file.toString())));
    assertEquals("ok", client.exchange(get(basic("bob", "password"))).text());
    assertEquals("ok", client.exchange(get(basic("carol", "secret"))).text());
    assertEquals(407, client.exchange(get(basic("carol", "password"))).status());
    assertEquals(List.of("bob", "carol", ""), users);
  }

  @Test
  void afterTooManyFailuresAnAddressHasToWaitUnlessItIsKnown() throws Exception {
    RawClient client = client(start(a -> alice(a.maxFailures(2, Duration.ofMinutes(10)))));
    String right = get(basic("alice", "secret"));
    assertEquals("ok", client.exchange(right).text());
    assertEquals(407, client.exchange(get(basic("alice", "1"))).status());
    assertEquals(407, client.exchange(get()).status());
    assertEquals(407, client.exchange(get("Basic !")).status());
    RawResponse refused = client.exchange(get(basic("alice", "2")));
    assertEquals(429, refused.status());
    assertEquals("600", refused.field("Retry-After"));
    assertEquals(
        "429 Too Many Requests: too many attempts to authenticate have failed\n", refused.text());
    assertEquals("ok", client.exchange(right).text());
    assertEquals(407, client.exchange(get()).status());
  }

  @Test
  void aRightPasswordEndsTheCount() throws Exception {
    RawClient client =
        client(
            start(
                a ->
                    alice(
                        a.user("bob", Secret.of("hidden"))
                            .maxFailures(2, Duration.ofMinutes(10)))));
    assertEquals(407, client.exchange(get(basic("alice", "1"))).status());
    assertEquals("ok", client.exchange(get(basic("alice", "secret"))).text());
    assertEquals(407, client.exchange(get(basic("alice", "2"))).status());
    assertEquals("ok", client.exchange(get(basic("bob", "hidden"))).text());
  }

  @Test
  void aFailureIsSlowedAndAQuestionIsNot() throws Exception {
    Duration delay = Duration.ofSeconds(1);
    RawClient client = client(start(a -> alice(a.delay(delay, delay))));
    long start = System.nanoTime();
    assertEquals(407, client.exchange(get()).status());
    assertEquals("ok", client.exchange(get(basic("alice", "secret"))).text());
    long quick = System.nanoTime() - start;
    start = System.nanoTime();
    assertEquals(407, client.exchange(get(basic("alice", "x"))).status());
    long slow = System.nanoTime() - start;
    assertTrue(slow >= delay.toNanos(), "took " + slow);
    assertTrue(quick < slow, quick + " is less than " + slow);
  }

  @Test
  void aClientThatGoesWhileItIsPutOffHarmsNobody() throws Exception {
    int port = start(a -> alice(a.delay(Duration.ofMillis(200), Duration.ofMillis(200))));
    RawClient gone = client(port);
    gone.send(get(basic("alice", "x")));
    gone.close();
    RawClient client = client(port);
    assertEquals(407, client.exchange(get(basic("alice", "x"))).status());
    assertEquals("ok", client.exchange(get(basic("alice", "secret"))).text());
  }

  @Test
  void anAnswerIsNotPutOffBeyondHalfTheResponseTimeout() throws Exception {
    Duration minute = Duration.ofMinutes(1);
    int port =
        start(a -> alice(a.delay(minute, minute)), p -> p.responseTimeout(Duration.ofMillis(400)));
    assertEquals(407, RawClient.ask(port, get(basic("alice", "x"))).status());
  }

  @Test
  void exemptRequestsNeedNoCredentials() throws Exception {
    RawClient client = client(start(a -> alice(a.exempt(to("127.0.0.1").port(origin.port())))));
    assertEquals("ok", client.exchange(get()).text());
    assertEquals(407, client.exchange(get("http://other.example/", "other.example")).status());
    assertEquals(List.of("", ""), users);
    RawClient elsewhere = client(start(a -> alice(a.exempt(fromClient("192.0.2.0/24")))));
    assertEquals(407, elsewhere.exchange(get()).status());
  }

  private static String get(String uri, String host) {
    return Messages.get(uri, host);
  }

  @Test
  void severalSchemesAreOfferedTheStrongestFirst() throws Exception {
    int port =
        start(
            a ->
                alice(
                    a.digest().bearer((token, request, completion) -> completion.completed(null))));
    List<String> offered = RawClient.ask(port, get()).all("Proxy-Authenticate");
    assertEquals(3, offered.size());
    assertEquals("Bearer realm=\"proxy\"", offered.get(0));
    assertTrue(
        offered
            .get(1)
            .matches(
                "Digest realm=\"proxy\", qop=\"auth\", algorithm=SHA-256,"
                    + " nonce=\"[-_A-Za-z0-9]{43}\", charset=UTF-8, userhash=false"),
        offered.get(1));
    assertEquals(BASIC, offered.get(2));
  }

  private static String sha256(String text) throws Exception {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
  }

  private static String digest(RawResponse asked, String method, String uri, String nc)
      throws Exception {
    String challenge = String.join("|", asked.all("Proxy-Authenticate"));
    String nonce = challenge.replaceAll("(?s).*nonce=\"([^\"]*)\".*", "$1");
    String what = sha256(method + ":" + uri);
    String response =
        sha256(sha256("alice:proxy:secret") + ":" + nonce + ":" + nc + ":cn:auth:" + what);
    return "Digest username=\"alice\", realm=\"proxy\", nonce=\"%s\", uri=\"%s\", algorithm=SHA-256, qop=auth, nc=%s, cnonce=\"cn\", response=\"%s\""
        .formatted(nonce, uri, nc, response);
  }

  @Test
  void digestCredentialsAreGoodOnceAndThenStale() throws Exception {
    Path file = directory.resolve("digests");
    Files.writeString(file, "alice:proxy:" + sha256("alice:proxy:secret") + "\n");
    RawClient client = client(start(a -> a.digestFile(file.toString())));
    RawResponse asked = client.exchange(get());
    assertEquals(1, asked.all("Proxy-Authenticate").size());
    String once = get(digest(asked, "GET", uri(), "00000001"));
    assertEquals("ok", client.exchange(once).text());
    RawResponse again = client.exchange(once);
    assertEquals(407, again.status());
    assertTrue(again.field("Proxy-Authenticate").endsWith(", stale=true"));
    String twice = get(digest(asked, "GET", uri(), "00000002"));
    assertEquals("ok", client.exchange(twice).text());
    client.send(
        connect(
            "Proxy-Authorization: " + digest(again, "CONNECT", origin.authority(), "00000001")));
    assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
  }

  @Test
  void digestUsersWhoAreKnownDoNotSufferFromOthersAtTheirAddress() throws Exception {
    int port = start(a -> alice(a.digest().maxFailures(1, Duration.ofMinutes(10))));
    RawClient client = client(port);
    RawResponse asked = client.exchange(get());
    String first = digest(asked, "GET", uri(), "00000001");
    assertEquals("ok", client.exchange(get(first)).text());
    assertEquals(407, client.exchange(get(basic("alice", "x"))).status());
    assertEquals("ok", client.exchange(get(digest(asked, "GET", uri(), "00000002"))).text());
    RawResponse other = client.exchange(get());
    assertEquals(429, client.exchange(get(digest(other, "GET", uri(), "00000001"))).status());
  }

  @Test
  void tokensAreVerifiedBySomebodyElse() throws Exception {
    RawClient client =
        client(
            start(
                a ->
                    a.bearer(
                        (token, request, completion) ->
                            new Thread(
                                    () -> {
                                      if (token.equals("good.token")) {
                                        completion.completed(Identity.of("robot"));
                                      } else if (token.equals("bad")) {
                                        completion.failed(Failure.denied("no").withStatus(407));
                                      } else {
                                        completion.failed(Failure.denied("down").withStatus(503));
                                      }
                                    })
                                .start())));
    assertEquals("ok", client.exchange(get("Bearer good.token")).text());
    RawResponse refused = client.exchange(get("bearer bad"));
    assertEquals(407, refused.status());
    assertEquals(
        List.of("Bearer realm=\"proxy\", error=\"invalid_token\""),
        refused.all("Proxy-Authenticate"));
    assertEquals(503, client.exchange(get("Bearer else")).status());
    assertEquals(407, client.exchange(get("Bearer")).status());
    assertEquals(List.of("robot", "", "", ""), users);
  }

  @Test
  void anAuthenticatorOfOnesOwnDecides() throws Exception {
    Failure who = Failure.denied("who?").withStatus(407).with("Proxy-Authenticate", "Guess");
    int port =
        start(
            a ->
                a.maxFailures(1, Duration.ofMinutes(10))
                    .authenticator(
                        (request, completion) -> {
                          String said =
                              request.head().fields().all(FieldName.PROXY_AUTHORIZATION).toString();
                          if (said.equals("[Guess right]")) {
                            completion.completed(Identity.of("guesser"));
                          } else {
                            completion.failed(who);
                          }
                        }));
    RawClient client = client(port);
    assertEquals("Guess", client.exchange(get()).field("Proxy-Authenticate"));
    assertEquals("ok", client.exchange(get("Guess right")).text());
    assertEquals(407, client.exchange(get("Guess wrong")).status());
    assertEquals(429, client.exchange(get("Guess right")).status());
    assertEquals(407, client.exchange(get()).status());
  }

  @Test
  void whoNeedsACertificateIsNotAskedForAnythingElse() throws Exception {
    int port = start(a -> a.clientCertificates(CertificateName.COMMON_NAME));
    RawResponse refused = RawClient.ask(port, get(basic("alice", "secret")));
    assertEquals(403, refused.status());
    assertNull(refused.field("Proxy-Authenticate"));
  }

  @Test
  void whoShowsACertificateOverTlsIsTheUserItNames() throws Exception {
    TlsFiles files = new TlsFiles(directory);
    int port =
        start(
            a -> {
              alice(a);
              a.clientCertificates(CertificateName.COMMON_NAME);
            },
            p ->
                p.tls(
                    tls ->
                        tls.certificate(files.file("chain.pem"), files.file("leaf.key"))
                            .clientCertificates(Demand.REQUESTED, files.file("ca.pem"))));
    origin.respond(ok("in"));
    try (RawClient mallory = RawClient.connectTls(port, files.client("revoked"));
        RawClient nobody = RawClient.connectTls(port, TlsDialogue.trustful())) {
      assertEquals("in", mallory.exchange(get()).text());
      assertEquals(407, nobody.exchange(get()).status());
      assertEquals("in", nobody.exchange(get(basic("alice", "secret"))).text());
    }
    assertEquals(List.of("mallory", "", "alice"), users);
  }

  @Test
  void rulesAboutCertificatesHoldOverTls() throws Exception {
    TlsFiles files = new TlsFiles(directory);
    int port =
        start(
            AuthenticationWireTest::alice,
            p ->
                p.tls(
                        tls ->
                            tls.certificate(files.file("chain.pem"), files.file("leaf.key"))
                                .clientCertificates(Demand.REQUESTED, files.file("ca.pem")))
                    .allow(certificate("CN=alice")));
    origin.respond(ok("in"));
    try (RawClient client = RawClient.connectTls(port, files.client("client"));
        RawClient nobody = RawClient.connectTls(port, TlsDialogue.trustful())) {
      assertEquals("in", client.exchange(get(basic("alice", "secret"))).text());
      assertEquals(403, nobody.exchange(get(basic("alice", "secret"))).status());
    }
  }

  @Test
  void rulesAreAskedAfterwards() throws Exception {
    RawClient client = client(start(AuthenticationWireTest::alice, p -> p.allow(to("b.example"))));
    assertEquals(407, client.exchange(get("http://a.example/", "a.example")).status());
    assertEquals(
        403,
        client
            .exchange(
                head(
                    "GET http://a.example/ HTTP/1.1",
                    "Host: a.example",
                    "Proxy-Authorization: " + basic("alice", "secret")))
            .status());
  }

  @Test
  void theAnswerOfAnOriginThatAsksForProxyCredentialsDoesNotAskTheClient() throws Exception {
    origin.respond(
        "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"phish\"\r\nContent-Length: 0\r\n\r\n",
        ok("ok"));
    RawClient client = client(start(AuthenticationWireTest::alice));
    RawResponse response = client.exchange(get(basic("alice", "secret")));
    assertNull(response.field("Proxy-Authenticate"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "its own page, /proxy.pac, 1.1 other, 200",
    "no proxy is asked for, /x, 1.1 other, 400",
    "a loop, http://origin.test/x, 1.1 gate, 508",
  })
  void credentialsOfRequestsThatAreNotAuthenticatedAreSeenByNobody(
      String what, String target, String via, int status) throws Exception {
    BlockingQueue<ClientRequest> seen = new LinkedBlockingQueue<>();
    ExchangeListener listener =
        new ExchangeListener() {
          @Override
          public void completed(Outcome outcome) {
            seen.add(Objects.requireNonNull(outcome.request()));
          }
        };
    int port = start(AuthenticationWireTest::alice, p -> p.pac().listener(listener));
    String asked =
        head(
            "GET " + target + " HTTP/1.1",
            "Host: origin.test",
            "Via: " + via,
            "Proxy-Authorization: " + basic("alice", "secret"));
    assertEquals(status, RawClient.ask(port, asked).status());
    ClientRequest told = seen.take();
    assertFalse(told.head().fields().contains(FieldName.PROXY_AUTHORIZATION));
    assertTrue(told.head().fields().contains(FieldName.VIA));
  }

  @ParameterizedTest
  @ValueSource(strings = {"right", "wrong"})
  void credentialsAreSeenByNobodyElse(String password) throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    ExchangeListener listener =
        new ExchangeListener() {
          @Override
          public void entered(Stage stage, @Nullable ClientRequest request) {
            see(request);
          }

          @Override
          public void completed(Outcome outcome) {
            see(outcome.request());
          }

          private void see(@Nullable ClientRequest request) {
            if (request != null) {
              seen.add(String.join(",", request.head().fields().all(FieldName.of("Accept"))));
              seen.addAll(request.head().fields().all(FieldName.PROXY_AUTHORIZATION));
            }
          }
        };
    origin.respond(ok("in"));
    int port = start(a -> a.user("alice", Secret.of("right")), p -> p.listener(listener));
    String credentials =
        Base64.getEncoder().encodeToString(("alice:" + password).getBytes(StandardCharsets.UTF_8));
    RawClient.ask(
        port,
        head(
            "GET http://" + origin.authority() + "/ HTTP/1.1",
            "Host: " + origin.authority(),
            "Accept: a/b",
            "Proxy-Authorization: Basic " + credentials));
    assertFalse(seen.isEmpty());
    assertEquals(List.of("a/b"), seen.stream().distinct().toList());
  }
}
