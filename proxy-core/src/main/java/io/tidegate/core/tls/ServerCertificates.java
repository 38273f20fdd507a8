package io.tidegate.core.tls;

import io.tidegate.core.io.FileWatch;
import io.tidegate.core.spi.Checks;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a listener proves itself with: the certificates of its settings by the names in them, as
 * their files are at present.
 *
 * <p>What is read anew counts for new handshakes. What has not changed keeps its context, and with
 * it the sessions that clients may resume.
 */
public final class ServerCertificates implements ServerTls, Reloadable {
  private static final System.Logger LOG = System.getLogger(ServerCertificates.class.getName());
  private static final Duration SOON = Duration.ofDays(14);
  private static final List<Credentials> NONE = List.of();

  /** What there must be to prove oneself with. */
  public static final String EXPECTED = "certificate, pkcs12 or context";

  private static final TrustManager[] NOBODY = {};

  /** What handshakes look at: replaced as a whole. */
  private record Choice(
      HostTable<ServerContext> byName, ServerContext byDefault, Optional<ClientTrust> clients) {}

  private final TlsSettings settings;
  private final CertificateFiles files;
  private final InstantSource clock;

  private final FileWatch watch;

  // What was read last; for whoever reads, one at a time.
  private final List<@Nullable Credentials> credentials = new ArrayList<>();
  private @Nullable ClientTrust trust;
  private Map<List<Credentials>, ServerContext> contexts = Map.of();

  private volatile Choice choice;

  /**
   * Reads what {@code settings} name.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that is wrong
   */
  public ServerCertificates(TlsSettings settings, CertificateFiles files, InstantSource clock) {
    this.settings = settings;
    this.files = files;
    this.clock = clock;
    Checks checks = new Checks();
    if (settings.certificates().isEmpty()) {
      checks.reject("certificates", "none", EXPECTED);
    }
    settings.certificates().forEach(one -> credentials.add(null));
    requireTrust(checks);
    this.watch = new FileWatch(paths());
    if (checks.passed()) {
      readFiles(checks);
    }
    checks.done();
    this.choice = choice();
  }

  /**
   * An application's own context for every name, as {@code settings} say but for certificates and
   * sessions: those are shared with whoever else uses it.
   */
  public static ServerTls of(SSLContext context, TlsSettings settings) {
    Checks checks = new Checks();
    if (!settings.certificates().isEmpty()) {
      checks.reject("certificates", "beside a context", "one or the other");
    }
    settings
        .clientCertificates()
        .filter(asked -> !asked.trusted().isEmpty() || !asked.revocationLists().isEmpty())
        .ifPresent(
            asked -> checks.reject("clientCertificates", "files beside a context", "no files"));
    if (settings.strictNames()) {
      checks.reject("strictNames", "with a context", "files, whose names are known");
    }
    checks.done();
    ServerContext only = new ServerContext(context, settings, false);
    return (serverName, http2) -> only.engine(http2);
  }

  private void requireTrust(Checks checks) {
    settings
        .clientCertificates()
        .filter(asked -> asked.trusted().isEmpty())
        .ifPresent(
            asked ->
                checks.reject(
                    "clientCertificates.trusted", "nobody", "a PEM file with certificates"));
  }

  @Override
  public SSLEngine engine(@Nullable String serverName, boolean http2) {
    Choice now = choice;
    ServerContext named = serverName == null ? null : now.byName.get(serverName);
    return (named == null ? now.byDefault : named).engine(http2);
  }

  @Override
  public boolean accepts(List<X509Certificate> chain) {
    ClientTrust clients = choice.clients().orElse(null);
    return clients == null || clients.isCurrent(chain, clock.instant());
  }

  private List<Path> paths() {
    Stream<String> certificates =
        settings.certificates().stream()
            .flatMap(one -> Stream.concat(Stream.of(one.certificate()), one.key().stream()));
    Stream<String> clients =
        settings.clientCertificates().stream()
            .flatMap(one -> Stream.concat(one.trusted().stream(), one.revocationLists().stream()));
    return Stream.concat(certificates, clients).distinct().map(Path::of).toList();
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
    return settings.reloadInterval();
  }

  @Override
  public synchronized void reload() {
    Checks checks = new Checks();
    readFiles(checks);
    this.choice = choice();
    if (!checks.passed()) {
      watch.forget();
    }
    checks.done();
  }

  private void readFiles(Checks checks) {
    for (int i = 0; i < credentials.size(); i++) {
      CertificateSettings from = settings.certificates().get(i);
      String place = "certificates[" + i + "]";
      Credentials read = checks.collect(() -> files.credentials(place, from));
      if (read != null && !read.equals(credentials.get(i))) {
        credentials.set(i, read);
        warn(from.certificate(), read);
      }
    }
    settings.clientCertificates().ifPresent(asked -> readTrust(asked, checks));
  }

  private void readTrust(ClientCertificateSettings asked, Checks checks) {
    ClientTrust read =
        checks.at("clientCertificates").collect(() -> ClientTrust.read(asked, files));
    if (read != null && !read.equals(trust)) {
      trust = read;
      contexts = Map.of(); // sessions of clients that are not trusted any more end, too
      read.warn(clock.instant());
    }
  }

  private void warn(String file, Credentials read) {
    Instant now = clock.instant();
    Instant begins = read.certificate().getNotBefore().toInstant();
    Instant ends = read.certificate().getNotAfter().toInstant();
    if (now.isBefore(begins)) {
      LOG.log(Level.WARNING, "certificate {0} is not valid before {1}", file, begins);
    } else if (now.isAfter(ends)) {
      LOG.log(Level.WARNING, "certificate {0} has expired at {1}", file, ends);
    } else if (now.plus(SOON).isAfter(ends)) {
      LOG.log(Level.WARNING, "certificate {0} expires at {1}", file, ends);
    }
  }

  /** Who gets what, by what was read last. */
  private Choice choice() {
    HostTable<List<Credentials>> byName = new HostTable<>();
    List<Credentials> all = new ArrayList<>();
    for (Credentials one : credentials) {
      Credentials known = Objects.requireNonNull(one);
      all.add(known);
      HostNames.of(known.certificate())
          .forEach(name -> byName.merge(name, before -> with(before, known)));
    }
    Map<List<Credentials>, ServerContext> made = new HashMap<>();
    HostTable<ServerContext> table =
        byName.map(several -> made.computeIfAbsent(several, this::context));
    List<Credentials> others = settings.strictNames() ? NONE : byDefault(all.get(0), byName);
    Choice next =
        new Choice(table, made.computeIfAbsent(others, this::context), Optional.ofNullable(trust));
    contexts = made;
    return next;
  }

  /** One more for a host, unless it has one with such a key already. */
  private static List<Credentials> with(@Nullable List<Credentials> before, Credentials one) {
    if (before == null) {
      return List.of(one);
    }
    String algorithm = one.key().getAlgorithm();
    if (before.stream().anyMatch(other -> other.key().getAlgorithm().equals(algorithm))) {
      return before;
    }
    List<Credentials> more = new ArrayList<>(before);
    more.add(one);
    return List.copyOf(more);
  }

  /** The first certificate, and those with other keys for its host. */
  private static List<Credentials> byDefault(
      Credentials first, HostTable<List<Credentials>> byName) {
    return HostNames.of(first.certificate()).stream()
        .map(byName::ofPattern)
        .flatMap(Optional::stream)
        .filter(several -> several.contains(first))
        .findFirst()
        .orElse(List.of(first));
  }

  /**
   * A choice among keys, none at all, Ed25519 and cipher suites of one's own are for the platform:
   * it has the same answer to them everywhere.
   */
  private TlsProvider provider(List<Credentials> several) {
    boolean usual =
        several.size() == 1 && settings.ciphers().isEmpty() && !several.get(0).isEd25519();
    return usual ? settings.provider() : TlsProvider.JDK;
  }

  private ServerContext context(List<Credentials> several) {
    ServerContext before = contexts.get(several);
    if (before != null) {
      return before;
    }
    try {
      KeyManager[] keys = {new KeyChoice(several)};
      ClientTrust clients = trust;
      TrustManager[] trusted = clients == null ? NOBODY : clients.managers();
      SSLContext context = provider(several).context(keys, trusted);
      int seconds = (int) settings.sessionTimeout().toSeconds();
      context.getServerSessionContext().setSessionTimeout(seconds);
      return new ServerContext(context, settings, several.isEmpty());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS cannot be set up", e);
    }
  }
}
