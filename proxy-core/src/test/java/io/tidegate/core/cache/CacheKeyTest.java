package io.tidegate.core.cache;

import static io.tidegate.core.cache.TargetUriTest.uri;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheKeyTest {
  private static final TargetUri TARGET = uri("http", "a", "/b?c");
  private static final KeyPolicy SELECTING =
      selecting(List.of(FieldName.of("X"), FieldName.of("Y")), List.of("u", "v"));

  @Test
  void getAndHeadHaveOneKey() {
    CacheKey get = key("GET", TARGET, "", "");
    assertEquals(get, key("HEAD", TARGET, "", "ignored"));
    assertEquals(get, key("POST", TARGET, "", ""));
    assertEquals(get.hashCode(), key("HEAD", TARGET, "", "").hashCode());
    assertEquals("GET http://a/b?c", get.text());
    assertEquals("GET http://a/b?…", get.toString());
    assertEquals("GET http://a/", key("GET", uri("http", "a", "/"), "", "").toString());
    assertEquals("GET", get.method());
  }

  @Test
  void aQueryHasAKeyForEachContent() {
    CacheKey one = key("QUERY", TARGET, "", "d1");
    assertEquals(one, key("QUERY", TARGET, "", "d1"));
    assertNotEquals(one, key("QUERY", TARGET, "", "d2"));
    assertNotEquals(one, key("GET", TARGET, "", "d1"));
    assertEquals("QUERY http://a/b?c content=d1", one.text());
    assertEquals(key("GET", TARGET, "", "").uri(), one.uri());
  }

  @Test
  void nothingIsSharedAcrossPartitions() {
    CacheKey one = key("GET", TARGET, "one", "");
    assertNotEquals(one, key("GET", TARGET, "", ""));
    assertEquals("one", one.partition());
    assertEquals("http://a/b?c", one.uri());
    assertEquals("GET http://a/b?c partition#1ae66", one.text());
  }

  @Test
  void everyOtherPartSetsKeysApart() {
    CacheKey key = new CacheKey("u", "GET", "p", "s", "");
    assertEquals(key, new CacheKey("u", "GET", "p", "s", "x"));
    assertNotEquals(key, new CacheKey("v", "GET", "p", "s", ""));
    assertNotEquals(key, new CacheKey("u", "QUERY", "p", "s", ""));
    assertNotEquals(key, new CacheKey("u", "GET", "q", "s", ""));
    assertNotEquals(key, new CacheKey("u", "GET", "p", "t", ""));
    assertFalse(key.equals((Object) "u"));
    assertNotEquals(key.hashCode(), new CacheKey("v", "GET", "p", "s", "").hashCode());
  }

  @ParameterizedTest
  @CsvSource({
    "ALL, false, /p?b=2&a=1&b=1, /p?b=2&a=1&b=1",
    "ALL, true, /p?b=2&a=1&b=1&&a, /p?&a=1&a&b=2&b=1",
    "ALL, true, /p?!=2&=1, /p?=1&!=2",
    "ALL, true, /p?, /p?",
    "ALL, true, /p, /p",
    "ALL_BUT, false, /p?b=2&a=1&c=1, /p?c=1",
    "ALL_BUT, false, /p?b=2&a=1, /p",
    "ALL_BUT, false, /p?b&A=1&%61=1, /p?A=1&%61=1",
    "ALL_BUT, true, /p?d&b=2&c=1, /p?c=1&d",
    "ONLY, false, /p?b=2&c=3&a=1, /p?b=2&a=1",
    "ONLY, true, /p?b=2&c=3&a=1, /p?a=1&b=2",
    "ONLY, true, /p?c=3, /p",
    "ALL_BUT, false, /p?a=1;c=2&b;&a;b=1&b=1, /p?a=1;c=2&b;&a;b=1",
    "ONLY, false, /p?c=1;a=2&c;&c=1, /p?c=1;a=2&c;",
    "ONLY, false, /p?A=1&B&%61=1&+a=1&a[]=1&a.b=1&a:=1, /p?A=1&B&%61=1&+a=1&a[]=1&a.b=1&a:=1",
    "ONLY, false, /p?@=1&`=1&{=1&/=1&~=1, /p?@=1&`=1&{=1&/=1&~=1",
    "ONLY, false, /p?c&Z=1&z&C&0&9=%61&c-d_=1&&=1&a, /p?a",
    "ALL, true, /p?b=2&a=1;b=1, /p?b=2&a=1;b=1",
    "ALL_BUT, true, /p?d=1&c=2&a=1;, /p?d=1&c=2&a=1;"
  })
  void parametersMayBeSortedAndLeftOut(
      KeyPolicy.Parameters parameters, boolean sort, String path, String expected) {
    KeyPolicy policy = new KeyPolicy(parameters, Set.of("a", "b"), sort, List.of(), List.of());
    assertEquals("http://a" + expected, policy.uri(uri("http", "a", path)));
  }

  @Test
  void chosenFieldsSetKeysApart() {
    assertEquals(selected("X", "1"), selected("x", "1", "Z", "2"));
    assertNotEquals(selected("X", "1"), selected("X", "2"));
    assertNotEquals(selected("X", "1"), selected("Y", "1"));
    assertNotEquals(selected("X", ""), selected());
    assertEquals(selected("X", "1", "X", "2"), selected("X", "1, 2"));
    assertEquals("GET http://a/b?c X: 1, 2 Y: 3", selected("X", "1, 2", "Y", "3").text());
  }

  @Test
  void chosenCookiesSetKeysApartAndAreNotPrinted() {
    CacheKey one = selected("Cookie", "a=b; u=secret");
    assertEquals(one, selected("Cookie", "z", "Cookie", " u=secret ;uu=other"));
    assertNotEquals(one, selected("Cookie", "a=b; u=secret; u=other"));
    assertNotEquals(one, selected("Cookie", "a=b; u=secret", "Cookie", "u=other"));
    assertNotEquals(one, selected("Cookie", "a=b; u=secret; u"));
    assertNotEquals(one, selected("Cookie", "u = secret"));
    assertNotEquals(selected(), selected("Cookie", "u"));
    assertNotEquals(one, selected("Cookie", "v=secret"));
    assertNotEquals(one, selected("Cookie", "u=other"));
    assertNotEquals(selected("Cookie", "u="), selected("Cookie", "u"));
    assertTrue(one.text().matches("GET http://a/b\\?c Cookie: u#[0-9a-f]+"), one.text());
  }

  @Test
  void fieldsAndCookiesCanBeChosenEachOnTheirOwn() {
    RequestHead request = request("GET", "X", "1", "Cookie", "u=2");
    KeyPolicy byField = selecting(List.of(FieldName.of("X")), List.of());
    assertEquals("GET http://a/b?c X: 1", byField.key(request, TARGET, "", "").text());
    KeyPolicy byCookie = selecting(List.of(), List.of("u"));
    assertEquals("GET http://a/b?c Cookie: u#795", byCookie.key(request, TARGET, "", "").text());
  }

  @Test
  void theSizeOfAKeyIsThatOfItsParts() {
    assertEquals(
        2 + 5 + 7 + 11, new CacheKey("12", "GET", "12345", "1234567", "x".repeat(11)).size());
  }

  @ParameterizedTest
  @CsvSource({"Cookie", "authorization", "Proxy-Authorization"})
  void noFieldWithCredentialsCanBeChosen(String name) {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> selecting(List.of(FieldName.of(name)), List.of()));
    assertEquals("keyField: " + name + " (expected: a field without credentials)", e.getMessage());
  }

  private static KeyPolicy selecting(List<FieldName> fields, List<String> cookies) {
    return new KeyPolicy(KeyPolicy.Parameters.ALL, Set.of(), false, fields, cookies);
  }

  private static CacheKey selected(String... fields) {
    return SELECTING.key(request("GET", fields), TARGET, "", "");
  }

  private static CacheKey key(String method, TargetUri target, String partition, String digest) {
    return KeyPolicy.DEFAULT.key(request(method), target, partition, digest);
  }

  static RequestHead request(String method, String... fields) {
    return new RequestHead(method, "/", HttpVersion.HTTP_1_1, Fields.of(fields));
  }
}
