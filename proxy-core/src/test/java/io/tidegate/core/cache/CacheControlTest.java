package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheControlTest {
  private static final List<FieldName> TARGETS =
      List.of(FieldName.of("Our-Cache-Control"), FieldName.CDN_CACHE_CONTROL);

  @ParameterizedTest(name = "[{0}]")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          max-age=60                           | max-age=60
          MaX-AgE=60                           | max-age=60
          max-age="60"                         | max-age=60
          max-age="6\\0"                       | max-age=60
          max-age=003600                       | max-age=3600
          max-age=2147483647                   | max-age=2147483647
          max-age=2147483648                   | max-age=2147483648
          max-age=2147483649                   | max-age=2147483648
          max-age=99999999999999999999999      | max-age=2147483648
          max-age=-1                           | max-age=0
          max-age=1.0                          | max-age=0
          max-age=1a                           | max-age=0
          max-age='1'                          | max-age=0
          max-age                              | max-age=0
          max-age=                             | max-age=0
          max-age=""                           | max-age=0
          max-age =60                          | max-age=0
          max-age= 60                          | max-age=0
          max-age="60"x                        | max-age=0
          max-age="60                          | max-age=0
          s-maxage=x                           | s-maxage=0
          max-age=1, max-age=2                 | max-age=1
          max-age=2, max-age=1                 | max-age=2
          max-age=x, max-age=1                 | max-age=0
          s-maxage=1, max-age=2                | max-age=2, s-maxage=1
          foobar, max-age=3                    | max-age=3
          a="b, max-age=9", max-age=3          | max-age=3
          a="b\\", no-store", max-age=3        | max-age=3
          a="b, no-store, max-age=3            | no-store, max-age=3
          a=b"c, no-store                      | no-store
          a"b, no-store, c"d                   | no-store
          ,, no-store ,,                       | no-store
          =5, no-store                         | no-store
          no-store=yes                         | no-store
          no-store =yes                        | no-store
          min-fresh=4, max-stale=5             | min-fresh=4, max-stale=5
          min-fresh=x, max-stale=x             | ''
          min-fresh                            | ''
          max-stale                            | max-stale
          max-stale=                           | ''
          stale-while-revalidate=6             | stale-while-revalidate=6
          stale-while-revalidate, stale-if-error=-1 | ''
          stale-if-error=7                     | stale-if-error=7
          private, public, no-transform        | private, public, no-transform
          immutable, only-if-cached            | immutable, only-if-cached
          must-revalidate, proxy-revalidate    | must-revalidate, proxy-revalidate
          must-understand, no-cache            | no-cache, must-understand
          no-cache="A"                         | no-cache="A"
          no-cache=A                           | no-cache="A"
          private="A, b"                       | private="A, b"
          private="A,,b, a"                    | private="A, b"
          private="A", private="B"             | private="A, B"
          private="A", private="A"             | private="A"
          private="A", private                 | private, private="A"
          private=""                           | private
          private="A b"                        | private
          private="A, b c"                     | private, private="A"
          private=                             | private
          private= "A"                         | private
          ''                                   | ''
          """)
  void readsDirectivesAndNothingElse(String line, String expected) {
    CacheControl read = response("Cache-Control", line == null ? "" : line);
    assertEquals(expected, read.toString());
    assertEquals(expected, response("Cache-Control", read.toString()).toString());
  }

  @Test
  void severalLinesAreOneList() {
    assertEquals(
        "no-store, max-age=1",
        response("Cache-Control", "max-age=1", "cache-control", "no-store, max-age=2").toString());
  }

  @Test
  void withoutAFieldThereAreNoDirectives() {
    assertSame(CacheControl.NONE, response("Expires", "0"));
    assertSame(CacheControl.NONE, CacheControl.ofRequest(Fields.of("A", "no-store")));
    assertEquals("", CacheControl.NONE.toString());
  }

  @Test
  void eachDirectiveIsKnownByItsName() {
    CacheControl all =
        response(
            "Cache-Control",
            "no-store, no-cache, private, public, must-revalidate, proxy-revalidate,"
                + " must-understand, immutable, only-if-cached, no-transform, max-age=1,"
                + " s-maxage=2, min-fresh=3, max-stale=4, stale-while-revalidate=5,"
                + " stale-if-error=6");
    assertTrue(all.noStore() && all.noCache() && all.isPrivate() && all.isPublic());
    assertTrue(all.mustRevalidate() && all.proxyRevalidate() && all.mustUnderstand());
    assertTrue(all.isImmutable() && all.onlyIfCached() && all.noTransform());
    assertEquals(1, all.maxAge());
    assertEquals(2, all.sMaxAge());
    assertEquals(3, all.minFresh());
    assertEquals(4, all.maxStale());
    assertEquals(5, all.staleWhileRevalidate());
    assertEquals(6, all.staleIfError());
  }

  @Test
  void noDirectiveIsThereUnlessNamed() {
    CacheControl none = CacheControl.NONE;
    assertFalse(none.noStore() || none.noCache() || none.isPrivate() || none.isPublic());
    assertFalse(none.mustRevalidate() || none.proxyRevalidate() || none.mustUnderstand());
    assertFalse(none.isImmutable() || none.onlyIfCached() || none.noTransform());
    assertFalse(none.isTargeted());
    assertEquals(-1, none.maxAge());
    assertEquals(-1, none.sMaxAge());
    assertEquals(-1, none.minFresh());
    assertEquals(-1, none.maxStale());
    assertEquals(-1, none.staleWhileRevalidate());
    assertEquals(-1, none.staleIfError());
    assertEquals(List.of(), none.noCacheFields());
    assertEquals(List.of(), none.privateFields());
  }

  @Test
  void namedFieldsAreNotTheWholeResponse() {
    CacheControl read = response("Cache-Control", "private=\"A\", no-cache=\"B, C\"");
    assertFalse(read.isPrivate());
    assertFalse(read.noCache());
    assertEquals(List.of(FieldName.of("a")), read.privateFields());
    assertEquals(List.of(FieldName.of("b"), FieldName.of("c")), read.noCacheFields());
    assertEquals(
        List.of(FieldName.of("b"), FieldName.of("c"), FieldName.of("a")), read.unstoredFields());
  }

  @Test
  void maxStaleWithoutNumberAllowsAnyStaleness() {
    assertEquals(CacheControl.ANY_STALENESS, response("Cache-Control", "max-stale").maxStale());
  }

  @ParameterizedTest
  @CsvSource({"no-cache, no-cache", "'a, No-Cache', no-cache", "x, ''", "no-cachex, ''"})
  void pragmaCountsInARequestWithoutCacheControl(String pragma, String expected) {
    assertEquals(expected, CacheControl.ofRequest(Fields.of("Pragma", pragma)).toString());
    assertEquals(
        "max-age=1",
        CacheControl.ofRequest(Fields.of("Pragma", pragma, "Cache-Control", "max-age=1"))
            .toString());
    assertEquals("", response("Pragma", pragma).toString());
  }

  @Test
  void aTargetedFieldReplacesCacheControl() {
    CacheControl read = response("Cache-Control", "no-store", "CDN-Cache-Control", "max-age=1");
    assertEquals("max-age=1", read.toString());
    assertTrue(read.isTargeted());
  }

  @Test
  void theFirstTargetThatCanBeReadCounts() {
    assertEquals(
        "max-age=2",
        response("CDN-Cache-Control", "max-age=1", "Our-Cache-Control", "max-age=2").toString());
    assertEquals(
        "max-age=1",
        response("CDN-Cache-Control", "max-age=1", "Our-Cache-Control", "&").toString());
    CacheControl neither =
        response("CDN-Cache-Control", "", "Our-Cache-Control", "&", "Cache-Control", "no-store");
    assertEquals("no-store", neither.toString());
    assertFalse(neither.isTargeted());
  }

  @Test
  void aFieldThatIsNoTargetIsNotRead() {
    Fields fields = Fields.of("CDN-Cache-Control", "max-age=1");
    assertSame(CacheControl.NONE, CacheControl.ofResponse(fields, List.of()));
  }

  @ParameterizedTest(name = "[{0}]")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          max-age=60                            | max-age=60
          max-age=60 , no-store                 | no-store, max-age=60
          max-age=60\t,\tno-store               | no-store, max-age=60
          max-age=999999999999999               | max-age=2147483648
          max-age=1, max-age=2                  | max-age=2
          max-age=-5                            | max-age=0
          max-age=1.5                           | max-age=0
          max-age="60"                          | max-age=0
          max-age=abc                           | max-age=0
          max-age                               | max-age=0
          max-age=(60)                          | max-age=0
          stale-if-error="5"                    | ''
          stale-if-error="0"                    | ''
          no-store=?1                           | no-store
          no-store=?0                           | ''
          no-store=?0, public                   | public
          no-store;a;b=1;c="d"; e=?1            | no-store
          private="A, B"                        | private="A, B"
          private=A                             | private
          x="a\\"b\\\\c", public                | public
          x=:YWJj+/8=:, public                  | public
          x=@1659578233, public                 | public
          x=@-1, public                         | public
          x=%"a%20b", public                    | public
          x=*a:/b, public                       | public
          x=(), public                          | public
          x=( a  "b" 1;c );d, public            | public
          x=123456789012.123, public            | public
          *x_-.*9, public                       | public
          """)
  void aTargetedFieldIsADictionary(String value, String expected) {
    CacheControl read = response("CDN-Cache-Control", value, "Cache-Control", "min-fresh=1");
    assertEquals(expected, read.toString());
    assertTrue(read.isTargeted());
  }

  @ParameterizedTest(name = "[{0}]")
  @ValueSource(
      strings = {
        "",
        ",",
        "max-age=1,",
        ",max-age=1",
        "max-age=1,,public",
        "max-age=1 public",
        "max-age=",
        "max-age= 1",
        "max-age =1",
        "Max-Age=1",
        "9=1",
        "max-age=10000, &&&&&",
        "max-age=1234567890123456",
        "max-age=1234567890123.1",
        "max-age=1.",
        "max-age=1.1234",
        "max-age=-",
        "max-age=.5",
        "x=\"a",
        "x=\"a\\b\"",
        "x=\"a\\",
        "x=\"\u00e9\"",
        "x=\"\t\"",
        "x=:a",
        "x=:*:",
        "x=?2",
        "x=?",
        "x=@",
        "x=@1.5",
        "x=%a",
        "x=(",
        "x=(a",
        "x=(a\"b\")",
        "x=(a\tb)",
        "x=(a;)",
        "x=)",
        "x=a;",
        "x=a;B",
        "x=a;b=",
        "x=/a"
      })
  void anErrorInATargetedFieldVoidsAllOfIt(String value) {
    CacheControl read = response("CDN-Cache-Control", value, "Cache-Control", "min-fresh=1");
    assertEquals("min-fresh=1", read.toString());
    assertFalse(read.isTargeted());
  }

  @Test
  void whateverIsReadIsReadAgainFromItsCanonicalForm() {
    Random random = new Random(9111);
    String[] parts = {
      "max-age",
      "=",
      "\"",
      ",",
      " ",
      "\\",
      "no-store",
      "private",
      "1",
      "99",
      "A",
      "no-cache",
      ";",
      "(",
      ")",
      "?1",
      "\t",
      "max-stale",
      ":",
      "@",
      "%",
      "-",
      ".",
      "\u00ff"
    };
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(12); length >= 0; length--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      assertCanonical(response("Cache-Control", text.toString()));
      assertCanonical(response("CDN-Cache-Control", text.toString()));
    }
  }

  private static void assertCanonical(CacheControl read) {
    CacheControl again = response("Cache-Control", read.toString());
    assertEquals(read.toString(), again.toString());
    assertEquals(read.noCacheFields(), again.noCacheFields());
    assertEquals(read.privateFields(), again.privateFields());
  }

  private static CacheControl response(String... namesAndValues) {
    return CacheControl.ofResponse(Fields.of(namesAndValues), TARGETS);
  }
}
