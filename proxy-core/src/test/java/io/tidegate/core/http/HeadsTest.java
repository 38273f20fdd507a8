package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.BadMessageException.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Request and response heads and what little they know. */
class HeadsTest {
  @ParameterizedTest(name = "{0}: safe {1}, idempotent {2}")
  @CsvSource({
    "GET, true, true",
    "HEAD, true, true",
    "OPTIONS, true, true",
    "TRACE, true, true",
    "QUERY, true, true",
    "PUT, false, true",
    "DELETE, false, true",
    "POST, false, false",
    "PATCH, false, false",
    "CONNECT, false, false",
    "get, false, false",
    "OTHER, false, false"
  })
  void methodsAreSafeOrIdempotentAsRfc9110Section92Says(
      String method, boolean safe, boolean idempotent) {
    assertEquals(safe, request(method, "/").isSafe());
    assertEquals(idempotent, request(method, "/").isIdempotent());
  }

  @Test
  void methodsAreToldApartWithRegardToCase() {
    assertTrue(request("CONNECT", "a:443").isConnect());
    assertFalse(request("connect", "a:443").isConnect());
    assertTrue(request("HEAD", "/").isHead());
    assertFalse(request("Head", "/").isHead());
  }

  @Test
  void theTextOfARequestHidesTheQuery() {
    assertEquals("GET /a?…", request("GET", "/a?token=secret").toString());
    assertEquals("GET /a", request("GET", "/a").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "100, true",
    "101, false",
    "102, true",
    "103, true",
    "199, true",
    "200, false",
    "999, false"
  })
  void everyStatusBelow200ButSwitchingProtocolsIsInterim(int status, boolean interim) {
    assertEquals(
        interim, new ResponseHead(HttpVersion.HTTP_1_1, status, "", Fields.empty()).isInterim());
  }

  @Test
  void theTextOfAResponseHidesTheValues() {
    Fields fields = Fields.of("Set-Cookie", "secret");
    assertEquals(
        "200 [Set-Cookie]", new ResponseHead(HttpVersion.HTTP_1_1, 200, "OK", fields).toString());
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_0, 1.0, false", "HTTP_1_1, 1.1, true", "HTTP_2, 2.0, true"})
  void versionsKnowTheirNumber(HttpVersion version, String number, boolean atLeast11) {
    assertEquals(number, version.number());
    assertEquals(atLeast11, version.atLeast11());
  }

  @Test
  void aBadMessageSaysWhatIsWrong() {
    BadMessageException syntax = BadMessageException.syntax("invalid host");
    assertEquals(Fault.SYNTAX, syntax.fault());
    assertEquals("invalid host", syntax.detail());
    assertEquals(Fault.FRAMING, BadMessageException.framing("x").fault());
    assertEquals(0, syntax.getStackTrace().length); // it is thrown for every bad request
  }

  private static RequestHead request(String method, String target) {
    return new RequestHead(method, target, HttpVersion.HTTP_1_1, Fields.empty());
  }
}
