package io.tidegate.reverse;

import io.tidegate.core.header.ClientCertificateFields;
import io.tidegate.core.spi.Checks;
import java.util.Optional;

/** Says what is done about https besides speaking it; nothing unless told. */
public final class HttpsBuilder {
  private boolean redirect;
  private int status = HttpsSettings.Redirect.DEFAULT.status();
  private Optional<Integer> port = HttpsSettings.Redirect.DEFAULT.port();
  private ClientCertificateFields.Mode clientCertificate = ClientCertificateFields.Mode.OFF;

  HttpsBuilder() {}

  /** Says what {@code settings} say. */
  void settings(HttpsSettings settings) {
    this.redirect = settings.redirect().isPresent();
    HttpsSettings.Redirect told = settings.redirect().orElse(HttpsSettings.Redirect.DEFAULT);
    this.status = told.status();
    this.port = told.port();
    this.clientCertificate = settings.clientCertificate();
  }

  /**
   * Answers requests that came without TLS by a redirect to the same URI with https, by 308 unless
   * told otherwise. A {@code trustedClients} one that says {@code X-Forwarded-Proto: https} has
   * spoken TLS for us. What an ACME server asks for (RFC 8555 §8.3) is served.
   */
  public HttpsBuilder redirect() {
    this.redirect = true;
    return this;
  }

  /** Redirects with this status: 301, 302, 303, 307 or 308. */
  public HttpsBuilder redirectStatus(int code) {
    this.status = code;
    return redirect();
  }

  /**
   * Redirects to this port, which may be that of something in front of us; to that of the first
   * listener that speaks TLS unless called, or else 443.
   */
  public HttpsBuilder redirectPort(int number) {
    this.port = Optional.of(number);
    return redirect();
  }

  /** Tells upstreams the certificate of the client in Client-Cert (RFC 9440). */
  public HttpsBuilder clientCertificate() {
    this.clientCertificate = ClientCertificateFields.Mode.CERTIFICATE;
    return this;
  }

  /** The same, and what else the client has sent of its chain in Client-Cert-Chain. */
  public HttpsBuilder clientCertificateChain() {
    this.clientCertificate = ClientCertificateFields.Mode.CHAIN;
    return this;
  }

  /**
   * What was said.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  HttpsSettings settings() {
    Checks checks = new Checks();
    HttpsSettings.Redirect told =
        redirect ? checks.collect(() -> new HttpsSettings.Redirect(status, port)) : null;
    checks.done();
    return new HttpsSettings(Optional.ofNullable(told), clientCertificate);
  }
}
