package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.RequestTarget.AbsoluteForm;
import io.tidegate.core.http.RequestTarget.AsteriskForm;
import io.tidegate.core.http.RequestTarget.AuthorityForm;
import io.tidegate.core.http.RequestTarget.OriginForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a/b?c=d",
        "//host/a",
        "/../a",
        "/%2e%2E/a",
        "/a?http://b/",
        "/*",
        "/a//b;c"
      })
  void aTargetThatStartsWithASlashIsInOriginFormAndStaysAsItIs(String target) throws Exception {
    assertEquals(new OriginForm(target), RequestTarget.parse("GET", target));
    assertEquals(new OriginForm(target), RequestTarget.parse("OPTIONS", target));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET     | http://example.com          | http   | example.com      | /
          GET     | http://example.com/         | http   | example.com      | /
          GET     | HTTP://EXAMPLE.com/A        | http   | example.com      | /A
          GET     | http://example.com?q        | http   | example.com      | /?q
          GET     | http://example.com:81/a?b=c | http   | example.com:81   | /a?b=c
          GET     | https://[::1]:8443/a        | https  | [::1]:8443       | /a
          GET     | http://a/http://b/          | http   | a                | /http://b/
          GET     | ftp+x-1.0://a/b             | ftp+x-1.0 | a             | /b
          OPTIONS | http://example.com          | http   | example.com      | *
          OPTIONS | http://example.com:80       | http   | example.com:80   | *
          OPTIONS | http://example.com/         | http   | example.com      | /
          OPTIONS | http://example.com?q        | http   | example.com      | /?q
          """)
  void aFullUriIsInAbsoluteForm(
      String method, String target, String scheme, String authority, String path) throws Exception {
    assertEquals(
        new AbsoluteForm(scheme, Authority.parse(authority), path),
        RequestTarget.parse(method, target));
  }

  @ParameterizedTest
  @CsvSource({
    "example.com:443, example.com, 443",
    "EXAMPLE.com:80, example.com, 80",
    "[::1]:8443, [::1], 8443"
  })
  void theTargetOfConnectIsHostAndPort(String target, String host, int port) throws Exception {
    assertEquals(
        new AuthorityForm(new Authority(host, port)), RequestTarget.parse("CONNECT", target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "example.com:",
        "example.com:0",
        "example.com:65536",
        ":443",
        "/",
        "*",
        "http://example.com:443",
        "example.com:443/",
        "user@example.com:443",
        "::1:443"
      })
  void connectTakesNothingElse(String target) {
    assertThrows(BadMessageException.class, () -> RequestTarget.parse("CONNECT", target));
  }

  @Test
  void anAsteriskIsForOptionsOnly() throws Exception {
    assertEquals(new AsteriskForm(), RequestTarget.parse("OPTIONS", "*"));
    assertThrows(BadMessageException.class, () -> RequestTarget.parse("GET", "*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a/b",
        "?q",
        "**",
        "*/",
        "example.com:80",
        "http:",
        "http:/",
        "http:/a",
        "http:a",
        "http://",
        "http:///a",
        "http://:80/",
        "http://?q",
        "http://user@a/",
        "http://user:password@a/",
        "http://a:b/",
        "http://a:65536/",
        "http://a#f",
        "http://a b/",
        "http://a\\b/",
        "http://[::1/",
        "http://::1/",
        "://a/",
        "1http://a/",
        "+http://a/",
        "ht_tp://a/",
        "h ttp://a/",
        " http://a/",
        "urn:a:b"
      })
  void whatIsInNoneOfTheFormsIsRefused(String target) {
    assertThrows(BadMessageException.class, () -> RequestTarget.parse("GET", target));
    assertThrows(BadMessageException.class, () -> RequestTarget.parse("OPTIONS", target));
  }

  @Test
  void theQueryBeginsBehindTheFirstQuestionMark() {
    assertEquals("/a", RequestTarget.path("/a?b?c"));
    assertEquals("b?c", RequestTarget.query("/a?b?c"));
    assertEquals("", RequestTarget.query("/a?"));
    assertEquals("/a", RequestTarget.path("/a"));
    assertNull(RequestTarget.query("/a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a?token=secret", "http://a.example/a?token=secret"})
  void noQueryIsShownInALog(String target) throws Exception {
    String shown = RequestTarget.parse("GET", target).toString();
    assertFalse(shown.contains("secret"), shown);
    assertTrue(shown.contains("/a"), shown);
  }
}
