package io.tidegate.reverse.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
  @ParameterizedTest(name = "{0} is matched as {1} and sent as {2}")
  @CsvSource({
    // nothing to do
    "/, /, /",
    "/a/b, /a/b, /a/b",
    "/a.b/c., /a.b/c., /a.b/c.",
    "/.well-known/x, /.well-known/x, /.well-known/x",
    "/..., /..., /...",
    "/..a/.b, /..a/.b, /..a/.b",
    // RFC 3986 §6.2.2.1 and .2: escapes
    "/%61%2d%2E%5f%7Eb, /a-._~b, /%61%2d%2E%5f%7Eb",
    "/%30%39%41%5a%7a, /09AZz, /%30%39%41%5a%7a",
    "/a%20b%c3%a9, /a%20b%C3%A9, /a%20b%c3%a9",
    "/%00/%0d%0a/%7f, /%00/%0D%0A/%7F, /%00/%0d%0a/%7f",
    "/a%, /a%, /a%",
    "/a%2, /a%2, /a%2",
    "/a%zz%6, /a%zz%6, /a%zz%6",
    // once only
    "/%2561, /%2561, /%2561",
    "/a/%252e%252e/b, /a/%252e%252e/b, /a/%252e%252e/b",
    "/a/%252f/b, /a/%252f/b, /a/%252f/b",
    // §5.2.4: dot segments
    "/a/../b, /b, /b",
    "/a/./b, /a/b, /a/b",
    "/a/%2e%2E/b, /b, /b",
    "/a/.%2e/b, /b, /b",
    "/a/%2e/b, /a/b, /a/b",
    "/a/.., /, /",
    "/a/../, /, /",
    "/a/b/.., /a/, /a/",
    "/a/., /a/, /a/",
    "/.., /, /",
    "/../../a, /a, /a",
    "/a/b/c/../../d, /a/d, /a/d",
    "/a/%61/../%62%2f, /a/b%2F, /a/b%2F",
    // empty segments stay
    "//a//b, //a//b, //a//b",
    "/a//../b, /a/b, /a/b",
    "/a//.., /a/, /a/",
    // an escaped slash or a backslash is text of its segment
    "/a%2fb, /a%2Fb, /a%2fb",
    "'/a\\b%5cc', '/a\\b%5Cc', '/a\\b%5cc'",
    "/a%2f.b, /a%2F.b, /a%2f.b",
    "/a%2f/../b, /b, /b",
    // parameters
    "/a;x=1/b;y, /a;x=1/b;y, /a;x=1/b;y",
    "/a.;x, /a.;x, /a.;x",
  })
  void hasOneSpellingForMatching(String received, String matched, String forwarded) {
    RequestPath path = RequestPath.parse(received);
    assertNotNull(path);
    assertEquals(matched, path.matched());
    assertEquals(forwarded, RequestPath.forwarded(received));
    assertEquals(forwarded + "?/../%61", RequestPath.forwarded(received + "?/../%61"));
    assertEquals(matched, RequestPath.parse(received + "?/../%61").matched());
    if (RequestPath.plainEnd(received) >= 0) {
      assertEquals(matched, received);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/..;/b",
        "/a/..;x=1/b",
        "/a/.;/b",
        "/a/%2e%2e;/b",
        "/a/..%3b/b",
        "/a/..;",
        "/a/..%2fb",
        "/a%2f../b",
        "/a%2F..%2Fb",
        "/a/%2e%2e%2fb",
        "/a/..%5cb",
        "/a/..\\b",
        "/a\\../b",
        "/a%5c..",
        "/a%2f.",
        "/%2f../",
      })
  void aDotSegmentThatOnlySomeServersSeeIsRefused(String received) {
    assertNull(RequestPath.parse(received));
    assertNull(RequestPath.parse(received + "?x"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "/, 1",
    "/a/b, 4",
    "/a/b?c, 4",
    "/a/b?/../%61, 4",
    "*, 1",
    "/a.b, 4",
    "/%61, -1",
    "/a/.b, -1",
    "'/a\\b', -1",
  })
  void almostEveryPathIsSeenToBePlainAtAGlance(String received, int end) {
    assertEquals(end, RequestPath.plainEnd(received));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/b?c=/../", "/%61/b?%61", "/.x", "*", ""})
  void aPathWithoutDotSegmentsIsSentOnAsItIs(String received) {
    assertSame(received, RequestPath.forwarded(received));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "", "/"})
  void shortestTargetsAreTaken(String received) {
    assertEquals(received, RequestPath.parse(received).matched());
  }
}
