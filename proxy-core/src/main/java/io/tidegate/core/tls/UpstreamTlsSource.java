package io.tidegate.core.tls;

import io.tidegate.core.io.FileWatch;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.tls.UpstreamTlsSettings.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trust and keys out of files, which can be read again. */
final class UpstreamTlsSource implements UpstreamTls.Source, Reloadable {
  private static final Duration RELOAD_INTERVAL = Duration.ofSeconds(1);

  /** What stands in the files. */
  private record Material(Optional<Credentials> own, List<X509Certificate> trusted) {}

  private final UpstreamTlsSettings settings;
  private final List<String> versions;
  private final CertificateFiles files;
  private final FileWatch watch;
  private Material material;
  private volatile SSLContext context;

  /**
   * What the files say now.
   *
   * @throws InvalidSettingsException with all that cannot be used
   */
  UpstreamTlsSource(UpstreamTlsSettings settings, CertificateFiles files) {
    this.settings = settings;
    this.versions = settings.versions().stream().map(TlsVersion::protocol).toList();
    this.files = files;
    this.watch = new FileWatch(paths());
    this.material = read();
    this.context = context(material);
  }

  private List<Path> paths() {
    Stream<String> trusted = settings.trusted().stream().map(TrustedFile::file);
    Stream<String> own =
        settings.certificate().stream()
            .flatMap(one -> Stream.concat(Stream.of(one.certificate()), one.key().stream()));
    return Stream.concat(trusted, own).distinct().map(Path::of).toList();
  }

  @Override
  public SSLContext context() {
    return context;
  }

  @Override
  public List<String> versions() {
    return versions;
  }

  @Override
  public String subject() {
    return paths().stream().map(Path::toString).findFirst().orElse("");
  }

  @Override
  public synchronized boolean isChanged() {
    return watch.isChanged();
  }

  @Override
  public Optional<Duration> reloadInterval() {
    boolean named = !settings.trusted().isEmpty() || settings.certificate().isPresent();
    return named ? Optional.of(RELOAD_INTERVAL) : Optional.empty();
  }

  /** If a file cannot be used, everything stays; if all say the same, sessions do. */
  @Override
  public synchronized void reload() {
    try {
      Material read = read();
      if (!read.equals(material)) {
        context = context(read);
        material = read;
      }
    } catch (InvalidSettingsException e) {
      watch.forget();
      throw e;
    }
  }

  private Material read() {
    Checks checks = new Checks();
    List<X509Certificate> trusted =
        checks.collectAll("trusted", settings.trusted(), files::authorities);
    Optional<Credentials> own = settings.certificate().flatMap(from -> read(from, checks));
    checks.done();
    return new Material(own, List.copyOf(trusted));
  }

  private Optional<Credentials> read(CertificateSettings from, Checks checks) {
    return Optional.ofNullable(checks.collect(() -> files.credentials("certificate", from)));
  }

  private SSLContext context(Material from) {
    try {
      KeyManager[] keys =
          from.own().map(own -> new KeyManager[] {new OwnCertificate(own)}).orElse(null);
      TrustManager[] trust = {trust(from.trusted())};
      return provider(from).context(keys, trust);
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidSettingsException(
          List.of("TLS to upstreams cannot be set up (" + e.getMessage() + ")"));
    }
  }

  /** Ed25519 is for the platform, as with listeners. */
  private TlsProvider provider(Material from) {
    boolean usual = from.own().filter(Credentials::isEd25519).isEmpty();
    return usual ? settings.provider() : TlsProvider.JDK;
  }

  private UpstreamTrust trust(List<X509Certificate> trusted)
      throws GeneralSecurityException, IOException {
    X509ExtendedTrustManager chain =
        settings.verification() == Verification.CHAIN ? chain(trusted) : null;
    return new UpstreamTrust(
        chain, fingerprints(settings.keyPins()), fingerprints(settings.certificatePins()));
  }

  private static Set<Fingerprint> fingerprints(List<String> pins) {
    return pins.stream()
        .map(pin -> Objects.requireNonNull(Fingerprint.parse(pin)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private X509ExtendedTrustManager chain(List<X509Certificate> trusted)
      throws GeneralSecurityException, IOException {
    if (trusted.isEmpty()) {
      return trustManager(null);
    }
    List<X509Certificate> all = new ArrayList<>(trusted);
    if (settings.trustPlatform()) {
      all.addAll(List.of(trustManager(null).getAcceptedIssuers()));
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < all.size(); i++) {
      store.setCertificateEntry("authority-" + i, all.get(i));
    }
    return trustManager(store);
  }

  /** The platform's way to verify; without {@code store}, with the platform's authorities. */
  private static X509ExtendedTrustManager trustManager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager verifies) {
        return verifies;
      }
    }
    throw new GeneralSecurityException("the platform verifies no hosts");
  }
}
