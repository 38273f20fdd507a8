package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.TlsBuilder;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.testkit.Eventually;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.TlsDialogue;
import io.tidegate.core.testkit.TlsFiles;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS between clients and a reverse proxy, and what upstreams and clients are told of it. */
@Timeout(60)
class HttpsTest {
  @TempDir private Path directory;
  private TlsFiles files;
  private OriginServer origin;
  private @Nullable Proxy proxy;

  @BeforeEach
  void startOrigin() throws IOException {
    files = new TlsFiles(directory);
    origin = OriginServer.start();
  }

  @AfterEach
  void stopAll() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    origin.close();
  }

  private int start(Consumer<ReverseProxy.Builder> more) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app");
    more.accept(builder);
    Proxy started = builder.start();
    proxy = started;
    return started.address().getPort();
  }

  private void leaf(TlsBuilder tls) {
    tls.certificate(files.file("chain.pem"), files.file("leaf.key"));
  }

  private void asking(TlsBuilder tls) {
    leaf(tls);
    tls.clientCertificates(Demand.REQUESTED, files.file("ca.pem"));
  }

  private RawHead received(int port, SSLContext with, String... fields) throws IOException {
    origin.respond(ok("x"));
    String[] lines = new String[fields.length + 2];
    lines[0] = "GET / HTTP/1.1";
    lines[1] = "Host: a.test";
    System.arraycopy(fields, 0, lines, 2, fields.length);
    try (RawClient client = RawClient.connectTls(port, with)) {
      assertEquals("x", client.exchange(head(lines)).text());
    }
    return origin.lastRequest();
  }

  @Test
  void upstreamsLearnThatTheClientSpeaksTls() throws Exception {
    int port = start(p -> p.tls(this::leaf).forwarded(ForwardedMode.BOTH));
    RawHead seen = received(port, TlsDialogue.trustful(), "X-Forwarded-Proto: http");
    assertEquals("https", seen.field("X-Forwarded-Proto"));
    assertEquals("443", seen.field("X-Forwarded-Port"));
    assertEquals("for=127.0.0.1;host=a.test;proto=https", seen.field("Forwarded"));
  }

  @Test
  void oneProxySpeaksTlsOnOneListenerAndNotOnAnother() throws Exception {
    int port = start(p -> p.tls(this::leaf).alsoListen("127.0.0.1", 0));
    assertEquals("https", received(port, TlsDialogue.trustful()).field("X-Forwarded-Proto"));
    origin.respond(ok("x"));
    int plain = started().addresses().get(1).getPort();
    assertEquals("x", RawClient.ask(plain, get("/", "a.test")).text());
    assertEquals("http", origin.lastRequest().field("X-Forwarded-Proto"));
  }

  private Proxy started() {
    if (proxy == null) {
      throw new AssertionError("not started");
    }
    return proxy;
  }

  // Client-Cert (RFC 9440)

  private static final String CLAIMED = "Client-Cert: :AAAA:";

  @Test
  void upstreamsAreToldTheCertificateOfTheClient() throws Exception {
    int port = start(p -> p.tls(this::asking).https(HttpsBuilder::clientCertificate));
    RawHead seen =
        received(
            port,
            files.client("client"),
            CLAIMED,
            "client_cert: :AAAA:",
            "Client-Cert-Chain: :AAAA:",
            "Client-Certain: yes");
    assertEquals("CN=alice", subject(seen.field("Client-Cert")));
    assertEquals(1, seen.all("Client-Cert").size());
    assertNull(seen.field("client_cert"));
    assertNull(seen.field("Client-Cert-Chain"));
    assertEquals("yes", seen.field("Client-Certain"));
  }

  @Test
  void upstreamsAreToldTheIssuersToo() throws Exception {
    int port =
        start(
            p ->
                p.tls(
                        tls -> {
                          leaf(tls);
                          tls.clientCertificates(Demand.REQUIRED, files.file("ca.pem"));
                        })
                    .https(HttpsBuilder::clientCertificateChain));
    files.put("long.pem", "chain.pem");
    files.put("long.key", "leaf.key");
    RawHead seen = received(port, files.client("long"));
    assertEquals("CN=leaf", subject(seen.field("Client-Cert")));
    String[] issuers = String.valueOf(seen.field("Client-Cert-Chain")).split(", ", -1);
    assertEquals("CN=Test Intermediate", subject(issuers[0]));
  }

  @Test
  void whoShowsNoCertificateIsToldToHaveNone() throws Exception {
    int port = start(p -> p.tls(this::asking).https(HttpsBuilder::clientCertificate));
    assertNull(received(port, TlsDialogue.trustful(), CLAIMED).field("Client-Cert"));
  }

  @ParameterizedTest(name = "trusted {0}, told by us {1}: kept {2}")
  @CsvSource({
    "192.0.2.1, false, false",
    "127.0.0.1, false, true",
    "127.0.0.1, true,  false",
  })
  void whatAClientSaysOfACertificateIsKeptFromTrustedOnesAlone(
      String trusted, boolean told, boolean kept) throws Exception {
    int port =
        start(
            p -> {
              p.tls(this::leaf).trustedClients(trusted);
              if (told) {
                p.https(HttpsBuilder::clientCertificate);
              }
            });
    RawHead seen = received(port, TlsDialogue.trustful(), CLAIMED);
    assertEquals(kept ? ":AAAA:" : null, seen.field("Client-Cert"));
  }

  private static String subject(@Nullable String sequence) throws Exception {
    String text = String.valueOf(sequence);
    assertTrue(text.startsWith(":") && text.endsWith(":"), text);
    byte[] der = Base64.getDecoder().decode(text.substring(1, text.length() - 1));
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    return certificate.getSubjectX500Principal().getName();
  }

  // Redirects and Strict-Transport-Security

  @ParameterizedTest(name = "{0} {1} of {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          GET     | /a?b=c%20d                             | a.test      | 308 | https://a.test:8443/a?b=c%20d
          POST    | /                                      | a.test:8080 | 308 | https://a.test:8443/
          GET     | /                                      | [::1]:8080  | 308 | https://[::1]:8443/
          OPTIONS | *                                      | a.test      | 308 | https://a.test:8443
          GET     | http://b.test/x                        | a.test      | 308 | https://b.test:8443/x
          GET     | /.well-known/acme-challenge/Ab_-1      | a.test      | 200 | -
          GET     | /.well-known/acme-challenge/../../x    | a.test      | 308 | https://a.test:8443/.well-known/acme-challenge/../../x
          GET     | /.well-known/acme-challenge/%2e%2e/x   | a.test      | 308 | https://a.test:8443/.well-known/acme-challenge/%2e%2e/x
          GET     | /.well-known/acme-challenge/a?b        | a.test      | 308 | https://a.test:8443/.well-known/acme-challenge/a?b
          """)
  void whoComesWithoutTlsIsSentToHttps(
      String method, String target, String host, int status, @Nullable String location)
      throws Exception {
    origin.respond(ok("x"));
    int port = start(p -> p.https(https -> https.redirectPort(8443)));
    RawResponse response =
        RawClient.ask(
            port, head(method + " " + target + " HTTP/1.1", "Host: " + host, "Content-Length: 0"));
    assertEquals(status, response.status());
    assertEquals(location, response.field("Location"));
  }

  @Test
  void whoNamesNoHostIsSentNowhere() throws Exception {
    int port = start(ReverseProxy.Builder::redirectToHttps);
    RawResponse response = RawClient.ask(port, head("GET / HTTP/1.0"));
    assertEquals(400, response.status());
    assertNull(response.field("Location"));
  }

  @Test
  void whoComesWithTlsIsServedAndSoIsWhoATrustedProxySaysCameWithIt() throws Exception {
    int port =
        start(
            p ->
                p.tls(this::leaf)
                    .alsoListen("127.0.0.1", 0)
                    .trustedClients("127.0.0.1")
                    .redirectToHttps());
    received(port, TlsDialogue.trustful());
    int plain = started().addresses().get(1).getPort();
    origin.respond(ok("told"), ok("told"), ok("told"));
    for (String https : List.of("https", "HTTPS", "https, http")) {
      String told = head("GET / HTTP/1.1", "Host: a.test", "X-Forwarded-Proto: " + https);
      assertEquals("told", RawClient.ask(plain, told).text());
    }
    for (String http : List.of("http, https", "httpsx", "")) {
      String told = head("GET / HTTP/1.1", "Host: a.test", "X-Forwarded-Proto: " + http);
      assertEquals("https://a.test/", RawClient.ask(plain, told).field("Location"));
    }
    RawResponse sent = RawClient.ask(plain, get("/", "a.test"));
    assertEquals("https://a.test/", sent.field("Location"));
  }

  @Test
  void theRedirectIsExplained() throws Exception {
    try (ReverseProxy redirecting =
        ReverseProxy.builder()
            .cluster("app", cluster -> cluster.endpoint("http://app"))
            .route("/**", "app")
            .redirectToHttps()
            .build()) {
      Explanation plain =
          redirecting.explain(RequestDescription.get("http://a.test/")).toCompletableFuture().get();
      assertEquals(OptionalInt.of(308), plain.status());
      Explanation secured =
          redirecting
              .explain(RequestDescription.get("https://a.test/"))
              .toCompletableFuture()
              .get();
      assertEquals(OptionalInt.empty(), secured.status());
    }
  }

  @Test
  void strictTransportSecurityIsToldOverTlsAlone() throws Exception {
    int port =
        start(
            p ->
                p.tls(this::leaf)
                    .alsoListen("127.0.0.1", 0)
                    .protect(
                        guard ->
                            guard.securityFields(
                                f -> f.strictTransportSecurity(Duration.ofDays(365), true))));
    origin.respond(ok("x"), ok("x"));
    try (RawClient client = RawClient.connectTls(port, TlsDialogue.trustful())) {
      assertEquals(
          "max-age=31536000; includeSubDomains",
          client.exchange(get("/", "a.test")).field("Strict-Transport-Security"));
    }
    int plain = started().addresses().get(1).getPort();
    assertNull(RawClient.ask(plain, get("/", "a.test")).field("Strict-Transport-Security"));
  }

  // Reload

  @Test
  void aNewCertificateIsForNewConnectionsAndTheOldOnesGoOn() throws Exception {
    files.file("both.pem");
    int port = start(p -> p.tls(tls -> tls.certificate(files.file("both.pem")).noReload()));
    origin.respond(ok("1"), ok("2"));
    try (RawClient before = RawClient.connectTls(port, TlsDialogue.trustful())) {
      assertEquals("1", before.exchange(get("/", "a.test")).text());
      files.put("both.pem", "other.pem");
      assertEquals("CN=both", met(port));
      started().reloadCertificates();
      assertEquals("CN=other", met(port));
      assertEquals("2", before.exchange(get("/", "a.test")).text());
    }
  }

  @Test
  void filesThatWillNotDoAreToldToWhoAsksForThem() throws Exception {
    int port = start(p -> p.tls(tls -> tls.certificate(files.file("both.pem")).noReload()));
    files.put("both.pem", "ca.pem");
    assertEquals(
        List.of(
            "certificates[0]: "
                + files.file("both.pem")
                + ": no private key (expected: a PEM file with one private key, for the"
                + " certificate)"),
        assertThrows(InvalidSettingsException.class, started()::reloadCertificates).problems());
    assertEquals("CN=both", met(port));
  }

  @Test
  void aFileThatChangesIsReadAgainByItself() throws Exception {
    int port =
        start(
            p ->
                p.tls(
                    tls ->
                        tls.certificate(files.file("both.pem"))
                            .reloadInterval(Duration.ofMillis(10))));
    assertEquals("CN=both", met(port));
    files.put("both.pem", "other.pem");
    Eventually.equal("CN=other", () -> met(port));
  }

  private static String met(int port) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) TlsDialogue.trustful().getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }
}
