package io.tidegate.core.tls;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;

/**
 * How TLS is spoken to upstreams.
 *
 * @param trusted files with the authorities whose certificates are accepted; those of the platform
 *     if there are none
 * @param trustPlatform whether those of the platform are accepted besides
 * @param certificate what we prove ourselves with if an upstream asks; nothing if empty
 * @param serverName the host to ask for (RFC 6066 §3) and to expect in the certificate; the one
 *     that is gone to if empty
 * @param keyPins SHA-256 digests of the public keys (SubjectPublicKeyInfo) one of which the
 *     upstream's certificate must be for, in base64 or hexadecimal
 * @param certificatePins SHA-256 digests of certificates one of which must be the upstream's
 * @param verification what is asked of the upstream's certificate besides
 * @param versions the versions that are spoken
 * @param provider who computes TLS
 */
public record UpstreamTlsSettings(
    List<TrustedFile> trusted,
    boolean trustPlatform,
    Optional<CertificateSettings> certificate,
    Optional<String> serverName,
    List<String> keyPins,
    List<String> certificatePins,
    Verification verification,
    List<TlsVersion> versions,
    TlsProvider provider) {
  /** What is asked of an upstream's certificate besides the pins. */
  public enum Verification {
    /** That an authority which is trusted vouches for it, that it is for the host, and valid. */
    CHAIN,
    /** Nothing: it is pinned. */
    PINNED_ONLY,
    /** Nothing at all: whoever answers is believed. */
    INSECURE
  }

  /** What an uncalled builder method means. */
  public static final UpstreamTlsSettings DEFAULT =
      new UpstreamTlsSettings(
          List.of(),
          false,
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          Verification.CHAIN,
          List.of(TlsVersion.values()),
          TlsProvider.FASTEST);

  /** Copies the lists, brings the versions into one order; rejects what cannot work. */
  public UpstreamTlsSettings {
    trusted = List.copyOf(trusted);
    keyPins = List.copyOf(keyPins);
    certificatePins = List.copyOf(certificatePins);
    versions = versions.stream().distinct().sorted().toList();
    Checks checks = new Checks();
    List<String> pins = new ArrayList<>(keyPins);
    pins.addAll(certificatePins);
    for (String pin : pins) {
      if (Fingerprint.parse(pin) == null) {
        checks.reject("pin", pin, Fingerprint.EXPECTED);
      }
    }
    if (verification == Verification.PINNED_ONLY && pins.isEmpty()) {
      checks.reject("pins", "none", "at least one, as nothing else is trusted");
    }
    if (verification == Verification.INSECURE && !pins.isEmpty()) {
      checks.reject("pins", pins, "none, as nothing is verified");
    }
    if (verification != Verification.CHAIN && (!trusted.isEmpty() || trustPlatform)) {
      checks.problem("trusted: authorities (expected: none, as nobody asks them)");
    }
    serverName
        .filter(name -> !isHost(name))
        .ifPresent(name -> checks.reject("serverName", name, "a DNS name or an IP address"));
    if (versions.isEmpty()) {
      checks.reject("versions", versions, "at least one of TLS_1_2, TLS_1_3");
    }
    checks.done();
  }

  /** Whether {@code name} can be asked for and be in a certificate. */
  public static boolean isHost(String name) {
    try {
      return Ip.parse(name) != null || !new SNIHostName(name).getAsciiName().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The same for any host: what trust and keys are made of. */
  UpstreamTlsSettings withoutServerName() {
    return new UpstreamTlsSettings(
        trusted,
        trustPlatform,
        certificate,
        Optional.empty(),
        keyPins,
        certificatePins,
        verification,
        versions,
        provider);
  }
}
