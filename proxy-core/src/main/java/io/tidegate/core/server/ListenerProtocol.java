package io.tidegate.core.server;

/** What clients may speak to a listener. */
public enum ListenerProtocol {
  /** HTTP/1.1 and HTTP/1.0 (RFC 9112). */
  HTTP,
  /** SOCKS 5 (RFC 1928), 4 and 4a. */
  SOCKS
}
