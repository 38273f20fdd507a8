package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §14.4. */
class ContentRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes 0-4/10, 0, 4, 10",
    "bytes 4-9/10, 4, 9, 10",
    "bytes 0-0/1, 0, 0, 1",
    "bytes 5-6/*, 5, 6, -1",
    "bytes 0-9223372036854775805/9223372036854775806, 0, 9223372036854775805, 9223372036854775806"
  })
  void aRangeOfALengthIsReadAndWritten(String value, long first, long last, long length) {
    ContentRange range = new ContentRange(new ByteRange(first, last), length);
    assertEquals(range, ContentRange.parse(value));
    assertEquals(value, range.text());
  }

  @Test
  void anUnsatisfiedRangeHasALengthOnly() {
    assertEquals("bytes */0", ContentRange.unsatisfied(0).text());
    assertEquals(ContentRange.unsatisfied(47), ContentRange.parse("bytes */47"));
    assertEquals(ContentRange.unsatisfied(0), ContentRange.parse("Bytes */0"));
  }

  @Test
  void spellingIsLenientInTheUnitAndZerosOnly() {
    assertEquals("bytes 1-2/3", ContentRange.parse("BYTES 01-02/03").text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes ",
        "bytes /",
        "bytes */",
        "bytes */*",
        "bytes 0-4",
        "bytes 0-4/",
        "bytes 0-4/4",
        "bytes 5-4/10",
        "bytes -4/10",
        "bytes 0-/10",
        "bytes 4/10",
        "bytes 0-4/x",
        "bytes 0-4/x*",
        "bytes 0-4/**",
        "bytes */x*",
        "bytes 0-4/-1",
        "bytes 0-4/ 10",
        "bytes  0-4/10",
        "bytes 0 -4/10",
        "bytes 0- 4/10",
        "bytes 0-4 /10",
        "bytes=0-4/10",
        "bytes\t0-4/10",
        "items 0-4/10",
        "bytes x-4/10",
        "bytes 0-x/10",
        "bytes *-4/10",
        "bytes 0-4/5/6",
        "bytes 0-99999999999999999999/*",
        "bytes 0-4/99999999999999999999",
        "bytes 0-9223372036854775806/*",
        "bytes 0-9223372036854775807/*",
        "bytes 0-1/9223372036854775807",
        "bytes */9223372036854775807",
        "bytes 0/1-2"
      })
  void anythingElseIsInvalid(String value) {
    assertNull(ContentRange.parse(value));
  }

  @Test
  void whatCannotBeIsRefused() {
    ByteRange range = new ByteRange(0, 4);
    assertThrows(IllegalArgumentException.class, () -> new ContentRange(range, 4));
    assertThrows(IllegalArgumentException.class, () -> new ContentRange(range, -2));
    assertThrows(IllegalArgumentException.class, () -> new ContentRange(ByteRange.from(0), -1));
    assertThrows(IllegalArgumentException.class, () -> ContentRange.unsatisfied(-1));
    assertThrows(IllegalArgumentException.class, () -> ContentRange.unsatisfied(Long.MAX_VALUE));
  }

  @Test
  void whatIsReadIsWrittenAndReadAgain() {
    Random random = new Random(1);
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder value = new StringBuilder("bytes 10-24/123");
      for (int n = random.nextInt(3); n >= 0; n--) {
        value.setCharAt(
            random.nextInt(value.length()), "0123456789*-/ b".charAt(random.nextInt(15)));
      }
      ContentRange range = ContentRange.parse(value.toString());
      if (range != null) {
        read++;
        assertEquals(range, ContentRange.parse(range.text()), value.toString());
      }
    }
    assertTrue(read > 3000, read + " read");
  }
}
