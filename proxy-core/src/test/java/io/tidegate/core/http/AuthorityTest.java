package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
  @ParameterizedTest(name = "{0}: host {1}, port {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.com          | example.com       | -1
          EXAMPLE.com:8080     | example.com       | 8080
          example.com.         | example.com.      | -1
          a_b.test:1           | a_b.test          | 1
          example.com:         | example.com       | -1
          example.com:00080    | example.com       | 80
          example.com:0        | example.com       | 0
          example.com:65535    | example.com       | 65535
          192.0.2.1:80         | 192.0.2.1         | 80
          [::1]                | [::1]             | -1
          [2001:DB8::A]:443    | [2001:db8::a]     | 443
          [::ffff:192.0.2.1]:1 | [::ffff:192.0.2.1] | 1
          a%2Eb                | a%2eb             | -1
          !$&'()*+;=~          | !$&'()*+;=~       | -1
          ''                   | ''                | -1
          :80                  | ''                | 80
          """)
  void isAHostAndPerhapsAPort(String text, String host, int port) throws Exception {
    assertEquals(
        new Authority(host == null ? "" : host, port), Authority.parse(text == null ? "" : text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user@example.com",
        "user:password@example.com",
        "user@example.com:80",
        "example.com:65536",
        "example.com:99999",
        "example.com:000080",
        "example.com:-1",
        "example.com:+80",
        "example.com:8 0",
        "example.com:http",
        "example.com:80:80",
        "example.com:\u0661",
        "example.com/",
        "example.com?",
        "example.com#",
        "example.com\\",
        " example.com",
        "example.com ",
        "exa mple.com",
        "a,b",
        "a\u0000b",
        "a\tb",
        "\u00e9.test",
        "\u212aelvin.test",
        "a%",
        "a%2",
        "a%2g",
        "::1",
        "[",
        "[]",
        "[]:80",
        "[::1",
        "::1]",
        "[::1]80",
        "[::1]]",
        "[[::1]]",
        "[::1%25eth0]",
        "[v1.a]",
        "[192.0.2.1]",
        "[example.com]",
        "a[::1]"
      })
  void isNothingElse(String text) {
    assertThrows(BadMessageException.class, () -> Authority.parse(text));
    assertNull(Authority.parseOrNull(text));
  }

  @Test
  void isLimitedInLength() throws Exception {
    assertEquals(300, Authority.parse("a".repeat(300)).host().length());
    assertThrows(BadMessageException.class, () -> Authority.parse("a".repeat(301)));
  }

  @ParameterizedTest
  @CsvSource({"example.com", "example.com:8080", "[::1]", "[::1]:443", "example.com:0"})
  void isWrittenAsItIsRead(String text) throws Exception {
    assertEquals(text, Authority.parse(text).toString());
  }

  @Test
  void hasTheDefaultPortOfTheSchemeUnlessItNamesOne() throws Exception {
    assertEquals(80, Authority.parse("a").portOr("http"));
    assertEquals(443, Authority.parse("a").portOr("https"));
    assertEquals(8080, Authority.parse("a:8080").portOr("https"));
    assertEquals(0, Authority.parse("a:0").portOr("http"));
  }

  @ParameterizedTest
  @CsvSource({
    "a:80, http, a",
    "a:80, https, a:80",
    "a:443, https, a",
    "a:443, http, a:443",
    "[::1]:80, http, [::1]",
    "a:8080, http, a:8080",
    "a, http, a"
  })
  void needsNoPortThatTheSchemeHasAnyway(String text, String scheme, String expected)
      throws Exception {
    assertEquals(expected, Authority.parse(text).withoutDefaultPort(scheme).toString());
  }

  @Test
  void losesTheBracketsInItsBareHost() throws Exception {
    assertEquals("::1", Authority.parse("[::1]:80").bareHost());
    assertEquals("example.com", Authority.parse("example.com:80").bareHost());
    assertEquals("", Authority.parse("").bareHost());
  }
}
