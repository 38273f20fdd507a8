package io.tidegate.forward.auth;

/** Where in a client certificate the name of the user stands. */
public enum CertificateName {
  /** The common name (CN) of the subject. */
  COMMON_NAME,
  /** The first alternative name (RFC 5280 §4.2.1.6) that is an email address, DNS name or URI. */
  ALTERNATIVE_NAME
}
