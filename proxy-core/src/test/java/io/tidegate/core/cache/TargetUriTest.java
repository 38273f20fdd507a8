package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Authority;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetUriTest {
  private static final TargetUri BASE = uri("http", "a", "/b/c/d;p?q");

  @ParameterizedTest
  @CsvSource({
    "http, a:80, http://a/",
    "https, a:443, https://a/",
    "http, a:443, http://a:443/",
    "https, a:80, https://a:80/",
    "http, a:0, http://a:0/",
    "http, [::1]:80, http://[::1]/",
    "http, a., http://a./"
  })
  void hasNoDefaultPort(String scheme, String authority, String text) {
    assertEquals(text, uri(scheme, authority, "/").text());
  }

  @Test
  void keepsPathAndQueryAsTheyAre() {
    assertEquals("http://a/%2f/../%7E?b=%2F&", uri("http", "a", "/%2f/../%7E?b=%2F&").text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          g              | http://a/b/c/g
          ./g            | http://a/b/c/g
          g/             | http://a/b/c/g/
          /g             | http://a/g
          //g            | http://g/
          //g:80?x       | http://g/?x
          ?y             | http://a/b/c/d;p?y
          g?y            | http://a/b/c/g?y
          g?y/./x        | http://a/b/c/g?y/./x
          #s             | http://a/b/c/d;p?q
          g#s/../x       | http://a/b/c/g
          ;x             | http://a/b/c/;x
          ''             | http://a/b/c/d;p?q
          .              | http://a/b/c/
          ./             | http://a/b/c/
          ..             | http://a/b/
          ../g           | http://a/b/g
          ../..          | http://a/
          ../../../../g  | http://a/g
          /./g           | http://a/g
          /../g          | http://a/g
          g.             | http://a/b/c/g.
          .g             | http://a/b/c/.g
          g..            | http://a/b/c/g..
          ..g            | http://a/b/c/..g
          ./../g         | http://a/b/g
          ./g/.          | http://a/b/c/g/
          g/./h          | http://a/b/c/g/h
          g/../h         | http://a/b/c/h
          /a//b/../c     | http://a/a//c
          HTTPS://G:443/x| https://g/x
          http://g?y=a:b | http://g/?y=a:b
          http://g/a/../b| http://g/b
          g?a:b          | http://a/b/c/g?a:b
          ./g:h          | http://a/b/c/g:h
          """)
  void resolvesReferences(String reference, String expected) {
    TargetUri resolved = BASE.resolve(reference == null ? "" : reference);
    assertNotNull(resolved);
    assertEquals(expected, resolved.text());
  }

  @Test
  void aReferenceMayStandInABaseWithoutQuery() {
    TargetUri resolved = uri("http", "a", "/b").resolve("?y");
    assertNotNull(resolved);
    assertEquals("http://a/b?y", resolved.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mailto:a@b", "g:h", "ftp://a/", "http:g", "http://", "http:///a", "//u@a/", ":x"})
  void knowsNoOtherReferences(String reference) {
    assertNull(BASE.resolve(reference));
  }

  @Test
  void anOriginIsSchemeHostAndPort() {
    assertTrue(BASE.hasOriginOf(uri("http", "A:80", "/x")));
    assertFalse(BASE.hasOriginOf(uri("https", "a", "/x")));
    assertFalse(BASE.hasOriginOf(uri("http", "b", "/x")));
    assertFalse(BASE.hasOriginOf(uri("http", "a:81", "/x")));
  }

  @Test
  void isPrintedWithoutItsQuery() {
    assertEquals("http://a/b/c/d;p?…", BASE.toString());
    assertEquals("http://a/", uri("http", "a", "/").toString());
  }

  @Test
  void whateverItResolvesToStartsWithASlashAndResolvesToItself() {
    Random random = new Random(3986);
    String[] parts = {"/", ".", "..", "?", "#", ":", "a", "http", "//", "%2e", "[", "@", "&"};
    for (int i = 0; i < 30_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(8); length >= 0; length--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      TargetUri resolved = BASE.resolve(text.toString());
      if (resolved != null) {
        assertTrue(resolved.pathAndQuery().startsWith("/"));
        assertEquals(resolved, BASE.resolve(resolved.text()));
      }
    }
  }

  static TargetUri uri(String scheme, String authority, String pathAndQuery) {
    Authority parsed = Authority.parseOrNull(authority);
    assertNotNull(parsed);
    return new TargetUri(scheme, parsed, pathAndQuery);
  }
}
