package io.tidegate.core.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {
  private static RequestHead head(String method, String target, String... fields) {
    return new RequestHead(method, target, HttpVersion.HTTP_1_1, Fields.of(fields));
  }

  private static RequestHead head10(String method, String target, String... fields) {
    return new RequestHead(method, target, HttpVersion.HTTP_1_0, Fields.of(fields));
  }

  private static String authority(RequestHead head) throws BadMessageException {
    return RequestRules.authority(head, RequestTarget.parse(head.method(), head.target()))
        .toString();
  }

  // Host (RFC 9112 §3.2)

  @Test
  void theAuthorityIsThatOfTheTargetOrElseOfHost() throws Exception {
    assertEquals("a:1", authority(head("GET", "/", "Host", "a:1")));
    assertEquals("b:2", authority(head("GET", "http://b:2/", "Host", "a:1")));
    assertEquals("c:3", authority(head("CONNECT", "c:3", "Host", "a:1")));
    assertEquals("a:1", authority(head("OPTIONS", "*", "Host", "a:1")));
    assertEquals("a:1", authority(head10("GET", "/", "Host", "a:1")));
    assertEquals("", authority(head10("GET", "/")));
    assertEquals("", authority(head("GET", "/", "Host", "")));
  }

  @Test
  void hostIsNeededOnceAndValid() {
    for (RequestHead bad :
        new RequestHead[] {
          head("GET", "/"),
          head("GET", "http://a/"),
          head("GET", "/", "Host", "a", "host", "a"),
          head10("GET", "/", "Host", "a", "host", "a"),
          head("GET", "http://a/", "Host", "a b"),
          head("GET", "/", "Host", "a, b")
        }) {
      assertThrows(BadMessageException.class, () -> authority(bad));
    }
  }

  // Max-Forwards (RFC 9110 §7.6.2)

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "TRACE,   0,                    0",
    "OPTIONS, 12,                   12",
    "OPTIONS, 99999999999999999999, 1000000",
    "GET,     0,                    -1",
    "GET,     x,                    -1",
    "trace,   0,                    -1",
    "TRACE,   '',                   -1"
  })
  void maxForwardsCountsForTraceAndOptions(String method, String value, int expected)
      throws Exception {
    assertEquals(expected, RequestRules.maxForwards(head(method, "/", "Max-Forwards", value)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "+1", "1.0", "x", "1 0", "0x1"})
  void maxForwardsIsANumber(String value) {
    RequestHead head = head("TRACE", "/", "Max-Forwards", value);
    assertThrows(BadMessageException.class, () -> RequestRules.maxForwards(head));
  }

  // Upgrade (RFC 9110 §7.8)

  @Test
  void webSocketIsAskedForOnBehalfOfAClientThatMayAsk() {
    String[] asking = {"Upgrade", "WebSocket", "Connection", "keep-alive, Upgrade"};
    assertEquals("websocket", RequestRules.upgrade(head("GET", "/", asking), Framing.NONE));
    assertEquals(null, RequestRules.upgrade(head("POST", "/", asking), Framing.NONE));
    assertEquals(null, RequestRules.upgrade(head10("GET", "/", asking), Framing.NONE));
    assertEquals(null, RequestRules.upgrade(head("GET", "/", asking), Framing.fixed(1)));
    assertEquals(null, RequestRules.upgrade(head("GET", "/", asking), Framing.CHUNKED));
    assertEquals(
        null, RequestRules.upgrade(head("GET", "/", "Upgrade", "websocket"), Framing.NONE));
    assertEquals(
        null,
        RequestRules.upgrade(
            head("GET", "/", "Upgrade", "h2c", "Connection", "Upgrade"), Framing.NONE));
  }

  // Expect (RFC 9110 §10.1.1)

  @Test
  void aClientMayExpectToBeAskedForContent() {
    String[] expecting = {"Expect", "100-Continue"};
    assertEquals(true, RequestRules.expectsContinue(head("PUT", "/", expecting), Framing.CHUNKED));
    assertEquals(true, RequestRules.expectsContinue(head("GET", "/", expecting), Framing.fixed(1)));
    assertEquals(false, RequestRules.expectsContinue(head("PUT", "/", expecting), Framing.NONE));
    assertEquals(
        false, RequestRules.expectsContinue(head("PUT", "/", expecting), Framing.fixed(0)));
    assertEquals(
        false, RequestRules.expectsContinue(head10("PUT", "/", expecting), Framing.CHUNKED));
    assertEquals(
        false, RequestRules.expectsContinue(head("PUT", "/", "Expect", "x"), Framing.CHUNKED));
  }

  // CONNECT

  @Test
  void connectHasNoContent() throws Exception {
    assertThrows(
        BadMessageException.class,
        () -> RequestRules.checked(head("CONNECT", "a:1"), Framing.fixed(1)));
    assertEquals(Framing.NONE, RequestRules.checked(head("CONNECT", "a:1"), Framing.NONE));
    assertEquals(Framing.CHUNKED, RequestRules.checked(head("POST", "/"), Framing.CHUNKED));
  }
}
