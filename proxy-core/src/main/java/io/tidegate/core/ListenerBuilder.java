package io.tidegate.core;

import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.server.ProxyProtocolSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.tls.CertificateFiles;
import io.tidegate.core.tls.ServerCertificates;
import io.tidegate.core.tls.ServerTls;
import io.tidegate.core.tls.TlsSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Says how clients connect to one address. */
public final class ListenerBuilder {
  private Optional<String> host = Optional.empty();
  private int port;
  private List<ListenerProtocol> protocols = List.of(ListenerProtocol.HTTP);
  private @Nullable TlsBuilder tls;

  /** How TLS was spoken here before, if it is not any more. */
  private @Nullable TlsBuilder tlsBefore;

  private @Nullable ProxyProtocolBuilder proxyProtocol;
  private boolean http2WithoutTls;

  ListenerBuilder() {}

  ListenerBuilder at(Optional<String> listenHost, int listenPort) {
    this.host = listenHost;
    this.port = listenPort;
    return this;
  }

  ListenerBuilder port(int listenPort) {
    this.port = listenPort;
    return this;
  }

  ListenerBuilder host(Optional<String> listenHost) {
    this.host = listenHost;
    return this;
  }

  Optional<String> host() {
    return host;
  }

  /** Whether {@code other} listens there too. */
  boolean isWhere(ListenerBuilder other) {
    return port == other.port && host.equals(other.host);
  }

  /** Takes over what settings do not say of {@code running}: a context. */
  void takeOver(ListenerBuilder running) {
    this.tlsBefore = running.tls == null ? running.tlsBefore : running.tls;
    if (tls != null && tlsBefore != null) {
      tls.takeOver(tlsBefore);
    }
  }

  ListenerBuilder speak(ListenerProtocol... spoken) {
    this.protocols = List.of(spoken);
    return this;
  }

  /** Says everything that {@code settings} say. */
  ListenerBuilder settings(ListenerSettings settings) {
    this.host = settings.host();
    this.port = settings.port();
    this.protocols = settings.protocols();
    this.tls = settings.tls().map(spoken -> new TlsBuilder().settings(spoken)).orElse(null);
    this.proxyProtocol =
        settings.proxyProtocol().map(new ProxyProtocolBuilder()::settings).orElse(null);
    this.http2WithoutTls = settings.http2WithoutTls();
    return this;
  }

  /** Clients speak TLS; repeated calls accumulate. */
  public ListenerBuilder tls(Consumer<TlsBuilder> details) {
    TlsBuilder described = tls == null ? new TlsBuilder() : tls;
    details.accept(described);
    this.tls = described;
    return this;
  }

  /** Whose word is taken for who a client is: the PROXY protocol. Repeated calls accumulate. */
  public ListenerBuilder proxyProtocol(Consumer<ProxyProtocolBuilder> details) {
    ProxyProtocolBuilder described =
        proxyProtocol == null ? new ProxyProtocolBuilder() : proxyProtocol;
    details.accept(described);
    this.proxyProtocol = described;
    return this;
  }

  /** Lets clients begin with HTTP/2 without TLS, knowing that we speak it (RFC 9113 §3.3). */
  public ListenerBuilder http2WithoutTls() {
    this.http2WithoutTls = true;
    return this;
  }

  /**
   * What was said, without behaviour.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  ListenerSettings settings() {
    Checks checks = new Checks();
    TlsSettings spoken = tls == null ? null : checks.collect("tls: ", tls::settings);
    ProxyProtocolBuilder told = proxyProtocol;
    ProxyProtocolSettings believed = told == null ? null : told.settings(checks);
    ListenerSettings settings =
        checks.collect(
            () ->
                new ListenerSettings(
                    host,
                    port,
                    protocols,
                    Optional.ofNullable(spoken),
                    Optional.ofNullable(believed),
                    http2WithoutTls));
    checks.done();
    return Objects.requireNonNull(settings);
  }

  /** What is said of handshakes counts for nobody where there are none. */
  private static TlsSettings requireNothingElse(TlsSettings settings) {
    boolean more =
        settings.strictNames()
            || settings.clientCertificates().isPresent()
            || !settings.ciphers().isEmpty();
    if (more) {
      new Checks().reject("certificates", "none", ServerCertificates.EXPECTED).done();
    }
    return settings;
  }

  /**
   * Reads keys and certificates, if TLS is spoken and the settings are right otherwise. What is
   * wrong with the files is noted in {@code checks}. There need be none if the proxy {@code
   * passesOn} connections undecrypted.
   */
  Optional<ServerTls> serverTls(Kept kept, Checks checks, boolean passesOn) {
    TlsBuilder described = tls;
    if (described == null || new Checks().collect(this::settings) == null) {
      return Optional.empty();
    }
    SSLContext own = described.ownContext();
    if (passesOn && own == null && described.settings().certificates().isEmpty()) {
      checks.collect(() -> requireNothingElse(described.settings()));
      return Optional.of(ServerTls.NONE);
    }
    TlsSettings settings = described.settings();
    return Optional.ofNullable(
        checks.<ServerTls>collect(
            () ->
                own == null
                    ? kept.of(ServerCertificates.class, settings, () -> certificates(settings))
                    : ServerCertificates.of(own, settings)));
  }

  private static ServerCertificates certificates(TlsSettings settings) {
    CertificateFiles files = new CertificateFiles(SecretReader::read);
    return new ServerCertificates(settings, files, InstantSource.system());
  }
}
