package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.cache.RangeSelection.Kind;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111 §3.3. */
class PartialContentTest {
  private static final long UNKNOWN = ContentRange.UNKNOWN;

  private static ByteRange range(String text) {
    String[] ends = text.split("-", -1);
    long last = ends[1].isEmpty() ? ByteRange.OPEN : Long.parseLong(ends[1]);
    return new ByteRange(Long.parseLong(ends[0]), last);
  }

  private static PartialContent content(long length, String ranges) {
    PartialContent content = PartialContent.none(length);
    for (String range : ranges.split(" ", -1)) {
      content = range.isEmpty() ? content : content.add(range(range));
    }
    return content;
  }

  private static String text(List<ByteRange> ranges) {
    return ranges.stream().map(ByteRange::text).collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "10-19|10-19",
        "10-19 30-39|10-19 30-39",
        "30-39 10-19|10-19 30-39",
        "10-19 20-29|10-29",
        "20-29 10-19|10-29",
        "10-19 21-29|10-19 21-29",
        "21-29 10-19|10-19 21-29",
        "10-19 15-29|10-29",
        "10-19 5-12|5-19",
        "10-19 12-14|10-19",
        "10-19 5-25|5-25",
        "10-19 30-39 50-59 20-29|10-39 50-59",
        "10-19 30-39 50-59 19-50|10-59",
        "10-19 10-19|10-19",
        "''|''"
      })
  void rangesThatTouchBecomeOne(String added, String held) {
    assertEquals(held, text(content(100, added).held()));
    assertEquals(held, text(content(UNKNOWN, added).held()));
  }

  @Test
  void addingChangesNothingThatWas() {
    PartialContent before = content(100, "10-19");
    before.add(range("20-29"));
    assertEquals("10-19", text(before.held()));
  }

  @ParameterizedTest
  @CsvSource({"10, 5-10", "10, 10-10", "10, 5-", "-1, 5-", "0, 0-0"})
  void whatLiesBehindTheEndIsRefused(long length, String range) {
    PartialContent none = PartialContent.none(length);
    assertThrows(IllegalArgumentException.class, () -> none.add(range(range)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "100|10-19 30-39|10-19|''",
        "100|10-19 30-39|12-15|''",
        "100|10-19 30-39|9-19|9-9",
        "100|10-19 30-39|10-20|20-20",
        "100|10-19 30-39|0-99|0-9 20-29 40-99",
        "100|10-19 30-39|0-|0-9 20-29 40-99",
        "100|10-19 30-39|15-35|20-29",
        "100|10-19 30-39|22-25|22-25",
        "100|10-19 30-39|0-5|0-5",
        "100|10-19 30-39|50-60|50-60",
        "100|10-19 90-99|90-200|''",
        "100|10-19 90-99|90-|''",
        "100|10-19|100-|''",
        "100|''|5-6|5-6",
        "-1|0-9|0-|10-",
        "-1|0-9|5-20|10-20",
        "-1|0-9|20-|20-"
      })
  void whatIsMissingIsTold(long length, String held, String asked, String missing) {
    assertEquals(missing, text(content(length, held).missing(range(asked))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "100|10-19 30-39|10-19|true",
        "100|10-19 30-39|12-15|true",
        "100|10-19 30-39|9-19|false",
        "100|10-19 30-39|10-20|false",
        "100|10-19 30-39|15-35|false",
        "100|90-99|95-200|true",
        "100|90-99|95-|true",
        "100|90-99|99-|true",
        "100|90-99|100-|false",
        "100|''|0-0|false",
        "-1|0-9|0-9|true",
        "-1|0-9|0-|false"
      })
  void onlyWhatIsHeldWhollyIsCovered(long length, String held, String asked, boolean covered) {
    assertEquals(covered, content(length, held).covers(range(asked)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "10|0-4|0-|5-",
        "10|0-4|0-9|5-",
        "10|0-4|0-8|5-8",
        "10|5-9|0-|0-4",
        "10|3-4 7-8|0-|0-",
        "10|0-4 7-9|0-|5-6",
        "100|0-9 20-29 40-99|0-|10-39",
        "-1|0-4|0-|5-",
        "-1|0-4|0-9|5-9"
      })
  void oneRangeIsAskedFor(long length, String held, String wanted, String asked) {
    assertEquals(asked, content(length, held).toAsk(range(wanted)).text());
  }

  @Test
  void nothingIsAskedForIfNothingIsMissing() {
    assertNull(content(10, "0-9").toAsk(range("0-")));
    assertNull(content(10, "5-9").toAsk(range("6-20")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "10|0-9|true",
        "10|0-8|false",
        "10|1-9|false",
        "10|0-4 5-9|true",
        "10|0-4 6-9|false",
        "10|''|false",
        "0|''|true",
        "-1|''|false",
        "-1|0-9|false"
      })
  void contentIsCompleteIfNothingIsMissing(long length, String held, boolean complete) {
    assertEquals(complete, content(length, held).isComplete());
  }

  @ParameterizedTest
  @CsvSource({
    "bytes 4-9/10, 6, 4-9, 10, true",
    "bytes 4-9/*, 6, 4-9, -1, true",
    "bytes 0-9/10, 10, 0-9, 10, true",
    "bytes 4-9/10, 5, 4-8, 9, false",
    "bytes 4-9/10, 1, 4-4, 5, false"
  })
  void aPartialResponseBringsItsRange(
      String contentRange, long length, String held, long complete, boolean combinable) {
    PartialContent content = PartialContent.of(ContentRange.parse(contentRange), length);
    assertEquals(held, text(content.held()));
    assertEquals(complete, content.completeLength());
    assertEquals(combinable, content.isCombinable());
  }

  @ParameterizedTest
  @CsvSource({
    "bytes 4-9/10, 7",
    "bytes 4-9/10, 0",
    "bytes 4-9/*, 5",
    "bytes 4-9/11, 5",
    "bytes */10, 1",
    "bytes 4-9/10, -1"
  })
  void aPartialResponseThatContradictsItselfBringsNothing(String contentRange, long length) {
    assertNull(PartialContent.of(ContentRange.parse(contentRange), length));
  }

  @Test
  void twoAreHeldTogether() {
    PartialContent union = content(20, "0-4 10-14").with(content(20, "5-6 12-19"));
    assertEquals("0-6 10-19", text(union.held()));
    assertEquals(20, union.completeLength());
    assertTrue(union.isCombinable());
    assertTrue(content(10, "0-4").with(content(10, "5-9")).isComplete());
  }

  @Test
  void oneOfTwoNeedKnowTheLength() {
    PartialContent known = content(10, "0-4");
    for (PartialContent unknown : List.of(content(UNKNOWN, "5-9"), content(UNKNOWN, "5-5 7-9"))) {
      assertEquals(10, known.with(unknown).completeLength());
      assertEquals(10, unknown.with(known).completeLength());
    }
    assertEquals(10, known.with(content(UNKNOWN, "")).completeLength());
    assertEquals(UNKNOWN, content(UNKNOWN, "0-1").with(content(UNKNOWN, "5-6")).completeLength());
  }

  @Test
  void twoThatContradictEachOtherAreNotHeldTogether() {
    assertNull(content(10, "0-4").with(content(11, "5-9")));
    assertNull(content(10, "0-4").with(content(UNKNOWN, "5-10")));
    assertNull(content(UNKNOWN, "5-10").with(content(10, "0-4")));
    PartialContent doubtful = PartialContent.of(ContentRange.parse("bytes 4-9/10"), 5);
    assertNull(doubtful.with(content(9, "0-3")));
    assertNull(content(9, "0-3").with(doubtful));
    assertFalse(doubtful.add(range("0-3")).isCombinable());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=-5|4-8",
        "bytes=6-8|6-8",
        "bytes=6-|6-8",
        "bytes=-1|8-8",
        "bytes=0-|UNKNOWN",
        "bytes=3-5|UNKNOWN",
        "bytes=9-|NOT_SATISFIABLE",
        "bytes=4-4,5-5,6-6|UNKNOWN"
      })
  void requestsAreAnsweredWithWhatIsHeld(String asked, String answer) {
    PartialContent content = PartialContent.of(ContentRange.parse("bytes 4-9/10"), 5);
    RangeSelection selection = content.select(ByteRanges.parse(asked), 2);
    assertEquals(
        answer,
        selection.kind() == Kind.SOME ? text(selection.ranges()) : selection.kind().toString());
  }

  @Test
  void withoutALengthClosedRangesAreAnswered() {
    PartialContent content = content(UNKNOWN, "0-99");
    assertEquals("5-9", text(content.select(ByteRanges.parse("bytes=5-9"), 2).ranges()));
    assertEquals(Kind.UNKNOWN, content.select(ByteRanges.parse("bytes=5-"), 2).kind());
    assertEquals(Kind.UNKNOWN, content.select(ByteRanges.parse("bytes=90-100"), 2).kind());
  }

  @Test
  void completeContentAnswersAsAWhole() {
    ByteRanges asked = ByteRanges.parse("bytes=0-0,1-1");
    assertEquals(Kind.ALL, content(10, "0-9").select(asked, 1).kind());
    assertEquals(Kind.UNKNOWN, content(10, "0-8").select(asked, 1).kind());
  }

  @Test
  void anyOrderOfAdditionsHoldsTheSameOctets() {
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      int length = 1 + random.nextInt(40);
      PartialContent content = PartialContent.none(length);
      BitSet octets = new BitSet();
      for (int n = random.nextInt(8); n > 0; n--) {
        int first = random.nextInt(length);
        int last = first + random.nextInt(length - first);
        content = content.add(new ByteRange(first, last));
        octets.set(first, last + 1);
      }
      assertHolds(octets, content, length);
    }
  }

  private static void assertHolds(BitSet octets, PartialContent content, int length) {
    BitSet held = new BitSet();
    content.held().forEach(range -> held.set((int) range.first(), (int) range.last() + 1));
    assertEquals(octets, held);
    BitSet missing = new BitSet();
    content
        .missing(ByteRange.from(0))
        .forEach(range -> missing.set((int) range.first(), (int) range.last() + 1));
    missing.xor(held);
    assertEquals(length, missing.cardinality());
    assertEquals(octets.cardinality() == length, content.isComplete());
  }
}
