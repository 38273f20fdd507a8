package io.tidegate.core;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.tls.CertificateSettings;
import io.tidegate.core.tls.TlsProvider;
import io.tidegate.core.tls.TlsVersion;
import io.tidegate.core.tls.TrustedFile;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.core.tls.UpstreamTlsSettings.Verification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Says how TLS is spoken to upstreams: whom they are believed by, what we prove ourselves with.
 * Unless told otherwise the authorities of the platform are trusted, and a certificate must be for
 * the host that is gone to.
 *
 * <p>Files are read when the proxy is built, and again when they change: for connections that are
 * made from then on.
 */
public final class UpstreamTlsBuilder {
  private final List<Supplier<TrustedFile>> trusted = new ArrayList<>();
  private boolean trustPlatform;
  private Optional<Supplier<CertificateSettings>> certificate = Optional.empty();
  private Optional<String> serverName = Optional.empty();
  private final List<String> keyPins = new ArrayList<>();
  private final List<String> certificatePins = new ArrayList<>();
  private Verification verification = UpstreamTlsSettings.DEFAULT.verification();
  private List<TlsVersion> versions = UpstreamTlsSettings.DEFAULT.versions();
  private TlsProvider provider = UpstreamTlsSettings.DEFAULT.provider();

  /** Nothing said so far. */
  public UpstreamTlsBuilder() {}

  /** Says what {@code settings} say. */
  public UpstreamTlsBuilder settings(UpstreamTlsSettings settings) {
    trusted.clear();
    settings.trusted().forEach(file -> trusted.add(() -> file));
    this.trustPlatform = settings.trustPlatform();
    this.certificate = settings.certificate().map(own -> () -> own);
    this.serverName = settings.serverName();
    keyPins.clear();
    keyPins.addAll(settings.keyPins());
    certificatePins.clear();
    certificatePins.addAll(settings.certificatePins());
    this.verification = settings.verification();
    this.versions = settings.versions();
    this.provider = settings.provider();
    return this;
  }

  /**
   * Trusts the authorities in a PEM file, in place of the platform's; repeated calls accumulate. A
   * certificate that is in it itself is trusted, too.
   */
  public UpstreamTlsBuilder trusted(Path pem) {
    trusted.add(() -> new TrustedFile(pem.toString(), Optional.empty()));
    return this;
  }

  /** The same in a PKCS#12 file, with entries for trusted certificates. */
  public UpstreamTlsBuilder trusted(Path pkcs12, Secret password) {
    trusted.add(() -> new TrustedFile(pkcs12.toString(), Optional.of(password)));
    return this;
  }

  /** Trusts the authorities of the platform besides those of {@link #trusted}. */
  public UpstreamTlsBuilder trustPlatform() {
    this.trustPlatform = true;
    return this;
  }

  /**
   * Proves who we are to upstreams that ask, with a certificate: a PEM file with it and those of
   * its issuers, in any order, and one with its key. The last call counts.
   */
  public UpstreamTlsBuilder certificate(Path pem, Path key) {
    return certificate(pem, Optional.of(key), Optional.empty());
  }

  /** The same with a key that is encrypted (PKCS#8). */
  public UpstreamTlsBuilder certificate(Path pem, Path key, Secret password) {
    return certificate(pem, Optional.of(key), Optional.of(password));
  }

  /** The same in one PEM file, with the key. */
  public UpstreamTlsBuilder certificate(Path pem) {
    return certificate(pem, Optional.empty(), Optional.empty());
  }

  /** The same in a PKCS#12 file, which has one key. */
  public UpstreamTlsBuilder pkcs12(Path file, Secret password) {
    return certificate(file, Optional.empty(), Optional.of(password));
  }

  private UpstreamTlsBuilder certificate(Path file, Optional<Path> key, Optional<Secret> password) {
    this.certificate =
        Optional.of(
            () -> new CertificateSettings(file.toString(), key.map(Path::toString), password));
    return this;
  }

  /**
   * Asks for this host (SNI, RFC 6066 §3) and expects it in the certificate, in place of the one
   * that is gone to.
   */
  public UpstreamTlsBuilder serverName(String name) {
    this.serverName = Optional.of(name);
    return this;
  }

  /**
   * Accepts a certificate only for one of these public keys; repeated calls accumulate, as when
   * keys change. A pin is the SHA-256 digest of the SubjectPublicKeyInfo of the upstream's own
   * certificate, not of its issuers', in base64 (pin-sha256 of RFC 7469) or hexadecimal. What else
   * is asked of the certificate stays.
   */
  public UpstreamTlsBuilder pinKey(String... sha256) {
    keyPins.addAll(List.of(sha256));
    return this;
  }

  /** Accepts, besides those of {@link #pinKey}, only certificates with one of these digests. */
  public UpstreamTlsBuilder pinCertificate(String... sha256) {
    certificatePins.addAll(List.of(sha256));
    return this;
  }

  /**
   * Accepts what is pinned and asks nothing else of it: neither who vouches for it, nor which host
   * it is for, nor until when. For certificates that vouch for themselves.
   */
  public UpstreamTlsBuilder trustPinnedOnly() {
    this.verification = Verification.PINNED_ONLY;
    return this;
  }

  /**
   * Accepts any certificate: whoever gets between us and the upstream reads and changes what is
   * sent. For experiments; the log warns of it.
   */
  public UpstreamTlsBuilder insecureSkipVerification() {
    this.verification = Verification.INSECURE;
    return this;
  }

  /** The versions that are spoken; 1.2 and 1.3 unless called. */
  public UpstreamTlsBuilder versions(TlsVersion... spoken) {
    this.versions = List.of(spoken);
    return this;
  }

  /** Has TLS computed by this; by the {@linkplain TlsProvider#FASTEST fastest} unless called. */
  public UpstreamTlsBuilder provider(TlsProvider computing) {
    this.provider = computing;
    return this;
  }

  /**
   * What was said, as data.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public UpstreamTlsSettings settings() {
    Checks checks = new Checks();
    List<TrustedFile> files = new ArrayList<>();
    for (Supplier<TrustedFile> file : trusted) {
      TrustedFile one = checks.collect(file);
      if (one != null) {
        files.add(one);
      }
    }
    Optional<CertificateSettings> own =
        certificate.flatMap(said -> Optional.ofNullable(checks.collect(said)));
    UpstreamTlsSettings settings =
        checks.collect(
            () ->
                new UpstreamTlsSettings(
                    files,
                    trustPlatform,
                    own,
                    serverName,
                    keyPins,
                    certificatePins,
                    verification,
                    versions,
                    provider));
    checks.done();
    return Objects.requireNonNull(settings);
  }
}
