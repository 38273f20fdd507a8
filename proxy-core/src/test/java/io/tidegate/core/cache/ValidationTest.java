package io.tidegate.core.cache;

import static io.tidegate.core.cache.Answers.NOW;
import static io.tidegate.core.cache.Answers.RULES;
import static io.tidegate.core.cache.Answers.answer;
import static io.tidegate.core.cache.Answers.date;
import static io.tidegate.core.cache.Answers.get;
import static io.tidegate.core.cache.Answers.request;
import static io.tidegate.core.cache.Answers.store;
import static io.tidegate.core.cache.Answers.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {
  private static final Conditions NONE = Conditions.NONE;

  @Test
  void aResponseIsStoredWithWhatIsKnownOfIt() {
    StoredResponse stored =
        stored(
            "Cache-Control",
            "max-age=10",
            "Content-Length",
            "12",
            "ETag",
            "\"a\"",
            "Last-Modified",
            date(-9),
            "Date",
            date(-2),
            "Vary",
            "Foo");
    assertEquals(200, stored.status());
    assertEquals("Reason", stored.reason());
    assertEquals("max-age=10", stored.directives().toString());
    assertEquals("[foo]", stored.vary().toString());
    assertEquals(NOW, stored.requestTime());
    assertEquals(NOW, stored.responseTime());
    assertEquals(NOW - 2_000, stored.date());
    assertEquals(10, stored.lifetimeSeconds());
    assertFalse(stored.isHeuristic());
    assertFalse(stored.isNeverUsedStale());
    assertEquals("\"a\"", stored.etag());
    assertEquals(date(-9), stored.lastModified());
    assertTrue(stored.hasValidator());
    assertEquals(12, stored.contentLength());
    assertNull(stored.part());
    assertEquals(
        "200 [Cache-Control, Content-Length, ETag, Last-Modified, Date, Vary]", stored.toString());
    assertTrue(stored("Last-Modified", date(-99)).isHeuristic());
  }

  @Test
  void freshnessRunsOut() {
    StoredResponse stored = stored("Cache-Control", "max-age=10", "Age", "4");
    assertEquals(6_000, stored.freshFor(NOW));
    assertEquals(1, stored.freshFor(NOW + 5_999));
    assertTrue(stored.isFresh(NOW + 5_999));
    assertFalse(stored.isFresh(NOW + 6_000));
    assertEquals(-500, stored.freshFor(NOW + 6_500));
    assertEquals(6, stored.freshForSeconds(NOW));
    assertEquals(5, stored.freshForSeconds(NOW + 1));
    assertEquals(0, stored.freshForSeconds(NOW + 6_000));
    assertEquals(-1, stored.freshForSeconds(NOW + 6_001));
    assertEquals(10, stored.ageSeconds(NOW + 6_999));
    assertEquals(11, stored.ageSeconds(NOW + 7_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "1, 1", "9223372036854775807", ""})
  void aStrangeLengthIsUnknown(String length) {
    assertEquals(-1, stored("Content-Length", length).contentLength());
    assertEquals(-1, stored("A", "b").contentLength());
  }

  @Test
  void theShortestAndTheLongestLengthAreKnown() {
    assertEquals(0, stored("Content-Length", "0").contentLength());
    assertEquals(
        Long.MAX_VALUE - 1, stored("Content-Length", "9223372036854775806").contentLength());
  }

  @ParameterizedTest
  @CsvSource({
    "'\"\"', true",
    "'\"a\"', true",
    "'W/\"a\"', true",
    "'\"\u00e9!~\"', true",
    "a, false",
    "'w/\"a\"', false",
    "'\"a', false",
    "'a\"', false",
    "'W/a', false",
    "W/, false",
    "'\"a b\"', false",
    "'\"a\"b\"', false",
    "'\"', false",
    "'W/\"', false",
    "'', false"
  })
  void anEntityTagIsQuoted(String tag, boolean valid) {
    assertEquals(valid ? tag : null, stored("ETag", tag).etag());
  }

  @Test
  void ofSeveralEntityTagsNoneCounts() {
    assertNull(stored("ETag", "\"a\"", "ETag", "\"b\"").etag());
  }

  @Test
  void whatIsAboutProxiesOrForOneUserIsNotStored() {
    StoredResponse stored =
        stored(
            "Age",
            "5",
            "Proxy-Authenticate",
            "a",
            "Proxy-Authentication-Info",
            "b",
            "Proxy-Authorization",
            "c",
            "P",
            "d",
            "N",
            "e",
            "X",
            "f",
            "Date",
            date(0),
            "Cache-Control",
            "max-age=10, private=\"P\", no-cache=\"n, o\"");
    assertEquals("[X, Date, Cache-Control]", stored.fields().toString());
    assertEquals(5, stored.ageSeconds(NOW));
  }

  @Test
  void aMissingOrInvalidDateIsThatOfArrival() {
    assertEquals(date(0), dateOf(stored("A", "b")));
    assertEquals(date(0), dateOf(stored("Date", "foo")));
    assertEquals(date(-5), dateOf(stored("Date", date(-5))));
  }

  @Test
  void aPartIsKnownByItsRange() {
    String range = "bytes 0-4/10";
    StoredResponse part = store(answer(get(), 206, "Content-Range", range));
    assertEquals(new ByteRange(0, 4), part.part().held());
    assertEquals(10, part.part().completeLength());
    assertNull(stored("Content-Range", range).part());
  }

  @Test
  void aStrongTagSelectsAllCandidatesThatHaveIt() {
    StoredResponse a = stored("ETag", "\"a\"");
    StoredResponse again = stored("ETag", "\"a\"");
    StoredResponse weak = stored("ETag", "W/\"a\"");
    StoredResponse none = stored("Last-Modified", date(-9));
    List<StoredResponse> all = List.of(a, weak, none, again);
    assertEquals(
        List.of(a, again), selected(all, NONE, "ETag", "\"a\"", "Last-Modified", date(-9)));
    assertEquals(List.of(), selected(all, NONE, "ETag", "\"b\""));
    assertEquals(List.of(), selected(List.of(weak), NONE, "ETag", "\"a\""));
  }

  @Test
  void aWeakTagSelectsTheMostRecentThatIsLikeIt() {
    StoredResponse old = stored("ETag", "\"a\"", "Date", date(-2));
    StoredResponse recent = stored("ETag", "W/\"a\"", "Date", date(-1));
    StoredResponse other = stored("ETag", "W/\"b\"");
    StoredResponse none = stored("Last-Modified", date(-9));
    List<StoredResponse> all = List.of(old, recent, other, none);
    assertEquals(List.of(recent), selected(all, NONE, "ETag", "W/\"a\""));
    assertEquals(List.of(recent), selected(List.of(recent, old), NONE, "ETag", "W/\"a\""));
    StoredResponse again = stored("ETag", "W/\"a\"", "Date", date(-1));
    assertEquals(List.of(again), selected(List.of(again, recent), NONE, "ETag", "W/\"a\""));
    assertEquals(List.of(), selected(all, NONE, "ETag", "W/\"c\"", "Last-Modified", date(-9)));
  }

  @Test
  void aDateSelectsTheMostRecentThatHasIt() {
    StoredResponse old = stored("Last-Modified", date(-9), "Date", date(-2));
    StoredResponse recent = stored("Last-Modified", date(-9), "Date", date(-1));
    List<StoredResponse> all = List.of(recent, old, stored("Last-Modified", date(-8)));
    assertEquals(List.of(recent), selected(all, NONE, "Last-Modified", date(-9)));
    assertEquals(List.of(), selected(all, NONE, "Last-Modified", date(-7)));
  }

  @Test
  void withoutValidatorsItIsAboutTheOneThatWasAskedFor() {
    StoredResponse tagged = stored("ETag", "\"a\"");
    StoredResponse both = stored("ETag", "\"b\"", "Last-Modified", date(-9));
    StoredResponse dated = stored("Last-Modified", date(-8));
    List<StoredResponse> all = List.of(tagged, both, dated);
    assertEquals(List.of(tagged), selected(all, new Conditions("\"a\"", null, true)));
    assertEquals(List.of(both), selected(all, new Conditions("\"b\"", date(-9), true)));
    assertEquals(List.of(both), selected(all, new Conditions("\"b\"", null, true)));
    assertEquals(List.of(dated), selected(all, new Conditions(null, date(-8), true)));
    assertEquals(List.of(), selected(all, new Conditions("\"a\"", date(-9), true)));
    assertEquals(List.of(), selected(all, new Conditions("\"a\"", null, false)));
    assertEquals(List.of(), selected(all, new Conditions("\"c\"", null, true)));
  }

  @Test
  void withoutValidatorsAnywhereItIsAboutTheOnlyOne() {
    StoredResponse plain = stored("A", "b");
    assertEquals(List.of(plain), selected(List.of(plain), NONE));
    assertEquals(List.of(), selected(List.of(plain, plain), NONE));
    assertEquals(List.of(), selected(List.of(stored("ETag", "\"a\"")), NONE));
  }

  @Test
  void anUpdateReplacesFieldsAndTimes() {
    StoredResponse stored =
        stored(
            "Cache-Control",
            "max-age=1",
            "A",
            "1",
            "A",
            "2",
            "B",
            "3",
            "ETag",
            "\"a\"",
            "Date",
            date(-9));
    StoredResponse fresh =
        RULES.freshen(
            stored,
            later("Cache-Control", "max-age=7", "a", "4", "C", "5", "C", "6", "Date", date(4)));
    assertEquals(
        "B: 3; ETag: \"a\"; Cache-Control: max-age=7; a: 4; C: 5; C: 6; Date: " + date(4),
        text(fresh.fields()));
    assertEquals(200, fresh.status());
    assertEquals("Reason", fresh.reason());
    assertEquals(NOW + 4_000, fresh.requestTime());
    assertEquals(NOW + 5_000, fresh.responseTime());
    assertEquals(7_000 - 1_000, fresh.freshFor(NOW + 5_000));
    assertEquals("\"a\"", fresh.etag());
  }

  @Test
  void anUpdateLeavesWhatDescribesTheStoredContent() {
    StoredResponse stored =
        stored("Content-Length", "36", "Content-Encoding", "gzip", "Content-Type", "a/b");
    StoredResponse fresh =
        RULES.freshen(
            stored,
            later(
                "Content-Length",
                "10",
                "Content-Encoding",
                "br",
                "Content-Range",
                "x",
                "Content-Type",
                "c/d",
                "Date",
                date(5)));
    assertEquals(
        "Content-Length: 36; Content-Encoding: gzip; Content-Type: c/d; Date: " + date(5),
        text(fresh.fields()));
  }

  @Test
  void anUpdateWithoutDateIsAsOldAsItsArrival() {
    StoredResponse fresh =
        RULES.freshen(stored("Cache-Control", "max-age=9", "Age", "8", "Date", date(-9)), later());
    assertEquals(date(5), dateOf(fresh));
    assertEquals(1, fresh.ageSeconds(NOW + 5_000));
    assertEquals(4, RULES.freshen(fresh, later("Age", "3")).ageSeconds(NOW + 5_000));
  }

  @Test
  void anUpdateKeepsWhatSelectsTheResponseUnlessItNamesOtherFields() {
    StoredResponse stored =
        store(answer(get("A", "1", "B", "2"), 200, "Vary", "A", "ETag", "\"a\""));
    Answer same = answer(get("A", "9"), 304, "Vary", "a");
    assertTrue(RULES.freshen(stored, same).vary().matches(Fields.of("A", "1")));
    assertTrue(
        RULES.freshen(stored, answer(get("A", "9"), 304)).vary().matches(Fields.of("A", "1")));
    Vary other = RULES.freshen(stored, answer(get("A", "1", "B", "3"), 304, "Vary", "B")).vary();
    assertTrue(other.matches(Fields.of("B", "3")));
    assertFalse(other.matches(Fields.of("A", "1")));
  }

  @Test
  void aResponseCanBeSelectedByAnotherRequest() {
    StoredResponse stored = store(answer(get("A", "1"), 200, "Vary", "A", "ETag", "\"a\""));
    StoredResponse other = stored.selectedBy(Fields.of("A", "2"));
    assertTrue(other.vary().matches(Fields.of("A", "2")));
    assertFalse(other.vary().matches(Fields.of("A", "1")));
    assertEquals("\"a\"", other.etag());
    assertEquals(stored.date(), other.date());
  }

  @Test
  void aResponseCanBecomeStaleBeforeItsTime() {
    StoredResponse stored = stored("Cache-Control", "max-age=10", "Age", "3", "ETag", "\"a\"");
    StoredResponse stale = stored.staleFrom(NOW + 2_500);
    assertEquals(-500, stale.freshFor(NOW + 2_500));
    assertEquals(5, stale.lifetimeSeconds());
    assertEquals(5, stale.ageSeconds(NOW + 2_500));
    assertEquals(stored.toString(), stale.toString());
    assertEquals(stored.date(), stale.date());
    assertFalse(stale.isHeuristic());
    assertEquals(10, stored.staleFrom(NOW + 20_000).lifetimeSeconds());
  }

  @Test
  void oneResponseTakesThePlaceOfAnotherIfTheSameRequestsSelectBoth() {
    StoredResponse one = store(answer(get("A", "1"), 200, "Vary", "A"));
    assertTrue(one.selectedAs(store(answer(get("A", "1"), 404, "Vary", "a"))));
    assertFalse(one.selectedAs(store(answer(get("A", "2"), 200, "Vary", "A"))));
    assertFalse(one.selectedAs(store(answer(get("A", "1"), 200, "Vary", "A, B"))));
    assertFalse(one.selectedAs(stored()));
    assertTrue(stored().selectedAs(stored("ETag", "\"a\"")));
  }

  @Test
  void theSizeOfAHeadGrowsWithItsParts() {
    int plain = store(answer(get(), 200, "Date", date(0))).size();
    assertEquals(line("Date: " + date(0)), plain);
    int more = store(answer(get(), 200, "Date", date(0), "A", "12")).size();
    assertEquals(plain + line("A: 12"), more);
    int tagged = store(answer(get(), 200, "Date", date(0), "ETag", "\"a\"")).size();
    assertEquals(plain + line("ETag: 'a'") + 56 + 3, tagged);
    int varying = store(answer(get("A", "12"), 200, "Date", date(0), "Vary", "A")).size();
    assertEquals(plain + line("Vary: A") + 150 + "a:12\n".length(), varying);
  }

  private static int line(String line) {
    return 2 * (line + "\r\n").length() + 20;
  }

  @ParameterizedTest(name = "{0} {1}: {2} is about the same: {3}")
  @CsvSource({
    "200, A, x, true",
    "200, ETag, '\"a\"', true",
    "200, ETag, '\"b\"', false",
    "200, ETag, 'W/\"a\"', false",
    "200, Content-Length, 12, true",
    "200, Content-Length, 13, false",
    "200, Last-Modified, 'Mon, 15 Jun 2026 11:00:00 GMT', true",
    "200, Last-Modified, 'Mon, 15 Jun 2026 11:00:01 GMT', false",
    "404, A, x, false"
  })
  void theResponseToAHeadUpdatesOrDisproves(int status, String name, String value, boolean same) {
    StoredResponse stored =
        stored(
            "Cache-Control",
            "max-age=1",
            "ETag",
            "\"a\"",
            "Content-Length",
            "12",
            "Last-Modified",
            "Mon, 15 Jun 2026 11:00:00 GMT");
    Answer head = answer(request("HEAD"), status, "Cache-Control", "max-age=99", name, value);
    StoredResponse fresh = RULES.freshenByHead(stored, head);
    assertEquals(same, fresh != null);
    if (fresh != null) {
      assertEquals(99, fresh.lifetimeSeconds());
    }
  }

  @Test
  void aHeadTellsNothingOfWhatHasNoLengthOrAnotherStatus() {
    Answer head = answer(request("HEAD"), 200, "Content-Length", "12");
    assertNull(RULES.freshenByHead(stored("A", "b"), head));
    StoredResponse missing = store(answer(get(), 404, "Content-Length", "12"));
    assertNull(RULES.freshenByHead(missing, head));
    assertNotNull(RULES.freshenByHead(stored("Content-Length", "12"), head));
    Answer empty = answer(request("HEAD"), 200, "Content-Length", "0");
    assertNotNull(RULES.freshenByHead(stored("Content-Length", "0"), empty));
  }

  private static List<StoredResponse> selected(
      List<StoredResponse> candidates, Conditions sent, String... fields) {
    return RULES.selected(candidates, sent, Fields.of(fields));
  }

  /** A 304 to a request sent four seconds later, which took one second. */
  private static Answer later(String... fields) {
    Answer answer = answer(get(), 304, fields);
    return new Answer(
        answer.request(),
        answer.target(),
        answer.requestDirectives(),
        answer.response(),
        answer.directives(),
        NOW + 4_000,
        NOW + 5_000);
  }

  private static String dateOf(StoredResponse stored) {
    assertEquals(1, stored.fields().count(FieldName.DATE));
    return String.valueOf(stored.fields().first(FieldName.DATE));
  }

  private static String text(Fields fields) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      text.append(i == 0 ? "" : "; ").append(fields.name(i)).append(": ").append(fields.value(i));
    }
    return text.toString();
  }
}
