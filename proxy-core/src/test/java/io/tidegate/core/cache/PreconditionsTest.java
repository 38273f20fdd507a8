package io.tidegate.core.cache;

import static io.tidegate.core.cache.Preconditions.Outcome.FORWARD;
import static io.tidegate.core.cache.Preconditions.Outcome.NOT_MODIFIED;
import static io.tidegate.core.cache.Preconditions.Outcome.SERVE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.cache.Preconditions.Outcome;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §13, RFC 9111 §4.3.2. */
class PreconditionsTest {
  private static final long NOW = 1_772_600_767_000L; // 2026-03-04T05:06:07Z
  private static final String BEFORE = "Sun, 01 Feb 2026 00:00:09 GMT";
  private static final String DATE = "Sun, 01 Feb 2026 00:00:10 GMT";
  private static final String AFTER = "Sun, 01 Feb 2026 00:00:11 GMT";
  private static final long DATE_MILLIS = 1_769_904_010_000L;

  private static RequestHead request(String method, String... fields) {
    return new RequestHead(method, "/", HttpVersion.HTTP_1_1, Fields.of(fields));
  }

  private static Outcome outcome(Fields stored, String... fields) {
    return Preconditions.evaluate(request("GET", fields), 200, stored, NOW, NOW);
  }

  @Test
  void withoutConditionsWhatIsStoredIsServed() {
    assertEquals(SERVE, outcome(Fields.of("ETag", "\"a\"", "Last-Modified", DATE)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"a\"|\"a\"|NOT_MODIFIED",
        "\"a\"|W/\"a\"|NOT_MODIFIED",
        "W/\"a\"|\"a\"|NOT_MODIFIED",
        "W/\"a\"|W/\"a\"|NOT_MODIFIED",
        "\"a\"|\"b\"|SERVE",
        "\"a\"|\"b\", \"a\", \"c\"|NOT_MODIFIED",
        "\"a,b\"|\"x\", \"a,b\"|NOT_MODIFIED",
        "\"a\u00fc\"|\"a\u00fc\"|NOT_MODIFIED",
        "\"a\"|*|NOT_MODIFIED",
        "\"a\"|*, \"b\"|SERVE",
        "\"a\"|a|SERVE",
        "a|a|SERVE",
        "a|\"a\"|SERVE",
        "\"a\"|''|SERVE"
      })
  void aTagThatIfNoneMatchNamesIsNotSentAgain(String tag, String condition, Outcome outcome) {
    assertEquals(outcome, outcome(Fields.of("ETag", tag), "If-None-Match", condition));
  }

  @Test
  void ifNoneMatchMayHaveSeveralLines() {
    Fields stored = Fields.of("ETag", "\"b\"");
    assertEquals(NOT_MODIFIED, outcome(stored, "If-None-Match", "\"a\"", "If-None-Match", "\"b\""));
    assertEquals(SERVE, outcome(stored, "If-None-Match", "\"a\"", "If-None-Match", "\"c\""));
  }

  @Test
  void aResponseWithoutOneTagMatchesTheAsteriskOnly() {
    Fields none = Fields.of("Last-Modified", DATE);
    assertEquals(SERVE, outcome(none, "If-None-Match", "\"a\""));
    assertEquals(NOT_MODIFIED, outcome(none, "If-None-Match", "*"));
    Fields two = Fields.of("ETag", "\"a\"", "ETag", "\"a\"");
    assertEquals(SERVE, outcome(two, "If-None-Match", "\"a\""));
  }

  @Test
  void ifNoneMatchIsAllThatCountsIfItIsThere() {
    Fields stored = Fields.of("ETag", "\"a\"", "Last-Modified", DATE);
    assertEquals(
        NOT_MODIFIED, outcome(stored, "If-None-Match", "\"a\"", "If-Modified-Since", BEFORE));
    assertEquals(SERVE, outcome(stored, "If-None-Match", "\"b\"", "If-Modified-Since", AFTER));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        BEFORE + "| SERVE",
        DATE + "| NOT_MODIFIED",
        AFTER + "| NOT_MODIFIED",
        "Sunday, 01-Feb-26 00:00:10 GMT| NOT_MODIFIED",
        "Sun Feb  1 00:00:10 2026| NOT_MODIFIED",
        "Fri, 31 Dec 2100 00:00:00 GMT| NOT_MODIFIED",
        "Sun, 01 Feb 2026 00:00:10 UTC| SERVE",
        "0| SERVE"
      })
  void whatHasNotChangedSinceIsNotSentAgain(String since, Outcome outcome) {
    assertEquals(outcome, outcome(Fields.of("Last-Modified", DATE), "If-Modified-Since", since));
    Fields made = Fields.of("Date", DATE);
    assertEquals(outcome, outcome(made, "If-Modified-Since", since), "Date stands in");
    Fields malformed = Fields.of("Last-Modified", "yesterday", "Date", DATE);
    assertEquals(outcome, outcome(malformed, "If-Modified-Since", since), "malformed");
    for (long received : new long[] {DATE_MILLIS, DATE_MILLIS + 999}) {
      RequestHead request = request("GET", "If-Modified-Since", since);
      Fields none = Fields.empty();
      assertEquals(outcome, Preconditions.evaluate(request, 200, none, received, NOW));
    }
  }

  @Test
  void lastModifiedCountsMoreThanDate() {
    Fields stored = Fields.of("Last-Modified", DATE, "Date", AFTER);
    assertEquals(NOT_MODIFIED, outcome(stored, "If-Modified-Since", DATE));
    assertEquals(SERVE, outcome(stored, "If-Modified-Since", BEFORE));
  }

  @Test
  void ifModifiedSinceMustBeTheOnlyOne() {
    Fields stored = Fields.of("Last-Modified", DATE);
    assertEquals(SERVE, outcome(stored, "If-Modified-Since", DATE, "If-Modified-Since", DATE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"If-Match", "If-Unmodified-Since"})
  void conditionsAgainstLostUpdatesAreForTheOrigin(String name) {
    Fields stored = Fields.of("ETag", "\"a\"", "Last-Modified", DATE);
    assertEquals(FORWARD, outcome(stored, name, "\"a\""));
    assertEquals(FORWARD, outcome(stored, name, DATE, "If-None-Match", "\"a\""));
    RequestHead request = request("GET", name, "*");
    assertEquals(FORWARD, Preconditions.evaluate(request, 404, stored, NOW, NOW));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, NOT_MODIFIED",
    "HEAD, NOT_MODIFIED",
    "QUERY, NOT_MODIFIED",
    "POST, FORWARD",
    "PUT, FORWARD",
    "OPTIONS, FORWARD",
    "get, FORWARD"
  })
  void onlyMethodsThatReadAreEvaluated(String method, Outcome outcome) {
    Fields stored = Fields.of("ETag", "\"a\"");
    RequestHead request = request(method, "If-None-Match", "\"a\"");
    assertEquals(outcome, Preconditions.evaluate(request, 200, stored, NOW, NOW));
  }

  @ParameterizedTest
  @CsvSource({"200, NOT_MODIFIED", "206, NOT_MODIFIED", "204, SERVE", "301, SERVE", "404, SERVE"})
  void onlyContentCanBeUnmodified(int status, Outcome outcome) {
    Fields stored = Fields.of("ETag", "\"a\"");
    RequestHead request = request("GET", "If-None-Match", "*");
    assertEquals(outcome, Preconditions.evaluate(request, status, stored, NOW, NOW));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"a\"  |\"a\"  |true",
        "\"a\"  |\"b\"  |false",
        "\"a\"  |W/\"a\"|false",
        "W/\"a\"|\"a\"  |false",
        "W/\"a\"|W/\"a\"|false",
        "a      |a      |false",
        "a      |\"a\"  |false"
      })
  void aRangeAppliesIfTheTagIsTheSameAndStrong(String tag, String condition, boolean applies) {
    Fields request = Fields.of("If-Range", condition);
    assertEquals(applies, Preconditions.rangeApplies(request, Fields.of("ETag", tag), NOW));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        DATE + "|" + AFTER + "|" + DATE + "|true",
        DATE + "|" + AFTER + "|Sunday, 01-Feb-26 00:00:10 GMT|true",
        DATE + "|" + AFTER + "|" + AFTER + "|false",
        DATE + "|" + AFTER + "|" + BEFORE + "|false",
        DATE + "|" + DATE + "|" + DATE + "|false",
        DATE + "|" + BEFORE + "|" + DATE + "|false",
        DATE + "|x|" + DATE + "|false",
        "x|" + AFTER + "|" + DATE + "|false",
        "x|" + AFTER + "|x|false"
      })
  void aRangeAppliesIfTheDateIsTheSameAndStrong(
      String modified, String made, String condition, boolean applies) {
    Fields request = Fields.of("If-Range", condition);
    Fields stored = Fields.of("Last-Modified", modified, "Date", made);
    assertEquals(applies, Preconditions.rangeApplies(request, stored, NOW));
  }

  @Test
  void aRangeAppliesUnlessThereAreConditions() {
    Fields stored = Fields.of("ETag", "\"a\"");
    assertEquals(true, Preconditions.rangeApplies(Fields.empty(), stored, NOW));
    Fields two = Fields.of("If-Range", "\"a\"", "If-Range", "\"a\"");
    assertEquals(false, Preconditions.rangeApplies(two, stored, NOW));
    Fields one = Fields.of("If-Range", "\"a\"");
    assertEquals(false, Preconditions.rangeApplies(one, Fields.empty(), NOW));
  }

  @Test
  void a304DescribesNoContent() {
    FieldEdits response =
        new FieldEdits(
            Fields.of(
                "Date",
                DATE,
                "ETag",
                "\"a\"",
                "Last-Modified",
                DATE,
                "Content-Type",
                "a/b",
                "Content-Length",
                "5",
                "Content-Encoding",
                "gzip",
                "Content-Language",
                "en",
                "Content-Range",
                "bytes 0-4/5",
                "Content-Digest",
                "a=:aGk=:",
                "Trailer",
                "X",
                "Repr-Digest",
                "a=:aGk=:",
                "Transfer-Encoding",
                "chunked",
                "Expires",
                AFTER,
                "Cache-Control",
                "max-age=1",
                "Vary",
                "A",
                "Content-Location",
                "/a",
                "Content-Security-Policy",
                "b",
                "Set-Cookie",
                "c=d",
                "X-Any",
                "e"));
    Preconditions.toNotModified(response);
    assertEquals(
        "[Date, ETag, Expires, Cache-Control, Vary, Content-Location, Content-Security-Policy,"
            + " Set-Cookie, X-Any]",
        response.toFields().toString());
  }

  @Test
  void a304WithoutTagKeepsLastModified() {
    FieldEdits response = new FieldEdits(Fields.of("Last-Modified", DATE));
    Preconditions.toNotModified(response);
    assertEquals(DATE, response.first(FieldName.LAST_MODIFIED));
  }
}
