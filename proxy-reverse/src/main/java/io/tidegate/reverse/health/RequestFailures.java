package io.tidegate.reverse.health;

import io.tidegate.core.spi.ProxyError;
import java.util.EnumSet;
import java.util.Set;

/** Which failures of requests are held against the endpoint. */
public final class RequestFailures {
  /*
   * Not there: what the client, our own limits or our own settings cause. A connection that is lost
   * in the middle of a response is there, although the endpoint may be restarting.
   */
  private static final Set<ProxyError> OF_ENDPOINT =
      EnumSet.of(
          ProxyError.DNS_TIMEOUT,
          ProxyError.DNS_ERROR,
          ProxyError.DESTINATION_UNAVAILABLE,
          ProxyError.DESTINATION_IP_UNROUTABLE,
          ProxyError.CONNECTION_REFUSED,
          ProxyError.CONNECTION_TERMINATED,
          ProxyError.CONNECTION_TIMEOUT,
          ProxyError.CONNECTION_READ_TIMEOUT,
          ProxyError.CONNECTION_WRITE_TIMEOUT,
          ProxyError.TLS_PROTOCOL_ERROR,
          ProxyError.TLS_CERTIFICATE_ERROR,
          ProxyError.TLS_ALERT_RECEIVED,
          ProxyError.HTTP_RESPONSE_INCOMPLETE,
          ProxyError.HTTP_RESPONSE_HEADER_SECTION_SIZE,
          ProxyError.HTTP_RESPONSE_TRAILER_SECTION_SIZE,
          ProxyError.HTTP_RESPONSE_TRANSFER_CODING,
          ProxyError.HTTP_RESPONSE_TIMEOUT,
          ProxyError.HTTP_PROTOCOL_ERROR);

  private RequestFailures() {}

  /** Whether {@code error} is held against the endpoint. */
  public static boolean areOfEndpoint(ProxyError error) {
    return OF_ENDPOINT.contains(error);
  }
}
