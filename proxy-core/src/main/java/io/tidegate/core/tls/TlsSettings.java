package io.tidegate.core.tls;

import io.tidegate.core.spi.Checks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a listener speaks TLS.
 *
 * @param certificates what it proves itself with, each to clients that ask for a name in it; the
 *     first also to those that name no host, or one that no certificate is for
 * @param versions the versions that are spoken
 * @param ciphers the cipher suites, by their names in the IANA registry, the best first; empty for
 *     {@link CipherSuites#DEFAULT}
 * @param strictNames whether clients that name no host, or one that no certificate is for, are
 *     refused
 * @param clientCertificates whether and how clients prove themselves; empty if they are not asked
 * @param handshakeTimeout how long a handshake may take, from accepting the connection, or from the
 *     end of its header of the PROXY protocol
 * @param sessionTimeout how long a client may resume a session instead of a full handshake
 * @param reloadInterval how often files are looked at; empty for never
 * @param provider who computes TLS; nobody asks where the application has made the context itself
 */
public record TlsSettings(
    List<CertificateSettings> certificates,
    List<TlsVersion> versions,
    List<String> ciphers,
    boolean strictNames,
    Optional<ClientCertificateSettings> clientCertificates,
    Duration handshakeTimeout,
    Duration sessionTimeout,
    Optional<Duration> reloadInterval,
    TlsProvider provider) {
  /** What an uncalled builder method means. */
  public static final TlsSettings DEFAULT =
      new TlsSettings(
          List.of(),
          List.of(TlsVersion.values()),
          List.of(),
          false,
          Optional.empty(),
          Duration.ofSeconds(10),
          Duration.ofHours(1),
          Optional.of(Duration.ofMillis(300)),
          TlsProvider.FASTEST);

  /** Copies the lists, brings the versions into one order; rejects what cannot work. */
  public TlsSettings {
    certificates = List.copyOf(certificates);
    versions = versions.stream().distinct().sorted().toList();
    ciphers = List.copyOf(ciphers);
    Checks checks =
        new Checks()
            .duration("handshakeTimeout", handshakeTimeout)
            .duration("sessionTimeout", sessionTimeout);
    reloadInterval.ifPresent(interval -> checks.duration("reloadInterval", interval));
    if (versions.isEmpty()) {
      checks.reject("versions", versions, "at least one of TLS_1_2, TLS_1_3");
    }
    if (sessionTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      checks.reject("sessionTimeout", sessionTimeout, "at least a second");
    }
    checks.done();
  }
}
