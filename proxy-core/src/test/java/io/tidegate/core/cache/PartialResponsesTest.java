package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
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

  @Test
  void newFieldsReplaceThoseOfTheirName() {
    FieldEdits stored =
        new FieldEdits(
            Fields.of(
                "A",
                "1",
                "B",
                "2",
                "a",
                "3",
                "C",
                "4",
                "Content-Range",
                "bytes 0-4/20",
                "Content-Length",
                "5"));
    Fields received =
        Fields.of(
            "A",
            "5",
            "D",
            "6",
            "a",
            "7",
            "Content-Length",
            "5",
            "Content-Range",
            "bytes 5-9/20",
            "Transfer-Encoding",
            "chunked");
    PartialContent content = PartialContent.none(20).add(new ByteRange(0, 9));
    PartialResponses.combine(stored, received, content);
    assertEquals("B: 2|C: 4|A: 5|D: 6|a: 7", lines(stored));
  }

  @Test
  void completeContentHasItsLength() {
    FieldEdits stored =
        new FieldEdits(Fields.of("Content-Length", "5", "Content-Range", "bytes 0-4/10"));
    PartialContent content = PartialContent.none(10).add(new ByteRange(0, 9));
    PartialResponses.combine(stored, Fields.of("A", "1"), content);
    assertEquals("A: 1|Content-Length: 10", lines(stored));
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
    PartialResponses.ask(request, ByteRange.from(5), stored, NOW);
    assertEquals("A: 1|Range: bytes=5-|If-Range: \"a\"", lines(request));
  }

  @Test
  void aStrongDateIsAskedForIfThereIsNoTag() {
    FieldEdits request = new FieldEdits(Fields.empty());
    Fields stored = Fields.of("Last-Modified", DATE, "Date", AFTER);
    PartialResponses.ask(request, new ByteRange(5, 9), stored, NOW);
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
      PartialResponses.ask(request, ByteRange.from(5), stored, NOW);
      assertEquals(null, request.first(FieldName.IF_RANGE));
      assertEquals("bytes=5-", request.first(FieldName.RANGE));
    }
  }
}
