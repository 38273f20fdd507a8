package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpDateTest {
  @ParameterizedTest
  @CsvSource({
    "1994-11-06T08:49:37Z, 'Sun, 06 Nov 1994 08:49:37 GMT'",
    "1970-01-01T00:00:00Z, 'Thu, 01 Jan 1970 00:00:00 GMT'",
    "2024-02-29T23:59:59.999Z, 'Thu, 29 Feb 2024 23:59:59 GMT'",
    "2025-12-31T12:00:00Z, 'Wed, 31 Dec 2025 12:00:00 GMT'",
    "9999-12-31T23:59:59Z, 'Fri, 31 Dec 9999 23:59:59 GMT'"
  })
  void isWrittenAsImfFixdate(Instant instant, String date) {
    assertEquals(date, HttpDate.format(instant));
  }
}
