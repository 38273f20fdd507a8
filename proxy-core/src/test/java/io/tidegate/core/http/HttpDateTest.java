package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §5.6.7. */
class HttpDateTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.800Z");

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

  @ParameterizedTest
  @CsvSource({
    "'Sun, 06 Nov 1994 08:49:37 GMT', 1994-11-06T08:49:37Z",
    "'Sunday, 06-Nov-94 08:49:37 GMT', 1994-11-06T08:49:37Z",
    "'Sun Nov  6 08:49:37 1994', 1994-11-06T08:49:37Z",
    "'Sun Nov 06 08:49:37 1994', 1994-11-06T08:49:37Z",
    "'Wed Nov 16 08:49:37 1994', 1994-11-16T08:49:37Z",
    "'Tue, 19 Jan 2038 14:14:08 GMT', 2038-01-19T14:14:08Z",
    "'Sun, 21 Nov 2286 04:46:39 GMT', 2286-11-21T04:46:39Z",
    "'Wed, 31 Dec 1969 23:59:59 GMT', 1969-12-31T23:59:59Z",
    "'Sat, 01 Jan 0000 00:00:00 GMT', 0000-01-01T00:00:00Z",
    "'Fri, 31 Dec 9999 23:59:59 GMT', 9999-12-31T23:59:59Z",
    "'Thu, 29 Feb 2024 00:00:00 GMT', 2024-02-29T00:00:00Z",
    "'Sat, 31 Dec 2016 23:59:60 GMT', 2017-01-01T00:00:00Z"
  })
  void threeFormsAreRead(String value, Instant instant) {
    assertEquals(instant, HttpDate.parse(value, NOW));
    assertEquals(instant.toEpochMilli(), HttpDate.parse(value, NOW.toEpochMilli()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "THU, 18 Aug 2050 02:01:18 GMT",
        "Thu, 18 AUG 2050 02:01:18 GMT",
        "Thu, 18 Aug 2050 02:01:18 gMT",
        "thursday, 18-aug-50 02:01:18 gmt",
        "tHU aUG 18 02:01:18 2050"
      })
  void namesAreReadInAnyCase(String value) {
    assertEquals(Instant.parse("2050-08-18T02:01:18Z"), HttpDate.parse(value, NOW));
  }

  @Test
  void theDayOfTheWeekNeedNotFit() {
    Instant instant = Instant.parse("2050-08-08T02:01:18Z");
    assertEquals(instant, HttpDate.parse("Thu Aug  8 02:01:18 2050", NOW));
    assertEquals(instant, HttpDate.parse("Sunday, 08-Aug-50 02:01:18 GMT", NOW));
  }

  @ParameterizedTest
  @CsvSource({"Jan, 1", "Feb, 2", "Mar, 3", "Apr, 4", "May, 5", "Jun, 6"})
  @CsvSource({"Jul, 7", "Aug, 8", "Sep, 9", "Oct, 10", "Nov, 11", "Dec, 12"})
  void everyMonthHasItsName(String name, int month) {
    assertEquals(
        Instant.parse("2020-%02d-28T00:00:00Z".formatted(month)),
        HttpDate.parse("Mon, 28 " + name + " 2020 00:00:00 GMT", NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"})
  void everyDayHasItsName(String day) {
    Instant instant = Instant.parse("1994-11-06T00:00:00Z");
    String name = day.substring(0, 3);
    assertEquals(instant, HttpDate.parse(day + ", 06-Nov-94 00:00:00 GMT", NOW));
    assertEquals(instant, HttpDate.parse(name + ", 06 Nov 1994 00:00:00 GMT", NOW));
    assertEquals(instant, HttpDate.parse(name + " Nov  6 00:00:00 1994", NOW));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-04T05:06:07Z, 04-Mar-76 05:06:07, 2076",
    "2026-03-04T05:06:07Z, 04-Mar-76 05:06:08, 1976",
    "2026-03-04T05:06:07Z, 31-Dec-75 23:59:59, 2075",
    "2026-03-04T05:06:07Z, 01-Jan-77 00:00:00, 1977",
    "2026-03-04T05:06:07Z, 01-Jan-26 00:00:00, 2026",
    "2026-03-04T05:06:07Z, 31-Dec-99 00:00:00, 1999",
    "2026-03-04T05:06:07Z, 01-Jan-00 00:00:00, 2000",
    "2090-01-01T00:00:00Z, 01-Jan-10 00:00:00, 2110",
    "2090-01-01T00:00:00Z, 01-Jan-41 00:00:00, 2041",
    "1969-12-31T23:59:59.5Z, 31-Dec-19 23:59:59, 2019"
  })
  void twoDigitsAreAYearAtMostFiftyYearsAhead(Instant now, String date, int year) {
    Instant instant = HttpDate.parse("Monday, " + date + " GMT", now);
    assertEquals(Integer.toString(year), String.valueOf(instant).substring(0, 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        ",",
        "Thu, 18 Aug 2050 02:01:18 UTC",
        "Thu, 18 Aug 2050 02:01:18 AEST",
        "Thu, 18 Aug 2050 02:01:18 +0000",
        "Thu, 18 Aug 2050 02:01:18",
        "Thu, 18 Aug 50 02:01:18 GMT",
        "Thu 18 Aug 2050 02:01:18 GMT",
        "Thu, 18  Aug  2050 02:01:18 GMT",
        "Thu,  18 Aug 2050 02:01:18 GMT",
        "Thu, 18-Aug-2050 02:01:18 GMT",
        "Thu, 18-Aug-50 02:01:18 GMT",
        "Thursday, 18 Aug 2050 02:01:18 GMT",
        "Thursday, 18-Aug-2050 02:01:18 GMT",
        "Thu, 18 Aug 2050 02.01.18 GMT",
        "Thu, 18 Aug 2050 2:01:18 GMT",
        "Thu, 8 Aug 2050 02:01:18 GMT",
        "Thu,  8 Aug 2050 02:01:18 GMT",
        "Thu, 00 Aug 2050 02:01:18 GMT",
        "Thu, 32 Aug 2050 02:01:18 GMT",
        "Thu, 31 Jun 2050 02:01:18 GMT",
        "Wed, 29 Feb 2023 02:01:18 GMT",
        "Thu, 18 Aug 2050 24:00:00 GMT",
        "Thu, 18 Aug 2050 23:60:00 GMT",
        "Thu, 18 Aug 2050 23:00:61 GMT",
        "Thu, 18 Agu 2050 02:01:18 GMT",
        "Thx, 18 Aug 2050 02:01:18 GMT",
        "Thx Aug  8 02:01:18 2050",
        "Thu Aux  8 02:01:18 2050",
        "Thu Aug  0 02:01:18 2050",
        "Thu Aug 8 02:01:18 2050",
        "Thu Aug  8 02:01:18 50",
        "Thu Aug  8 02:01:18 2050 GMT",
        "Thursdax, 18-Aug-50 02:01:18 GMT",
        "Thursday, 18-Aux-50 02:01:18 GMT",
        ", 18-Aug-50 02:01:18 GMT",
        " Thu, 18 Aug 2050 02:01:18 GMT",
        "Thu, 18 Aug 2050 02:01:18 GMT ",
        "Thu, 18 Aug -050 02:01:18 GMT",
        "Thu, \u0661\u0668 Aug 2050 02:01:18 GMT",
        "Thu, 18 \u0391ug 2050 02:01:18 GMT",
        "Thu, 18 Aug 2050 2:01:18 GMT, Thu, 18 Aug 2050 2:01:19 GMT"
      })
  void anythingElseIsNoDate(String value) {
    assertNull(HttpDate.parse(value, NOW));
    assertEquals(HttpDate.INVALID, HttpDate.parse(value, NOW.toEpochMilli()));
  }

  @Test
  void everyDateThatIsReadIsWrittenAndReadAgain() {
    List<String> seeds =
        List.of(
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994");
    Random random = new Random(1);
    int dates = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder(seeds.get(random.nextInt(3)));
      for (int n = random.nextInt(3); n >= 0; n--) {
        text.setCharAt(
            random.nextInt(text.length()), "0123456789 ,:-GMTgmt".charAt(random.nextInt(20)));
      }
      Instant instant = HttpDate.parse(text.toString(), NOW);
      if (instant != null) {
        dates++;
        assertEquals(instant, HttpDate.parse(HttpDate.format(instant), NOW), text.toString());
      }
    }
    assertEquals(true, dates > 5000, dates + " dates");
  }
}
