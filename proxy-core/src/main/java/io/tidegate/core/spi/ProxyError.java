package io.tidegate.core.spi;

/** The proxy error types of RFC 9209 §2.3, with the status code a client gets. */
public enum ProxyError {
  DNS_TIMEOUT(504),
  DNS_ERROR(502),
  DESTINATION_NOT_FOUND(404),
  DESTINATION_UNAVAILABLE(503),
  DESTINATION_IP_PROHIBITED(403),
  DESTINATION_IP_UNROUTABLE(502),
  CONNECTION_REFUSED(502),
  CONNECTION_TERMINATED(502),
  CONNECTION_TIMEOUT(504),
  CONNECTION_READ_TIMEOUT(504),
  CONNECTION_WRITE_TIMEOUT(504),
  CONNECTION_LIMIT_REACHED(503),
  TLS_PROTOCOL_ERROR(502),
  TLS_CERTIFICATE_ERROR(502),
  TLS_ALERT_RECEIVED(502),
  HTTP_REQUEST_ERROR(400),
  HTTP_REQUEST_DENIED(403),
  HTTP_RESPONSE_INCOMPLETE(502),
  HTTP_RESPONSE_HEADER_SECTION_SIZE(502),
  HTTP_RESPONSE_TRAILER_SECTION_SIZE(502),
  HTTP_RESPONSE_TRANSFER_CODING(502),
  HTTP_RESPONSE_TIMEOUT(504),
  HTTP_UPGRADE_FAILED(502),
  HTTP_PROTOCOL_ERROR(502),
  PROXY_INTERNAL_ERROR(500),
  PROXY_CONFIGURATION_ERROR(500),
  PROXY_LOOP_DETECTED(508);

  private final int status;
  private final String token;

  ProxyError(int status) {
    this.status = status;
    this.token = name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The status code a client gets unless the failure says otherwise. */
  public int status() {
    return status;
  }

  /** The token of RFC 9209: {@code connection_refused}. */
  public String token() {
    return token;
  }
}
