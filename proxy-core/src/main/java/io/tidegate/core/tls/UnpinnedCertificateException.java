package io.tidegate.core.tls;

import java.security.cert.CertificateException;

/** A certificate is not one of those that were expected, nor for one of their keys. */
public final class UnpinnedCertificateException extends CertificateException {
  private static final long serialVersionUID = 1;

  UnpinnedCertificateException() {
    super("neither the certificate nor its key is pinned");
  }
}
