package io.tidegate.core.spi;

/** Which versions of HTTP are spoken to a destination. */
public enum UpstreamHttp {
  /** HTTP/1.1 (RFC 9112). */
  HTTP_1_1,
  /**
   * HTTP/2 if the server chooses it in the TLS handshake (RFC 7301), else HTTP/1.1; without TLS,
   * HTTP/1.1.
   */
  NEGOTIATED,
  /**
   * HTTP/2 (RFC 9113) and nothing else: chosen in the TLS handshake, or without TLS by prior
   * knowledge.
   */
  HTTP_2
}
