package io.tidegate.core.tls;

import java.util.List;
import java.util.Optional;

/**
 * How a listener speaks TLS.
 *
 * @param certificates what it proves itself with; the first is for clients that name no host, or
 *     one that no certificate is for
 */
public record TlsSettings(List<CertificateSettings> certificates) {
  /** Copies the list. */
  public TlsSettings {
    certificates = List.copyOf(certificates);
  }

  /**
   * A certificate and its key.
   *
   * @param certificate a PEM file with the certificate and those of its issuers, or a PKCS#12 file
   *     with everything
   * @param key the PEM file with the key; empty if the other file has it
   */
  public record CertificateSettings(String certificate, Optional<String> key) {}
}
