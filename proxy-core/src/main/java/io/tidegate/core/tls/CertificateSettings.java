package io.tidegate.core.tls;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import java.util.Optional;

/**
 * A certificate and its key, in files that are read again when they change.
 *
 * @param certificate a PEM file (RFC 7468) with the certificate and those of its issuers, in any
 *     order, or a PKCS#12 file with everything
 * @param key the PEM file with the key; empty if the other file has it
 * @param password what the key, or the PKCS#12 file, is encrypted with; empty if it is not
 */
public record CertificateSettings(
    String certificate, Optional<String> key, Optional<Secret> password) {
  /** Rejects what is no path. */
  public CertificateSettings {
    Checks checks = new Checks();
    checkPath(checks, "certificate", certificate);
    key.ifPresent(path -> checkPath(checks, "key", path));
    checks.done();
  }

  static void checkPath(Checks checks, String name, String path) {
    if (path.isBlank() || path.indexOf('\0') >= 0) {
      checks.reject(name, "'" + path.replace('\0', '?') + "'", "the path of a file");
    }
  }
}
