package io.tidegate.core.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §14.6. */
class MultipartRangesTest {
  private static final List<ByteRange> RANGES = List.of(new ByteRange(0, 1), new ByteRange(5, 7));

  private static String body(MultipartRanges frame, String representation) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < RANGES.size(); i++) {
      ByteRange range = RANGES.get(i);
      body.append(new String(frame.partHead(i), ISO_8859_1))
          .append(representation, (int) range.first(), (int) range.last() + 1);
    }
    return body.append(new String(frame.end(), ISO_8859_1)).toString();
  }

  @Test
  void everyRangeIsAPart() {
    MultipartRanges frame = new MultipartRanges("x_1", "a/b; c=\u00fc", RANGES, 10);
    String body = body(frame, "0123456789");
    assertEquals(
        "--x_1\r\nContent-Type: a/b; c=\u00fc\r\nContent-Range: bytes 0-1/10\r\n\r\n01\r\n"
            + "--x_1\r\nContent-Type: a/b; c=\u00fc\r\nContent-Range: bytes 5-7/10\r\n\r\n567\r\n"
            + "--x_1--\r\n",
        body);
    assertEquals(body.length(), frame.length());
    assertEquals("multipart/byteranges; boundary=x_1", frame.contentType());
    assertEquals(RANGES, frame.ranges());
  }

  @Test
  void aRepresentationNeedHaveNeitherTypeNorLength() {
    MultipartRanges frame = new MultipartRanges("x", null, RANGES, ContentRange.UNKNOWN);
    String body = body(frame, "0123456789");
    assertEquals(
        "--x\r\nContent-Range: bytes 0-1/*\r\n\r\n01\r\n"
            + "--x\r\nContent-Range: bytes 5-7/*\r\n\r\n567\r\n--x--\r\n",
        body);
    assertEquals(body.length(), frame.length());
  }

  @Test
  void aBoundaryThatIsNoTokenIsQuoted() {
    MultipartRanges frame = new MultipartRanges("a'()+_,-./:=?9Z", null, RANGES, 10);
    assertEquals("multipart/byteranges; boundary=\"a'()+_,-./:=?9Z\"", frame.contentType());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"", "a\r\n", "\u00fc", "a;b"})
  void otherBoundariesAreRefused(String boundary) {
    assertThrows(
        IllegalArgumentException.class, () -> new MultipartRanges(boundary, null, RANGES, 10));
  }

  @Test
  void aBoundaryHasSeventyCharactersAtMost() {
    String longest = "x".repeat(70);
    assertDoesNotThrow(() -> new MultipartRanges(longest, null, RANGES, 10));
    assertThrows(
        IllegalArgumentException.class, () -> new MultipartRanges(longest + "x", null, RANGES, 10));
  }

  @Test
  void aRangeBehindTheEndIsRefused() {
    assertDoesNotThrow(() -> new MultipartRanges("x", null, RANGES, 8));
    assertThrows(IllegalArgumentException.class, () -> new MultipartRanges("x", null, RANGES, 7));
  }
}
