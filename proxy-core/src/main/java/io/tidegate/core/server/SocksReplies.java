package io.tidegate.core.server;

import io.tidegate.core.spi.Failure;
import io.tidegate.core.wire.SocksReply;

/** What a SOCKS client is told of an error that one of HTTP would get as a response. */
final class SocksReplies {
  private SocksReplies() {}

  /** The reply that says what {@code failure} says. */
  static SocksReply of(Failure failure) {
    return switch (failure.error()) {
      case HTTP_REQUEST_DENIED, DESTINATION_IP_PROHIBITED, PROXY_LOOP_DETECTED ->
          SocksReply.NOT_ALLOWED;
      case DESTINATION_IP_UNROUTABLE -> SocksReply.NETWORK_UNREACHABLE;
      case DNS_ERROR, DESTINATION_NOT_FOUND, DESTINATION_UNAVAILABLE -> SocksReply.HOST_UNREACHABLE;
      case CONNECTION_REFUSED -> SocksReply.CONNECTION_REFUSED;
      case DNS_TIMEOUT, CONNECTION_TIMEOUT, HTTP_RESPONSE_TIMEOUT -> SocksReply.TTL_EXPIRED;
      default -> of(failure.status());
    };
  }

  /** The reply that comes next to a response with this status. */
  static SocksReply of(int status) {
    return switch (status) {
      case 401, 403, 407, 429 -> SocksReply.NOT_ALLOWED;
      case 504 -> SocksReply.TTL_EXPIRED;
      default -> SocksReply.GENERAL_FAILURE;
    };
  }
}
