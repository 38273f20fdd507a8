package io.tidegate.core.tls;

/** A version of TLS. Older ones are not spoken (RFC 8996). */
public enum TlsVersion {
  /** RFC 5246. */
  TLS_1_2("TLSv1.2"),
  /** RFC 8446. */
  TLS_1_3("TLSv1.3");

  private final String protocol;

  TlsVersion(String protocol) {
    this.protocol = protocol;
  }

  /** The platform's name for it. */
  public String protocol() {
    return protocol;
  }
}
