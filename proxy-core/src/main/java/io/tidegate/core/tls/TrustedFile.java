package io.tidegate.core.tls;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import java.util.Optional;

/**
 * Authorities whose certificates are accepted, in a file that is read again when it changes.
 *
 * @param file a PEM file (RFC 7468) or a PKCS#12 file with their certificates
 * @param password what the PKCS#12 file is encrypted with; empty for a PEM file
 */
public record TrustedFile(String file, Optional<Secret> password) {
  /** Rejects what is no path. */
  public TrustedFile {
    Checks checks = new Checks();
    CertificateSettings.checkPath(checks, "trusted", file);
    checks.done();
  }
}
