package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

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

  private static PartialContent content(long length, String held) {
    return new PartialContent(range(held), length, true);
  }

  private static String text(PartialContent content) {
    return content == null
        ? null
        : content.range().text() + (content.isCombinable() ? "" : " alone");
  }

  private static String text(List<ByteRange> ranges) {
    return ranges.stream().map(ByteRange::text).collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10|0-4|0-|5-",
        "10|0-4|0-9|5-",
        "10|0-4|0-20|5-",
        "10|0-4|0-8|5-8",
        "10|0-4|3-6|5-6",
        "10|0-4|5-6|5-6",
        "10|0-4|6-7|",
        "10|0-4|1-3|",
        "10|0-4|0-4|",
        "10|5-9|0-|0-4",
        "10|5-9|2-6|2-4",
        "10|5-9|2-4|2-4",
        "10|5-9|2-3|",
        "10|5-9|6-20|",
        "10|3-6|2-7|",
        "10|3-6|0-|",
        "10|3-6|3-7|7-7",
        "10|3-6|2-6|2-2",
        "10|0-9|0-|",
        "-1|0-4|0-|5-",
        "-1|0-4|0-9|5-9",
        "-1|5-9|0-9|0-4"
      })
  void oneRangeNextToWhatIsHeldIsAskedFor(long length, String held, String wanted, String asked) {
    ByteRange missing = content(length, held).missing(range(wanted));
    assertEquals(asked, missing == null ? null : missing.text());
  }

  @ParameterizedTest
  @CsvSource({
    "10, 0-4, 5-, 10",
    "10, 2-4, 5-, 8",
    "10, 2-4, 5-20, 8",
    "10, 2-4, 5-7, 6",
    "10, 5-9, 1-4, 9",
    "10, 5-9, 6-7, 5",
    "-1, 5-9, 10-14, 10",
    "-1, 5-9, 10-, 9223372036854775807"
  })
  void whatWouldBeHeldThenHasALength(long length, String held, String added, long total) {
    assertEquals(total, content(length, held).lengthWith(range(added)));
  }

  @ParameterizedTest
  @CsvSource({"10, 0-9, true", "10, 0-8, false", "10, 1-9, false", "-1, 0-9, false"})
  void contentIsCompleteIfNothingIsMissing(long length, String held, boolean complete) {
    assertEquals(complete, content(length, held).isComplete());
  }

  @ParameterizedTest
  @CsvSource({
    "bytes 4-9/10, 6, bytes 4-9/10",
    "bytes 4-9/*, 6, bytes 4-9/*",
    "bytes 0-9/10, 10, bytes 0-9/10",
    "bytes 4-9/10, 5, bytes 4-8/9 alone",
    "bytes 4-9/10, 1, bytes 4-4/5 alone"
  })
  void aPartialResponseBringsItsRange(String contentRange, long length, String held) {
    assertEquals(held, text(PartialContent.of(ContentRange.parse(contentRange), length)));
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10|0-4|10|5-9|bytes 0-9/10",
        "10|5-9|10|0-4|bytes 0-9/10",
        "10|0-6|10|5-9|bytes 0-9/10",
        "10|2-3|10|4-4|bytes 2-4/10",
        "10|0-4|-1|5-9|bytes 0-9/10",
        "-1|5-9|10|0-4|bytes 0-9/10",
        "-1|0-4|-1|5-9|bytes 0-9/*",
        "10|0-4|10|6-9|",
        "10|6-9|10|0-4|",
        "10|0-4|11|5-9|",
        "10|0-4|-1|5-10|",
        "-1|5-10|10|0-4|"
      })
  void twoPartsThatTouchAreHeldTogether(
      long length, String held, long otherLength, String other, String union) {
    assertEquals(union, text(content(length, held).with(content(otherLength, other))));
  }

  @Test
  void aDoubtfulPartStaysAlone() {
    PartialContent doubtful = PartialContent.of(ContentRange.parse("bytes 4-9/10"), 5);
    assertNull(doubtful.with(content(9, "0-3")));
    assertNull(content(9, "0-3").with(doubtful));
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
  void whatIsMissingAndWhatIsHeldCoverWhatIsWanted() {
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      int length = 1 + random.nextInt(30);
      PartialContent held = new PartialContent(within(random, length), length, true);
      ByteRange wanted = within(random, length);
      ByteRange missing = held.missing(wanted);
      if (missing != null) {
        ByteRange come = new ByteRange(missing.first(), Math.min(missing.last(), length - 1));
        PartialContent both = held.with(new PartialContent(come, length, true));
        BitSet octets = octets(held.held());
        octets.or(octets(come));
        assertEquals(octets, octets(both.held()));
        octets.and(octets(wanted));
        assertEquals(octets(wanted), octets);
        assertEquals(both.held().length(), held.lengthWith(missing));
      }
    }
  }

  private static ByteRange within(Random random, int length) {
    int first = random.nextInt(length);
    return new ByteRange(first, first + random.nextInt(length - first));
  }

  private static BitSet octets(ByteRange range) {
    BitSet octets = new BitSet();
    octets.set((int) range.first(), (int) range.last() + 1);
    return octets;
  }
}
