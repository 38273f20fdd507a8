package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.UpstreamTlsBuilder;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import io.tidegate.core.tls.TlsProvider;
import io.tidegate.core.tls.TlsVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which upstreams are believed, and what they are told about us. */
@ParameterizedClass
@EnumSource(TlsProvider.class)
class UpstreamTrustTest {
  private final TlsProvider provider;

  /** Of the certificate of {@link Tls#server}. */
  private static final String KEY_PIN = "Mw1co1srxQE2+b7rESF9gRH6xetWena6jK6yLp9+XbY=";

  private static final String CERTIFICATE_PIN =
      "14:0F:50:04:04:6C:91:06:FA:58:5F:7E:67:9B:86:96:38:29:0A:BB:AC:26:04:A0:BE:90:8B:40:0B:18:72:92";

  private static final String OTHER_PIN = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

  /** After it comes another connection. */
  private static final String ONCE =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";

  @TempDir private Path directory;
  @RegisterExtension private final Opened opened = new Opened();

  UpstreamTrustTest(TlsProvider provider) {
    this.provider = provider;
  }

  private OriginServer opened(OriginServer origin) {
    opened.push(origin.respond(ok("hello")));
    return origin;
  }

  private OriginServer origin() throws IOException {
    return opened(OriginServer.startTls(Tls.server()));
  }

  private Proxy start(Consumer<ReverseProxy.Builder> told) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder().listen("127.0.0.1", 0).ioThreads(1).viaName("gate");
    told.accept(builder);
    return opened.push(builder.start());
  }

  private Proxy start(String endpoint, Consumer<UpstreamTlsBuilder> tls) {
    Consumer<UpstreamTlsBuilder> computed = tls.andThen(t -> t.provider(provider));
    return start(
        p -> p.cluster("app", c -> c.endpoint(endpoint).tls(computed)).route("/**", "app"));
  }

  private Proxy start(OriginServer origin, Consumer<UpstreamTlsBuilder> tls) {
    return start("https://" + origin.authority(), tls);
  }

  private Path trusted() {
    return Tls.pem("localhost.p12", directory);
  }

  private static RawResponse ask(Proxy proxy, String path) throws IOException {
    return RawClient.ask(proxy.address().getPort(), get(path, "a"));
  }

  private static void assertAccepted(Proxy proxy) throws IOException {
    assertEquals("hello", ask(proxy, "/").text());
  }

  private static void assertRefused(Proxy proxy, OriginServer origin) throws IOException {
    RawResponse response = ask(proxy, "/");
    assertEquals(502, response.status(), response::toString);
    assertEquals("gate; error=tls_certificate_error", response.field("Proxy-Status"));
    assertTrue(origin.heads().isEmpty());
  }

  @Test
  void anAuthorityInAPemFileIsTrusted() throws Exception {
    assertAccepted(start(origin(), tls -> tls.trusted(trusted())));
  }

  @Test
  void anAuthorityInAPkcs12FileIsTrusted() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    KeyStore known = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(Tls.file("localhost.p12", directory))) {
      known.load(in, Tls.PASSWORD.toCharArray());
    }
    store.setCertificateEntry("ca", known.getCertificate("server"));
    Path file = directory.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "secret".toCharArray());
    }
    assertAccepted(start(origin(), tls -> tls.trusted(file, Secret.of("secret"))));
    assertEquals(
        List.of(
            "clusters[0].transport.tls.trusted[0]: "
                + file
                + ": no PKCS#12 file of this password (expected: a PEM file with certificates, or PKCS#12"
                + " with its password)"),
        assertThrows(
                InvalidSettingsException.class,
                () -> start(origin(), tls -> tls.trusted(file, Secret.of("wrong"))))
            .problems());
  }

  @Test
  void anAuthorityThatIsNotAmongTheTrustedIsRefused() throws Exception {
    OriginServer origin = origin();
    Path other = Tls.pem("wrong.test.p12", directory);
    assertRefused(start(origin, tls -> tls.trusted(other)), origin);
    assertRefused(start(origin, tls -> tls.trusted(other).trustPlatform()), origin);
    assertAccepted(start(origin, tls -> tls.trusted(other).trusted(trusted())));
  }

  @Test
  void whatAProxySaysHoldsForClustersThatSayNothing() throws Exception {
    OriginServer origin = origin();
    assertAccepted(
        start(
            p ->
                p.upstreamTls(tls -> tls.provider(provider).trusted(trusted()))
                    .cluster("app", c -> c.endpoint("https://" + origin.authority()))
                    .route("/**", "app")));
  }

  @Test
  void aCertificateMustBeForTheHostThatIsGoneToOrNamed() throws Exception {
    OriginServer origin = opened(OriginServer.startTls(Tls.wrongHostServer()));
    Path authority = Tls.pem("wrong.test.p12", directory);
    assertRefused(start(origin, tls -> tls.trusted(authority)), origin);
    assertRefused(start(origin, tls -> tls.trusted(authority).serverName("other.test")), origin);
    assertAccepted(start(origin, tls -> tls.trusted(authority).serverName("wrong.test")));
  }

  @Test
  void anEndpointCanHaveANameOfItsOwn() throws Exception {
    OriginServer origin = opened(OriginServer.startTls(Tls.wrongHostServer()));
    Path authority = Tls.pem("wrong.test.p12", directory);
    String uri = "https://" + origin.authority();
    assertAccepted(
        start(
            p ->
                p.upstreamTls(tls -> tls.provider(provider).trusted(authority))
                    .cluster("app", c -> c.endpoint(uri, e -> e.serverName("wrong.test")))
                    .route("/**", "app")));
    Proxy both =
        start(
            p ->
                p.cluster(
                        "app",
                        c ->
                            c.endpoint(uri, e -> e.serverName("wrong.test"))
                                .tls(
                                    tls ->
                                        tls.provider(provider)
                                            .trusted(authority)
                                            .serverName("other.test")))
                    .route("/**", "app"));
    assertAccepted(both);
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    OriginServer origin = opened(OriginServer.startTls(Tls.expiredServer(directory)));
    Path authority = Tls.file("expired-ca.pem", directory);
    assertRefused(start(origin, tls -> tls.trusted(authority)), origin);
  }

  @ParameterizedTest
  @EnumSource
  void anUpstreamThatDemandsACertificateGetsOurs(TlsVersion version) throws Exception {
    OriginServer origin =
        opened(
            OriginServer.startTls(Tls.serverOfItself(), socket -> socket.setNeedClientAuth(true)));
    Path own = Tls.file("localhost.p12", directory);
    assertAccepted(
        start(
            origin,
            tls -> tls.trusted(trusted()).pkcs12(own, Secret.of(Tls.PASSWORD)).versions(version)));
    assertEquals(1, origin.heads().size());
    Proxy without = start(origin, tls -> tls.trusted(trusted()).versions(version));
    RawResponse refused = ask(without, "/");
    assertEquals(502, refused.status());
    assertEquals("gate; error=tls_alert_received", refused.field("Proxy-Status"));
    assertEquals(1, origin.heads().size());
  }

  @Test
  void onlyAPinnedKeyIsAccepted() throws Exception {
    OriginServer origin = origin();
    assertRefused(start(origin, tls -> tls.trusted(trusted()).pinKey(OTHER_PIN)), origin);
    assertRefused(start(origin, tls -> tls.trusted(trusted()).pinKey(CERTIFICATE_PIN)), origin);
    assertAccepted(start(origin, tls -> tls.trusted(trusted()).pinKey(KEY_PIN)));
    assertAccepted(start(origin, tls -> tls.trusted(trusted()).pinKey(OTHER_PIN, KEY_PIN)));
  }

  @Test
  void onlyAPinnedCertificateIsAccepted() throws Exception {
    OriginServer origin = origin();
    assertRefused(start(origin, tls -> tls.trusted(trusted()).pinCertificate(OTHER_PIN)), origin);
    assertAccepted(start(origin, tls -> tls.trusted(trusted()).pinCertificate(CERTIFICATE_PIN)));
    assertAccepted(
        start(
            origin,
            tls -> tls.trusted(trusted()).pinKey(OTHER_PIN).pinCertificate(CERTIFICATE_PIN)));
  }

  @Test
  void aPinDoesNotMakeUpForTrust() throws Exception {
    OriginServer origin = origin();
    assertRefused(start(origin, tls -> tls.pinKey(KEY_PIN)), origin);
    Path trusted = trusted();
    assertRefused(
        start(origin, tls -> tls.trusted(trusted).pinKey(KEY_PIN).serverName("other.test")),
        origin);
  }

  @Test
  void whatIsPinnedCanBeAllThatIsTrusted() throws Exception {
    OriginServer origin = origin();
    assertAccepted(start(origin, tls -> tls.pinKey(KEY_PIN).trustPinnedOnly()));
    assertAccepted(
        start(
            origin,
            tls -> tls.pinCertificate(CERTIFICATE_PIN).trustPinnedOnly().serverName("other.test")));
    OriginServer other = opened(OriginServer.startTls(Tls.wrongHostServer()));
    assertRefused(start(other, tls -> tls.pinKey(KEY_PIN).trustPinnedOnly()), other);
  }

  @Test
  void nothingIsVerifiedIfThatIsSkipped() throws Exception {
    OriginServer origin = opened(OriginServer.startTls(Tls.wrongHostServer()));
    assertAccepted(start(origin, UpstreamTlsBuilder::insecureSkipVerification));
  }

  @Test
  void connectionsAreSharedByWhoTrustsTheSame() throws Exception {
    OriginServer origin = origin();
    String uri = "https://" + origin.authority();
    Path trusted = trusted();
    Proxy proxy =
        start(
            p ->
                p.cluster(
                        "a",
                        c -> c.endpoint(uri).tls(tls -> tls.provider(provider).trusted(trusted)))
                    .cluster(
                        "same",
                        c -> c.endpoint(uri).tls(tls -> tls.provider(provider).trusted(trusted)))
                    .cluster(
                        "strict",
                        c ->
                            c.endpoint(uri)
                                .tls(
                                    tls ->
                                        tls.provider(provider).trusted(trusted).pinKey(OTHER_PIN)))
                    .route("/a", "a")
                    .route("/same", "same")
                    .route("/strict", "strict"));
    assertEquals(200, ask(proxy, "/a").status());
    assertEquals(200, ask(proxy, "/same").status());
    assertEquals(1, origin.connections());
    assertEquals(502, ask(proxy, "/strict").status());
    assertEquals(2, origin.heads().size());
    assertEquals(2, origin.connections());
  }

  @Test
  void anotherEndpointIsTriedWhereOneIsNotBelieved() throws Exception {
    OriginServer good = origin();
    OriginServer bad = opened(OriginServer.startTls(Tls.wrongHostServer()));
    Path trusted = trusted();
    Proxy proxy =
        start(
            p ->
                p.cluster(
                        "app",
                        c ->
                            c.endpoint("https://" + bad.authority())
                                .endpoint("https://" + good.authority())
                                .loadBalancer(LoadBalancers.roundRobin())
                                .tls(tls -> tls.provider(provider).trusted(trusted)))
                    .route("/**", "app"));
    assertAccepted(proxy);
    assertAccepted(proxy);
    assertTrue(bad.connections() > 0);
    assertTrue(bad.heads().isEmpty());
  }

  @Test
  void probesOfHealthBelieveTheSame() throws Exception {
    OriginServer origin = origin();
    start(
        p ->
            p.cluster(
                    "app",
                    c ->
                        c.endpoint("https://" + origin.authority())
                            .health(health -> health.check("/healthz"))
                            .tls(tls -> tls.provider(provider).trusted(trusted())))
                .route("/**", "app"));
    assertTrue(origin.awaitHeads(1).get(0).startsWith("GET /healthz "));
  }

  @ParameterizedTest
  @EnumSource
  void aNewConnectionResumesTheSessionOfAnEarlierOne(TlsVersion version) throws Exception {
    AtomicInteger uses = new AtomicInteger();
    OriginServer origin = opened(OriginServer.startTls(Tls.server(uses::incrementAndGet)));
    origin.respond(ONCE);
    Path trusted = trusted();
    Proxy proxy = start(origin, tls -> tls.trusted(trusted).versions(version));
    assertAccepted(proxy);
    int once = uses.get();
    assertTrue(once > 0);
    proxy.reloadCertificates(); // nothing has changed
    assertAccepted(proxy);
    assertEquals(2, origin.connections());
    assertEquals(once, uses.get());
  }

  @Test
  void connectionsAreMadeWithWhatFilesSayThen() throws Exception {
    OriginServer origin = origin();
    origin.respond(ONCE);
    Path trusted = Tls.pem("wrong.test.p12", directory);
    Proxy proxy = start(origin, tls -> tls.trusted(trusted));
    assertRefused(proxy, origin);
    Files.copy(trusted(), trusted, StandardCopyOption.REPLACE_EXISTING);
    proxy.reloadCertificates();
    assertAccepted(proxy);
    Files.writeString(trusted, "nothing");
    assertThrows(InvalidSettingsException.class, proxy::reloadCertificates);
    assertAccepted(proxy);
  }

  @Test
  void aFileThatCannotBeReadIsToldWithItsPlace() throws Exception {
    Path none = directory.resolve("none.pem");
    assertEquals(
        List.of(
            "clusters[0].transport.tls.trusted[0]: "
                + none
                + ": cannot be read (expected: a PEM file with certificates, or PKCS#12 with its"
                + " password)"),
        assertThrows(
                InvalidSettingsException.class, () -> start(origin(), tls -> tls.trusted(none)))
            .problems());
  }

  @Test
  void aContextLeavesNoRoomForDetails() {
    assertEquals(
        List.of("upstreamTls: a context and details (expected: one or the other)"),
        assertThrows(
                InvalidSettingsException.class,
                () ->
                    start(
                        p ->
                            p.upstreamTls(Tls.client())
                                .upstreamTls(tls -> tls.serverName("a.test"))
                                .cluster("app", c -> c.endpoint("https://a.test"))
                                .route("/**", "app")))
            .problems());
  }
}
