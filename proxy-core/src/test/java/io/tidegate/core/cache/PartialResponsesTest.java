package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111 §3.4. */
class PartialResponsesTest {
  private static final long NOW = 1_772_600_767_000L; // 2026-03-04T05:06:07Z
  private static final String DATE = "Sun, 01 Feb 2026 00:00:10 GMT";
  private static final String AFTER = "Sun, 01 Feb 2026 00:00:11 GMT";

  private static String lines(FieldEdits edits) {
    StringBuilder lines = new StringBuilder();
    Fields fields = edits.toFields();
    for (int i = 0; i < fields.size(); i++) {
      lines.append(i == 0 ? "" : "|").append(fields.name(i)).append(": ").append(fields.value(i));
    }
    return lines.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"a\"  |\"a\"  |true",
        "\"a\"  |\"b\"  |false",
        "W/\"a\"|W/\"a\"|false",
        "\"a\"  |W/\"a\"|false",
        "a      |a      |false"
      })
  void aStrongTagMakesTwoResponsesOne(String own, String other, boolean combine) {
    Fields stored = Fields.of("ETag", own, "Last-Modified", DATE, "Date", AFTER);
    Fields received = Fields.of("ETag", other, "Last-Modified", DATE, "Date", AFTER);
    assertEquals(combine, PartialResponses.mayCombine(stored, received, NOW));
  }

  @Test
  void withATagOnOneSideOnlyTheyAreTwo() {
    Fields tagged = Fields.of("ETag", "\"a\"", "Last-Modified", DATE, "Date", AFTER);
    Fields dated = Fields.of("Last-Modified", DATE, "Date", AFTER);
    assertEquals(false, PartialResponses.mayCombine(tagged, dated, NOW));
    assertEquals(false, PartialResponses.mayCombine(dated, tagged, NOW));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        DATE + "|" + AFTER + "|" + DATE + "|" + AFTER + "|true",
        DATE + "|" + AFTER + "|" + DATE + "|" + DATE + "|false",
        DATE + "|" + DATE + "|" + DATE + "|" + AFTER + "|false",
        DATE + "|" + DATE + "|" + DATE + "|" + DATE + "|false",
        DATE + "|x|" + DATE + "|x|false",
        "x|" + AFTER + "|x|" + AFTER + "|false"
      })
  void withoutTagsAStrongDateDoes(
      String ownModified, String ownDate, String modified, String date, boolean combine) {
    Fields stored = Fields.of("Last-Modified", ownModified, "Date", ownDate);
    Fields received = Fields.of("Last-Modified", modified, "Date", date);
    assertEquals(combine, PartialResponses.mayCombine(stored, received, NOW));
  }

  @Test
  void withoutValidatorsNothingIsCombined() {
    assertEquals(false, PartialResponses.mayCombine(Fields.empty(), Fields.empty(), NOW));
  }

  private static StoredResponse part(String range, String... more) {
    return Answers.store(answerOf(range, more));
  }

  private static Answer answerOf(String range, String... more) {
    List<String> fields =
        new ArrayList<>(List.of("Content-Range", range, "Cache-Control", "max-age=9"));
    fields.addAll(List.of(more));
    return Answers.answer(Answers.get(), 206, fields.toArray(String[]::new));
  }

  private static StoredResponse combined(StoredResponse stored, Answer newer) {
    return Answers.RULES.combine(stored, newer);
  }

  @Test
  void twoPartsBecomeOneWithTheFieldsOfTheNewer() {
    StoredResponse stored = part("bytes 0-4/20", "ETag", "\"a\"", "A", "1", "B", "2", "Age", "8");
    StoredResponse both =
        combined(stored, answerOf("bytes 5-9/20", "ETag", "\"a\"", "a", "3", "A", "4"));
    assertEquals(206, both.status());
    assertEquals("Reason", both.reason());
    assertEquals("bytes 0-9/20", both.fields().first(FieldName.CONTENT_RANGE));
    assertEquals(10, both.contentLength());
    assertEquals(List.of("3", "4"), both.fields().all(FieldName.of("A")));
    assertEquals(List.of("2"), both.fields().all(FieldName.of("B")));
    assertEquals(0, both.ageSeconds(Answers.NOW));
    assertEquals(new ByteRange(0, 9), both.part().held());
  }

  @Test
  void twoPartsThatAreAllThereIsAreTheWhole() {
    StoredResponse stored = part("bytes 5-9/10", "ETag", "\"a\"", "Content-Length", "5");
    Answer rest = answerOf("bytes 0-4/10", "ETag", "\"a\"", "Content-Length", "5");
    StoredResponse both = combined(stored, rest);
    assertEquals(200, both.status());
    assertEquals("OK", both.reason());
    assertNull(both.fields().first(FieldName.CONTENT_RANGE));
    assertEquals(10, both.contentLength());
    assertNull(both.part());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes 5-9/20 | ETag | \"b\"",
        "bytes 5-9/20 | A | b",
        "bytes 6-9/20 | ETag | \"a\"",
        "bytes 5-9/21 | ETag | \"a\"",
        "bytes 5-9    | ETag | \"a\""
      })
  void whatDoesNotBelongTogetherIsNotCombined(String range, String field, String value) {
    StoredResponse stored = part("bytes 0-4/20", "ETag", "\"a\"");
    assertNull(combined(stored, answerOf(range, field, value)));
  }

  @Test
  void whatMayNotBeStoredIsNotCombined() {
    StoredResponse stored = part("bytes 0-4/20", "ETag", "\"a\"");
    String[] fields = {
      "Content-Range", "bytes 5-9/20", "ETag", "\"a\"", "Cache-Control", "no-store"
    };
    assertNull(combined(stored, Answers.answer(Answers.get(), 206, fields)));
    assertNull(
        combined(Answers.stored("ETag", "\"a\""), answerOf("bytes 5-9/20", "ETag", "\"a\"")));
  }

  private static void ask(FieldEdits request, ByteRange missing, Fields stored) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < stored.size(); i++) {
      fields.addAll(List.of(stored.name(i), stored.value(i)));
    }
    StoredResponse part = part("bytes 0-4/10", fields.toArray(String[]::new));
    Answers.RULES.ask(request, new CacheDecision.Complete(part, missing, false), NOW);
  }

  @Test
  void whatIsMissingIsAskedForIfTheRepresentationIsTheSame() {
    FieldEdits request =
        new FieldEdits(
            Fields.of(
                "A",
                "1",
                "Range",
                "bytes=0-1",
                "If-Range",
                "\"x\"",
                "If-None-Match",
                "\"y\"",
                "If-Modified-Since",
                DATE,
                "If-Match",
                "\"z\"",
                "If-Unmodified-Since",
                DATE));
    Fields stored = Fields.of("ETag", "\"a\"", "Last-Modified", DATE, "Date", AFTER);
    ask(request, ByteRange.from(5), stored);
    assertEquals("A: 1|Range: bytes=5-|If-Range: \"a\"", lines(request));
  }

  @Test
  void aStrongDateIsAskedForIfThereIsNoTag() {
    FieldEdits request = new FieldEdits(Fields.empty());
    Fields stored = Fields.of("Last-Modified", DATE, "Date", AFTER);
    ask(request, new ByteRange(5, 9), stored);
    assertEquals("Range: bytes=5-9|If-Range: " + DATE, lines(request));
  }

  @Test
  void withoutAStrongValidatorThereIsNoIfRange() {
    for (Fields stored :
        List.of(
            Fields.empty(),
            Fields.of("ETag", "W/\"a\"", "Last-Modified", DATE, "Date", AFTER),
            Fields.of("Last-Modified", DATE, "Date", DATE))) {
      FieldEdits request = new FieldEdits(Fields.of("If-Range", "\"x\""));
      ask(request, ByteRange.from(5), stored);
      assertEquals(null, request.first(FieldName.IF_RANGE));
      assertEquals("bytes=5-", request.first(FieldName.RANGE));
    }
  }
}
