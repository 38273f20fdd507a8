package io.tidegate.core.spi;

/** How a header of the PROXY protocol is written. */
public enum ProxyProtocolVersion {
  /** As a line of text. */
  V1,
  /** As binary octets. */
  V2
}
