package io.tidegate.core.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.TlsBuilder;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.TlsDialogue;
import io.tidegate.core.testkit.TlsFiles;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ServerCertificatesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path directory;
  private TlsFiles given;

  private TlsProvider computing = TlsProvider.FASTEST;

  private final CertificateFiles files =
      new CertificateFiles((secret, setting, checks) -> secret.text());

  @BeforeEach
  void giveFiles() {
    given = new TlsFiles(directory);
  }

  private ServerCertificates server(Consumer<TlsBuilder> details) {
    TlsBuilder tls = new TlsBuilder();
    details.accept(tls);
    return new ServerCertificates(tls.settings(), files, () -> NOW);
  }

  @Test
  void settingsReplaceWhatWasSaidBefore() {
    TlsBuilder said =
        new TlsBuilder()
            .certificate(Path.of("a.pem"))
            .clientCertificates(Demand.REQUESTED, Path.of("clients.pem"))
            .revocationLists(Path.of("clients.crl"));
    TlsSettings asked = said.settings();
    assertEquals(asked, said.settings(asked).settings());
    assertEquals(TlsSettings.DEFAULT, said.settings(TlsSettings.DEFAULT).settings());
  }

  private void several(TlsBuilder tls) {
    tls.certificate(given.file("both.pem"))
        .certificate(given.file("chain.pem"), given.file("leaf.key"))
        .certificate(given.file("common-name.pem"), given.file("common-name.key"))
        .certificate(given.file("b-rsa.pem"), given.file("b-rsa.key"))
        .certificate(given.file("b-ec.pem"), given.file("b-ec.key"))
        .pkcs12(given.file("store.p12"), Secret.of("secret"));
  }

  private void a(TlsBuilder tls) {
    tls.certificate(given.file("chain.pem"), given.file("leaf.key"));
  }

  /** Whom a client that asks for {@code host} meets. */
  private static String met(ServerTls server, @Nullable String host) throws SSLException {
    return met(server, host, TlsDialogue.client(TlsDialogue.trustful(), host));
  }

  private static String met(ServerTls server, @Nullable String host, SSLEngine client)
      throws SSLException {
    TlsDialogue.between(client, server.engine(host, true));
    return subject(client);
  }

  private static String subject(SSLEngine engine) throws SSLPeerUnverifiedException {
    X509Certificate shown = (X509Certificate) engine.getSession().getPeerCertificates()[0];
    return shown.getSubjectX500Principal().getName();
  }

  private static SSLEngine clientWith(Consumer<SSLParameters> change) {
    SSLEngine client = TlsDialogue.client(TlsDialogue.trustful(), "b.test");
    SSLParameters parameters = client.getSSLParameters();
    change.accept(parameters);
    client.setSSLParameters(parameters);
    return client;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          a.test       | CN=leaf
          b.test       | CN=b ec
          x.a.test     | CN=leaf
          x.y.a.test   | CN=both
          .a.test      | CN=both
          cn.test      | CN=cn.test,O=Test
          p12.test     | CN=p12
          both.test    | CN=both
          unknown.test | CN=both
          none         | CN=both
          """)
  void clientsMeetTheCertificateForTheHostTheyAskFor(@Nullable String host, String subject)
      throws Exception {
    ServerCertificates server = server(this::several);
    SSLEngine client =
        TlsDialogue.client(
            TlsDialogue.trustful(), host == null || host.startsWith(".") ? null : host);
    assertEquals(subject, met(server, host, client));
  }

  @Test
  void aCommonNameDoesNotCountBesideAlternativeNames() throws Exception {
    ServerCertificates server =
        server(
            tls ->
                tls.certificate(given.file("both.pem"))
                    .certificate(given.file("address.pem"), given.file("address.key")));
    assertEquals("CN=both", met(server, "cn.test"));
  }

  @Test
  void ofTwoCertificatesForAHostWithOneKindOfKeyTheFirstCounts() throws Exception {
    ServerCertificates server =
        server(
            tls ->
                tls.certificate(given.file("expired.pem"), given.file("b-ec.key"))
                    .certificate(given.file("b-ec.pem"), given.file("b-ec.key")));
    assertEquals("CN=expired", met(server, "b.test"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256   | CN=b rsa
          TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 | CN=b ec
          """)
  void ofAnRsaAndAnEcCertificateClientsMeetTheOneTheyCanVerify(String cipher, String subject)
      throws Exception {
    SSLEngine client =
        clientWith(
            parameters -> {
              parameters.setProtocols(new String[] {"TLSv1.2"});
              parameters.setCipherSuites(new String[] {cipher});
            });
    assertEquals(subject, met(server(this::several), "b.test", client));
  }

  @Test
  void theKindsOfTheFirstHostAreForStrangersToo() throws Exception {
    ServerCertificates server =
        server(
            tls ->
                tls.certificate(given.file("b-ec.pem"), given.file("b-ec.key"))
                    .certificate(given.file("b-rsa.pem"), given.file("b-rsa.key")));
    SSLEngine client =
        clientWith(
            parameters -> {
              parameters.setServerNames(List.of());
              parameters.setProtocols(new String[] {"TLSv1.2"});
              parameters.setCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
            });
    assertEquals("CN=b rsa", met(server, null, client));
  }

  @Test
  void aCertificateOfEd25519IsMet() throws Exception {
    ServerCertificates server =
        server(tls -> tls.certificate(given.file("ed25519.pem"), given.file("ed25519.key")));
    assertEquals("CN=ed", met(server, "ed.test"));
  }

  @Test
  void strictNamesRefuseWhoeverAsksForAnotherHostOrForNone() throws Exception {
    ServerCertificates strict =
        server(
            tls -> {
              a(tls);
              tls.strictNames();
            });
    assertEquals("CN=leaf", met(strict, "a.test"));
    SSLException unknown = assertThrows(SSLException.class, () -> met(strict, "b.test"));
    String said = unknown.getMessage();
    assertTrue(said.endsWith("Unrecognized server name indication"), said);
    assertThrows(SSLException.class, () -> met(strict, null));
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void onlyTheVersionsThatAreNamedAreSpoken(TlsVersion version) throws Exception {
    ServerCertificates server =
        server(
            tls -> {
              several(tls);
              tls.versions(version);
            });
    SSLEngine client = TlsDialogue.client(TlsDialogue.trustful(), "a.test");
    met(server, "a.test", client);
    assertEquals(version.protocol(), client.getSession().getProtocol());
    String other = version == TlsVersion.TLS_1_2 ? "TLSv1.3" : "TLSv1.2";
    SSLEngine stranger = clientWith(parameters -> parameters.setProtocols(new String[] {other}));
    assertThrows(SSLException.class, () -> met(server, "b.test", stranger));
  }

  @Test
  void theServersOrderOfCipherSuitesCounts() throws Exception {
    ServerCertificates server =
        server(
            tls -> {
              a(tls);
              tls.ciphers("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");
            });
    SSLEngine client =
        clientWith(
            parameters ->
                parameters.setCipherSuites(
                    new String[] {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"}));
    met(server, "b.test", client);
    assertEquals("TLS_AES_256_GCM_SHA384", client.getSession().getCipherSuite());
  }

  @Test
  void everySuiteOfOursHasForwardSecrecyAndAuthenticatedEncryption() {
    SSLEngine engine = server(this::a).engine(null, true);
    assertArrayEquals(CipherSuites.DEFAULT.toArray(), engine.getEnabledCipherSuites());
    assertArrayEquals(new String[] {"TLSv1.2", "TLSv1.3"}, engine.getEnabledProtocols());
    assertFalse(engine.getUseClientMode());
  }

  @Test
  void anUnknownSuiteIsRefusedWithThoseThereAre() {
    InvalidSettingsException refused =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                server(
                    tls -> {
                      a(tls);
                      tls.ciphers("TLS_NONE");
                    }));
    String problem = refused.problems().get(0);
    assertTrue(problem.startsWith("ciphers[0]: TLS_NONE (expected: one of TLS_"), problem);
  }

  @ParameterizedTest(name = "{0} asked for, HTTP/2 allowed {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http/1.1,h2 | true  | h2
          http/1.1,h2 | false | http/1.1
          http/1.0    | true  | http/1.0
          """)
  void theBestProtocolThatBothSpeakIsChosen(String offered, boolean http2, String chosen)
      throws Exception {
    SSLEngine client =
        clientWith(parameters -> parameters.setApplicationProtocols(offered.split(",")));
    TlsDialogue.between(client, server(this::several).engine("b.test", http2));
    assertEquals(chosen, client.getApplicationProtocol());
  }

  @Test
  void whatIsWrongIsSaidOfEverythingAtOnce() {
    InvalidSettingsException refused =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                server(
                    tls ->
                        tls.certificate(Path.of("/nowhere/a.pem"))
                            .certificate(given.file("b-ec.pem"), given.file("leaf.key"))
                            .clientCertificates(Demand.REQUIRED, Path.of("/nowhere/ca.pem"))));
    assertEquals(
        List.of(
            "certificates[0]: /nowhere/a.pem: cannot be read (expected: a PEM file with a"
                + " certificate, or PKCS#12 with one and its key)",
            "certificates[1].key: "
                + given.file("leaf.key")
                + ": no certificate for this key (expected: a PEM file with one private key, for"
                + " the certificate)",
            "clientCertificates.trusted[0]: /nowhere/ca.pem: cannot be read (expected: a PEM file"
                + " with certificates, or PKCS#12 with its password)"),
        refused.problems());
    assertEquals(
        List.of("certificates: none (expected: certificate, pkcs12 or context)"),
        assertThrows(InvalidSettingsException.class, () -> server(tls -> {})).problems());
    assertEquals(
        List.of("clientCertificates.trusted: nobody (expected: a PEM file with certificates)"),
        assertThrows(
                InvalidSettingsException.class,
                () ->
                    server(
                        tls -> {
                          a(tls);
                          tls.clientCertificates(Demand.REQUIRED);
                        }))
            .problems());
  }

  // Reload

  @Test
  void aNewCertificateIsForNewHandshakes() throws Exception {
    Path certificate = given.file("b-ec.pem");
    ServerCertificates server = server(tls -> tls.certificate(certificate, given.file("b-ec.key")));
    SSLEngine begun = server.engine("b.test", true);
    given.put("b-ec.pem", "expired.pem");
    server.reload();
    assertEquals("CN=expired", met(server, "b.test"));
    SSLEngine client = TlsDialogue.client(TlsDialogue.trustful(), "b.test");
    TlsDialogue.between(client, begun);
    assertEquals("CN=b ec", subject(client));
  }

  @Test
  void filesThatWillNotDoLeaveTheOldOnesAndTheRestIsNew() throws Exception {
    ServerCertificates server = server(this::several);
    given.put("leaf.key", "client.key");
    given.put("b-ec.pem", "expired.pem");
    assertEquals(
        List.of(
            "certificates[1].key: "
                + given.file("leaf.key")
                + ": no certificate for this key (expected: a PEM file with one private key, for"
                + " the certificate)"),
        assertThrows(InvalidSettingsException.class, server::reload).problems());
    assertEquals("CN=leaf", met(server, "a.test"));
    assertEquals("CN=expired", met(server, "b.test"));
  }

  @Test
  void aCertificateThatHasNotChangedKeepsItsSessions() throws Exception {
    ServerCertificates server = server(this::several);
    SSLContext clients = TlsDialogue.trustful();
    SSLEngine first = client12(clients, "a.test");
    met(server, "a.test", first);
    given.put("b-ec.pem", "expired.pem");
    server.reload();
    SSLEngine again = client12(clients, "a.test");
    met(server, "a.test", again);
    assertEquals(first.getSession().getCreationTime(), again.getSession().getCreationTime());
    assertArrayEquals(first.getSession().getId(), again.getSession().getId());
  }

  /** Sessions of TLS 1.2 have an identifier by which a resumed one can be told. */
  private static SSLEngine client12(SSLContext context, String host) {
    SSLEngine client = TlsDialogue.client(context, host);
    client.setEnabledProtocols(new String[] {"TLSv1.2"});
    return client;
  }

  @Test
  void filesHaveChangedWhenTheyDifferAndRest() throws Exception {
    ServerCertificates server = server(this::a);
    assertFalse(server.isChanged());
    given.put("leaf.key", "leaf-parameters.key");
    assertFalse(server.isChanged(), "it may be written still");
    assertTrue(server.isChanged());
    assertFalse(server.isChanged(), "it has been told");
  }

  @Test
  void aDirectoryThatIsSwappedBehindALinkIsSeen() throws Exception {
    Path first = Files.createDirectory(directory.resolve("1"));
    Path second = Files.createDirectory(directory.resolve("2"));
    Files.copy(given.file("b-ec.pem"), first.resolve("tls.crt"));
    Files.copy(given.file("expired.pem"), second.resolve("tls.crt"));
    Path data = Files.createSymbolicLink(directory.resolve("data"), first);
    Path certificate =
        Files.createSymbolicLink(directory.resolve("tls.crt"), data.resolve("tls.crt"));
    ServerCertificates server = server(tls -> tls.certificate(certificate, given.file("b-ec.key")));
    Files.delete(data);
    Files.createSymbolicLink(data, second);
    server.isChanged();
    assertTrue(server.isChanged());
    server.reload();
    assertEquals("CN=expired", met(server, "b.test"));
  }

  @Test
  void theIntervalIsThatOfTheSettings() {
    assertEquals(Optional.of(Duration.ofMillis(300)), server(this::a).reloadInterval());
  }

  // Clients

  private ServerCertificates asking(Demand demand, String... lists) {
    return server(
        tls -> {
          a(tls);
          tls.provider(computing).clientCertificates(demand, given.file("ca.pem"));
          for (String list : lists) {
            tls.revocationLists(given.file(list));
          }
        });
  }

  private SSLEngine clientWith(@Nullable String name, String version) throws Exception {
    KeyManager[] keys = name == null ? new KeyManager[0] : keys(name);
    SSLEngine client = TlsDialogue.client(TlsDialogue.trustful(keys), "a.test");
    client.setEnabledProtocols(new String[] {version});
    return client;
  }

  private KeyManager[] keys(String name) throws Exception {
    Credentials own =
        files.credentials(
            name,
            new CertificateSettings(
                given.file(name + ".pem").toString(),
                Optional.of(given.file(name + ".key").toString()),
                Optional.empty()));
    return new KeyManager[] {new OwnKey(own)};
  }

  /** Shows what it has, whomever the server trusts. */
  private static final class OwnKey extends X509ExtendedKeyManager {
    private final Credentials own;

    OwnKey(Credentials own) {
      this.own = own;
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return "own";
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
      return type.equals("EC") ? "own" : null;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return "own";
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return "own";
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {"own"};
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[] {"own"};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return own.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return own.key();
    }
  }

  @ParameterizedTest(name = "{0}, {1}, {2} by {3}: {4}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          REQUIRED  | none       | client   | TLSv1.3 | CN=alice
          REQUIRED  | none       | client   | TLSv1.2 | CN=alice
          REQUIRED  | none       | none     | TLSv1.3 | refused
          REQUIRED  | none       | none     | TLSv1.2 | refused
          REQUIRED  | none       | stranger | TLSv1.3 | refused
          REQUIRED  | none       | revoked  | TLSv1.3 | CN=mallory
          REQUESTED | none       | none     | TLSv1.3 | nobody
          REQUESTED | none       | none     | TLSv1.2 | nobody
          REQUESTED | none       | client   | TLSv1.3 | CN=alice
          REQUESTED | none       | stranger | TLSv1.3 | refused
          REQUIRED  | ca.crl     | client   | TLSv1.3 | CN=alice
          REQUIRED  | ca.crl     | revoked  | TLSv1.3 | refused
          REQUESTED | ca.crl     | revoked  | TLSv1.2 | refused
          REQUIRED  | ca.crl.der | revoked  | TLSv1.3 | refused
          REQUIRED  | stale.crl  | client   | TLSv1.3 | refused
          """)
  void clientsAreAcceptedByTheirCertificates(
      Demand demand, @Nullable String list, @Nullable String client, String version, String outcome)
      throws Exception {
    for (TlsProvider provider : TlsProvider.values()) {
      computing = provider;
      ServerCertificates server = list == null ? asking(demand) : asking(demand, list);
      SSLEngine engine = server.engine("a.test", true);
      SSLEngine other = clientWith(client, version);
      assertEquals(outcome, outcome(other, engine), provider::name);
    }
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          none   | P0D     | true
          none   | P40000D | false
          ca.crl | P0D     | true
          ca.crl | P40000D | false
          """)
  void whatAClientHasProvedCountsUntilItExpires(
      @Nullable String list, Period later, boolean accepted) throws Exception {
    Instant[] now = {NOW};
    TlsBuilder tls = new TlsBuilder();
    a(tls);
    tls.clientCertificates(Demand.REQUIRED, given.file("ca.pem"));
    if (list != null) {
      tls.revocationLists(given.file(list));
    }
    ServerCertificates server = new ServerCertificates(tls.settings(), files, () -> now[0]);
    List<X509Certificate> chain = files.authorities("trusted", given.file("client.pem").toString());
    now[0] = NOW.plus(Duration.ofDays(later.getDays()));
    assertEquals(accepted, server.accepts(chain));
  }

  @Test
  void whatAClientHasProvedDoesNotOutliveTheRevocationList() {
    TlsBuilder tls = new TlsBuilder();
    a(tls);
    tls.clientCertificates(Demand.REQUIRED, given.file("ca.pem"));
    tls.revocationLists(given.file("stale.crl"));
    ServerCertificates server = server(t -> t.settings(tls.settings()));
    assertFalse(server.accepts(files.authorities("trusted", given.file("client.pem").toString())));
  }

  @Test
  void filesThatCouldNotBeReadAreReadAgain() throws Exception {
    Path key = given.file("leaf.key");
    ServerCertificates server = server(this::a);
    given.put("leaf.key", "client.key");
    assertFalse(server.isChanged());
    assertTrue(server.isChanged());
    assertThrows(InvalidSettingsException.class, server::reload);
    assertTrue(server.isChanged(), key::toString);
  }

  private static String outcome(SSLEngine client, SSLEngine server) {
    try {
      TlsDialogue.between(client, server);
    } catch (SSLException e) {
      return "refused";
    }
    try {
      return subject(server);
    } catch (SSLPeerUnverifiedException e) {
      return "nobody";
    }
  }

  @Test
  void aNewRevocationListEndsTheSessionsOfThoseOnIt() throws Exception {
    given.put("now.crl", "ca.crl");
    ServerCertificates server = asking(Demand.REQUIRED);
    SSLContext mallory = TlsDialogue.trustful(keys("revoked"));
    TlsDialogue.between(client12(mallory, "a.test"), server.engine("a.test", true));
    ServerCertificates listing = asking(Demand.REQUIRED, "ca.crl");
    assertEquals("refused", outcome(client12(mallory, "a.test"), listing.engine("a.test", true)));
  }

  @Test
  void anotherAuthorityIsForAllCertificatesAndEndsSessions() throws Exception {
    ServerCertificates server = asking(Demand.REQUIRED);
    SSLContext alice = TlsDialogue.trustful(keys("client"));
    TlsDialogue.between(client12(alice, "a.test"), server.engine("a.test", true));
    given.put("ca.pem", "stranger.pem");
    server.reload();
    assertEquals("refused", outcome(client12(alice, "a.test"), server.engine("a.test", true)));
  }

  @Test
  void clientsAreNotAskedUnlessToldSo() {
    SSLEngine engine = server(this::a).engine(null, true);
    assertFalse(engine.getNeedClientAuth() || engine.getWantClientAuth());
  }

  // An application's own context

  @Test
  void anOwnContextIsForEveryName() throws Exception {
    SSLContext own = SSLContext.getInstance("TLS");
    own.init(keys("client"), null, null);
    ServerTls server = ServerCertificates.of(own, new TlsBuilder().settings());
    assertEquals("CN=alice", met(server, "a.test"));
    assertNotEquals(0, server.engine(null, false).getEnabledCipherSuites().length);
    assertEquals(
        List.of("certificates: beside a context (expected: one or the other)"),
        assertThrows(
                InvalidSettingsException.class,
                () ->
                    ServerCertificates.of(
                        own, new TlsBuilder().certificate(Path.of("a")).settings()))
            .problems());
    assertEquals(
        List.of("strictNames: with a context (expected: files, whose names are known)"),
        assertThrows(
                InvalidSettingsException.class,
                () -> ServerCertificates.of(own, new TlsBuilder().strictNames().settings()))
            .problems());
  }

  @Test
  void sessionsOfAnOwnContextAreItsOwn() throws Exception {
    SSLContext own = SSLContext.getInstance("TLS");
    own.init(keys("client"), null, null);
    own.getServerSessionContext().setSessionTimeout(77);
    ServerCertificates.of(own, new TlsBuilder().settings());
    assertEquals(77, own.getServerSessionContext().getSessionTimeout());
  }
}
