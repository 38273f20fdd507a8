package io.tidegate.core.tls;

import io.tidegate.core.spi.Checks;
import java.util.List;

/**
 * Whether clients prove themselves with certificates, and which are accepted.
 *
 * @param demand what becomes of clients without one
 * @param trusted PEM files with the authorities whose certificates are accepted; those of the
 *     platform are not
 * @param revocationLists files, PEM or DER, with lists of certificates that are not accepted any
 *     more (RFC 5280 §5). If there are any, every authority in the chain of a client needs one that
 *     has not expired
 */
public record ClientCertificateSettings(
    Demand demand, List<String> trusted, List<String> revocationLists) {
  /** What becomes of clients without a certificate. One that is not accepted ends the handshake. */
  public enum Demand {
    /** They are served. */
    REQUESTED,
    /** Their handshake fails. */
    REQUIRED
  }

  /** Copies the lists; rejects what is no path. */
  public ClientCertificateSettings {
    trusted = List.copyOf(trusted);
    revocationLists = List.copyOf(revocationLists);
    Checks checks = new Checks();
    trusted.forEach(path -> CertificateSettings.checkPath(checks, "trusted", path));
    revocationLists.forEach(path -> CertificateSettings.checkPath(checks, "revocationList", path));
    checks.done();
  }
}
