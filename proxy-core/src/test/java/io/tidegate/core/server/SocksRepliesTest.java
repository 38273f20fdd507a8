package io.tidegate.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.wire.SocksReply;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 1928 §6. */
class SocksRepliesTest {
  @ParameterizedTest
  @CsvSource({
    "HTTP_REQUEST_DENIED, 2",
    "DESTINATION_IP_PROHIBITED, 2",
    "PROXY_LOOP_DETECTED, 2",
    "DESTINATION_IP_UNROUTABLE, 3",
    "DNS_ERROR, 4",
    "DESTINATION_UNAVAILABLE, 4",
    "CONNECTION_REFUSED, 5",
    "DNS_TIMEOUT, 6",
    "CONNECTION_TIMEOUT, 6",
    "HTTP_REQUEST_ERROR, 1",
    "PROXY_INTERNAL_ERROR, 1",
    "CONNECTION_LIMIT_REACHED, 1"
  })
  void aFailureHasTheWordThatFitsItBest(ProxyError error, int code) {
    assertEquals(code, SocksReplies.of(Failure.of(error, "x")).octets(5)[1]);
  }

  @ParameterizedTest
  @CsvSource({"401, 2", "403, 2", "407, 2", "429, 2", "504, 6", "400, 1", "500, 1", "200, 1"})
  void aResponseHasTheWordThatComesNext(int status, int code) {
    assertEquals(code, SocksReplies.of(status).octets(5)[1]);
    assertEquals(code, SocksReplies.of(Failure.badRequest(status, "x")).octets(5)[1]);
  }

  @Test
  void version4HasOneWordForEveryFailure() {
    for (SocksReply reply : SocksReply.values()) {
      String code = reply == SocksReply.SUCCEEDED ? "5a" : "5b";
      assertEquals("00" + code + "000000000000", HexFormat.of().formatHex(reply.octets(4)));
    }
  }
}
