package io.tidegate.reverse;

import io.tidegate.core.header.ClientCertificateFields;
import io.tidegate.core.spi.Checks;
import java.util.Optional;
import java.util.Set;

/**
 * What a reverse proxy does about https besides speaking it.
 *
 * @param redirect where requests go that came without TLS; empty if they are served
 * @param clientCertificate what upstreams are told of the certificates of clients (RFC 9440)
 */
public record HttpsSettings(
    Optional<Redirect> redirect, ClientCertificateFields.Mode clientCertificate) {
  /** What an uncalled builder method means. */
  public static final HttpsSettings DEFAULT =
      new HttpsSettings(Optional.empty(), ClientCertificateFields.Mode.OFF);

  /**
   * Where requests go that came without TLS.
   *
   * @param status 301, 302, 303, 307 or 308
   * @param port the port that clients reach us at by https; empty for that of the first listener
   *     that speaks TLS, or else 443
   */
  public record Redirect(int status, Optional<Integer> port) {
    /** What an uncalled builder method means. */
    public static final Redirect DEFAULT = new Redirect(308, Optional.empty());

    /** Rejects what cannot work. */
    public Redirect {
      Checks checks = new Checks();
      if (!Set.of(301, 302, 303, 307, 308).contains(status)) {
        checks.reject("redirectStatus", status, "301, 302, 303, 307 or 308");
      }
      port.ifPresent(given -> checks.between("redirectPort", given, 1, 65535));
      checks.done();
    }
  }
}
