package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.cache.RangeSelection.Kind;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §14.1 and §14.2. */
class ByteRangesTest {
  private static String text(RangeSelection selection) {
    String ranges =
        selection.ranges().stream().map(ByteRange::text).collect(Collectors.joining(" "));
    return selection.kind() == Kind.SOME ? ranges : selection.kind() + ranges;
  }

  private static String select(String value, long length) {
    ByteRanges ranges = ByteRanges.parse(value);
    return ranges == null ? "ignored" : text(ranges.select(length, 4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-0| 0-0",
        "bytes=0-499| 0-499",
        "bytes=500-999| 500-999",
        "bytes=0-999| 0-999",
        "bytes=0-1000| 0-999",
        "bytes=0-| 0-999",
        "bytes=1-| 1-999",
        "bytes=999-| 999-999",
        "bytes=1000-| NOT_SATISFIABLE",
        "bytes=1000-1001| NOT_SATISFIABLE",
        "bytes=-1| 999-999",
        "bytes=-999| 1-999",
        "bytes=-1000| 0-999",
        "bytes=-1001| 0-999",
        "bytes=-0| NOT_SATISFIABLE",
        "bytes=0-0,-0| 0-0",
        "bytes=5-5,1000-2000| 5-5",
        "bytes=1000-,2000-| NOT_SATISFIABLE",
        "BYTES=007-0010| 7-10",
        "bytes= 0-0 ,\t200-201| 0-0 200-201",
        "bytes=,0-0,,| 0-0",
        "bytes=5-99999999999999999999| 5-999",
        "bytes=99999999999999999999-| NOT_SATISFIABLE",
        "bytes=99999999999999999999-99999999999999999999| NOT_SATISFIABLE",
        "bytes=-99999999999999999999| 0-999",
        "bytes=9223372036854775807-| NOT_SATISFIABLE",
        "bytes=0-9223372036854775806| 0-999"
      })
  void rangesAreResolved(String value, String selection) {
    assertEquals(selection, select(value, 1000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes= ",
        "bytes=-",
        "bytes=a-b",
        "bytes=1",
        "bytes=1-0",
        "bytes=0-1,1-0",
        "bytes=0-1,x",
        "bytes=--1",
        "bytes=1--2",
        "bytes=-1-",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=0 - 1",
        "bytes=0- 1",
        "bytes=0x1-2",
        "bytes=1.0-2",
        "bytes =0-1",
        " bytes=0-1",
        "items=0-1",
        "byte=0-1",
        "bytes:0-1",
        "bytes=\u0661-2",
        "bytes=0-1;q=1"
      })
  void whatIsMalformedOrInAnotherUnitIsIgnored(String value) {
    assertNull(ByteRanges.parse(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-9,200-209| 0-9 200-209",
        "bytes=200-209,0-9| 200-209 0-9",
        "bytes=-1,0-0| 999-999 0-0",
        "bytes=0-9,5-14| 0-14",
        "bytes=5-14,0-9| 0-14",
        "bytes=0-99,10-19| 0-99",
        "bytes=0-9,10-19| 0-19",
        "bytes=0-9,89-99| 0-99",
        "bytes=0-9,90-99| 0-9 90-99",
        "bytes=500-509,0-9,5-14| 0-14 500-509",
        "bytes=0-,0-,0-| 0-999",
        "bytes=0-9,20-29,40-49| 0-49"
      })
  void rangesThatNearlyTouchAreOne(String value, String selection) {
    assertEquals(selection, select(value, 1000));
  }

  @Test
  void withTooManyRangesTheFieldIsIgnored() {
    assertEquals("0-0 200-200 400-400 600-600", select("bytes=0-0,200-200,400-400,600-600", 1000));
    assertEquals("ALL", select("bytes=0-0,200-200,400-400,600-600,800-800", 1000));
    assertEquals("ALL", select("bytes=0-0,0-0,0-0,0-0,0-0", ContentRange.UNKNOWN));
    assertEquals("ALL", select("bytes=0-0,2000-,2000-,2000-,2000-", 1000));
  }

  @Test
  void nothingIsSatisfiedOnlyByASuffix() {
    assertEquals("ALL", select("bytes=-5", 0));
    assertEquals("NOT_SATISFIABLE", select("bytes=-0", 0));
    assertEquals("NOT_SATISFIABLE", select("bytes=0-", 0));
    assertEquals("0-0", select("bytes=-5", 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-499| 0-499",
        "bytes=0-9,5-14| 0-14",
        "bytes=5-| UNKNOWN",
        "bytes=-5| UNKNOWN",
        "bytes=0-1,5-| UNKNOWN",
        "bytes=-5,0-1| UNKNOWN"
      })
  void withoutALengthOnlyRangesWithBothEndsAreResolved(String value, String selection) {
    assertEquals(selection, select(value, ContentRange.UNKNOWN));
  }

  @Test
  void onlyGetAndQueryHaveRangesAndOneFieldOfThem() {
    Fields one = Fields.of("Range", "bytes=0-1");
    assertNotNull(ByteRanges.of(request("GET", one)));
    assertNotNull(ByteRanges.of(request("QUERY", one)));
    for (String method : List.of("HEAD", "POST", "query", "get")) {
      assertNull(ByteRanges.of(request(method, one)));
    }
    assertNull(ByteRanges.of(request("GET", Fields.empty())));
    assertNull(ByteRanges.of(request("GET", Fields.of("Range", "bytes=0-1", "Range", "bytes=2-"))));
    assertNull(ByteRanges.of(request("GET", Fields.of("Range", "lines=0-1"))));
  }

  private static RequestHead request(String method, Fields fields) {
    return new RequestHead(method, "/", HttpVersion.HTTP_1_1, fields);
  }

  @Test
  void aRangeKnowsItsEnds() {
    ByteRange range = new ByteRange(5, 9);
    assertEquals(5, range.length());
    assertEquals("5-9", range.text());
    assertEquals("5-", ByteRange.from(5).text());
    assertTrue(ByteRange.from(5).isOpen());
    assertEquals(false, new ByteRange(5, ByteRange.OPEN - 1).isOpen());
    assertEquals(Long.MAX_VALUE, ByteRange.from(0).length());
    assertEquals(new ByteRange(1, 9), range.span(new ByteRange(1, 2)));
    assertEquals(new ByteRange(5, 12), range.span(new ByteRange(7, 12)));
  }

  @ParameterizedTest
  @CsvSource({"5, 9, true", "6, 8, true", "4, 9, false", "5, 10, false", "4, 10, false"})
  void aRangeContainsThoseWithinIt(long first, long last, boolean contains) {
    assertEquals(contains, new ByteRange(5, 9).contains(new ByteRange(first, last)));
  }

  @ParameterizedTest
  @CsvSource({"-1, 5", "6, 5", "0, 9223372036854775807"})
  void aRangeIsNeverBackward(long first, long last) {
    assertThrows(IllegalArgumentException.class, () -> new ByteRange(first, last));
  }

  @Test
  void whatIsSelectedIsDisjointAndWithin() {
    Random random = new Random(1);
    int selected = 0;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder value = new StringBuilder("bytes=");
      for (int n = random.nextInt(12); n >= 0; n--) {
        value.append("0123456789--,,- x".charAt(random.nextInt(random.nextInt(20) == 0 ? 17 : 15)));
      }
      ByteRanges ranges = ByteRanges.parse(value.toString());
      if (ranges != null) {
        selected++;
        assertSound(ranges.select(1 + random.nextInt(2000), 5), value.toString());
      }
    }
    assertTrue(selected > 3000, selected + " selected");
  }

  private static void assertSound(RangeSelection selection, String value) {
    long sum = 0;
    List<ByteRange> ranges = selection.ranges();
    assertEquals(selection.kind() == Kind.SOME, !ranges.isEmpty(), value);
    for (ByteRange range : ranges) {
      sum += range.length();
      assertTrue(range.last() < 2000, value);
      for (ByteRange other : ranges) {
        assertTrue(
            other == range || other.last() < range.first() || range.last() < other.first(), value);
      }
    }
    assertTrue(sum <= 2000, value);
  }
}
