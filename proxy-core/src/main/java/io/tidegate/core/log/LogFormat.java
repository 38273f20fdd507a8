package io.tidegate.core.log;

/** The forms that the lines of an access log may have without a pattern. */
public enum LogFormat {
  /** The common log format: client, user, time, request line, status, octets. */
  CLF,
  /** The same with Referer and User-Agent. */
  COMBINED,
  /** A JSON object a line (RFC 8259). */
  JSON,
  /** The native format of Squid, which tools for forward proxies read. */
  SQUID
}
