package io.tidegate.core;

import io.tidegate.core.spi.Secret;
import io.tidegate.core.tls.CertificateSettings;
import io.tidegate.core.tls.ClientCertificateSettings;
import io.tidegate.core.tls.TlsProvider;
import io.tidegate.core.tls.TlsSettings;
import io.tidegate.core.tls.TlsVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Says how clients speak TLS with a listener: what it proves itself with, who may connect. It needs
 * a certificate, or a context.
 *
 * <p>Files are read when the proxy is built, and again when they change.
 */
public final class TlsBuilder {
  private final List<CertificateSettings> certificates = new ArrayList<>();
  private List<TlsVersion> versions = TlsSettings.DEFAULT.versions();
  private List<String> ciphers = TlsSettings.DEFAULT.ciphers();
  private boolean strictNames;
  private ClientCertificateSettings.@Nullable Demand demand;
  private final List<String> trusted = new ArrayList<>();
  private final List<String> revocationLists = new ArrayList<>();
  private Duration handshakeTimeout = TlsSettings.DEFAULT.handshakeTimeout();
  private Duration sessionTimeout = TlsSettings.DEFAULT.sessionTimeout();
  private Optional<Duration> reloadInterval = TlsSettings.DEFAULT.reloadInterval();
  private TlsProvider provider = TlsSettings.DEFAULT.provider();
  private @Nullable SSLContext context;

  /** What the last of those before this had that had one: it counts without certificates. */
  private @Nullable SSLContext contextBefore;

  /** Without certificates so far. */
  public TlsBuilder() {}

  /** Says what {@code settings} say. */
  public TlsBuilder settings(TlsSettings settings) {
    certificates.clear();
    certificates.addAll(settings.certificates());
    this.versions = settings.versions();
    this.ciphers = settings.ciphers();
    this.strictNames = settings.strictNames();
    this.demand = null;
    trusted.clear();
    revocationLists.clear();
    settings
        .clientCertificates()
        .ifPresent(
            asked -> {
              this.demand = asked.demand();
              trusted.addAll(asked.trusted());
              revocationLists.addAll(asked.revocationLists());
            });
    this.handshakeTimeout = settings.handshakeTimeout();
    this.sessionTimeout = settings.sessionTimeout();
    this.reloadInterval = settings.reloadInterval();
    this.provider = settings.provider();
    return this;
  }

  /**
   * Adds a certificate: a PEM file with it and those of its issuers, in any order, and one with its
   * key. Clients get the one that is for the host they ask for, and of several those that their
   * kind of signatures fits; the first stands in where none is for the host.
   */
  public TlsBuilder certificate(Path pem, Path key) {
    return add(pem, Optional.of(key), Optional.empty());
  }

  /** The same with a key that is encrypted (PKCS#8). */
  public TlsBuilder certificate(Path pem, Path key, Secret password) {
    return add(pem, Optional.of(key), Optional.of(password));
  }

  /** The same in one PEM file, with the key. */
  public TlsBuilder certificate(Path pem) {
    return add(pem, Optional.empty(), Optional.empty());
  }

  /** The same in a PKCS#12 file, which has one key. */
  public TlsBuilder pkcs12(Path file, Secret password) {
    return add(file, Optional.empty(), Optional.of(password));
  }

  private TlsBuilder add(Path file, Optional<Path> key, Optional<Secret> password) {
    certificates.add(new CertificateSettings(file.toString(), key.map(Path::toString), password));
    return this;
  }

  /**
   * Takes keys and trust from {@code own}, in place of files; as it is behaviour, it is not part of
   * settings.
   */
  public TlsBuilder context(SSLContext own) {
    this.context = own;
    return this;
  }

  /** The versions that are spoken; TLS 1.2 and 1.3 unless called. */
  public TlsBuilder versions(TlsVersion... spoken) {
    this.versions = List.of(spoken);
    return this;
  }

  /**
   * The cipher suites, by their names in the IANA registry, the best first; those with forward
   * secrecy and authenticated encryption unless called.
   */
  public TlsBuilder ciphers(String... names) {
    this.ciphers = List.of(names);
    return this;
  }

  /** Refuses clients that name no host, or one that no certificate is for. */
  public TlsBuilder strictNames() {
    this.strictNames = true;
    return this;
  }

  /**
   * Asks clients for certificates of the authorities in these PEM files; repeated calls accumulate,
   * and the last demand counts. With a {@link #context}, its trust counts, and files are not
   * needed.
   */
  public TlsBuilder clientCertificates(ClientCertificateSettings.Demand how, Path... authorities) {
    this.demand = how;
    for (Path file : authorities) {
      trusted.add(file.toString());
    }
    return this;
  }

  /**
   * Refuses the certificates of clients that these files list, PEM or DER (RFC 5280 §5); repeated
   * calls accumulate. Then every authority in a chain needs a list that has not expired.
   */
  public TlsBuilder revocationLists(Path... files) {
    for (Path file : files) {
      revocationLists.add(file.toString());
    }
    return this;
  }

  /**
   * How long a handshake may take, from accepting the connection or, behind a balancer that speaks
   * the PROXY protocol, from the end of its header; 10 s unless called.
   */
  public TlsBuilder handshakeTimeout(Duration timeout) {
    this.handshakeTimeout = timeout;
    return this;
  }

  /** How long clients may resume a session instead of a full handshake; an hour unless called. */
  public TlsBuilder sessionTimeout(Duration timeout) {
    this.sessionTimeout = timeout;
    return this;
  }

  /**
   * How often files are looked at; 300 ms unless called. They are read when they have changed, and
   * rest from one look to the next.
   */
  public TlsBuilder reloadInterval(Duration interval) {
    this.reloadInterval = Optional.of(interval);
    return this;
  }

  /** Reads files again only when {@link Proxy#reloadCertificates} is called. */
  public TlsBuilder noReload() {
    this.reloadInterval = Optional.empty();
    return this;
  }

  /**
   * Has TLS computed by this; by the {@linkplain TlsProvider#FASTEST fastest} unless called. It is
   * the context that says so where there is one.
   */
  public TlsBuilder provider(TlsProvider computing) {
    this.provider = computing;
    return this;
  }

  /** Takes over the context of {@code running}; certificates count in its place. */
  void takeOver(TlsBuilder running) {
    this.contextBefore = running.context == null ? running.contextBefore : running.context;
  }

  /** The application's own context, or null. */
  @Nullable SSLContext ownContext() {
    return context == null && certificates.isEmpty() ? contextBefore : context;
  }

  /**
   * What was said, without behaviour.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public TlsSettings settings() {
    return new TlsSettings(
        certificates,
        versions,
        ciphers,
        strictNames,
        clientCertificates(),
        handshakeTimeout,
        sessionTimeout,
        reloadInterval,
        provider);
  }

  private Optional<ClientCertificateSettings> clientCertificates() {
    if (demand == null && revocationLists.isEmpty()) {
      return Optional.empty();
    }
    ClientCertificateSettings.Demand how =
        demand == null ? ClientCertificateSettings.Demand.REQUIRED : demand;
    return Optional.of(new ClientCertificateSettings(how, trusted, revocationLists));
  }
}
