package io.tidegate.core.cache;

import static io.tidegate.core.cache.Answers.NOW;
import static io.tidegate.core.cache.Answers.date;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Fields;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessTest {
  @ParameterizedTest
  @CsvSource({
    "'max-age=60', 60",
    "'max-age=60, s-maxage=5', 5",
    "'max-age=0, s-maxage=5', 5",
    "'s-maxage=0, max-age=5', 0",
    "'max-age=x', 0",
    "'max-age=0', 0",
    "'no-cache, max-age=7', 7"
  })
  void theLifetimeIsThatOfTheDirectives(String cacheControl, long lifetime) {
    Freshness freshness = of(200, "Cache-Control", cacheControl, "Expires", date(99));
    assertEquals(lifetime, freshness.lifetime());
    assertFalse(freshness.heuristic());
  }

  @Test
  void expiresIsRelativeToDate() {
    assertEquals(20, of(200, "Expires", date(30), "Date", date(10)).lifetime());
    assertEquals(0, of(200, "Expires", date(10), "Date", date(10)).lifetime());
    assertEquals(0, of(200, "Expires", date(-5), "Date", date(0)).lifetime());
    assertEquals(30, of(200, "Expires", date(30)).lifetime());
    assertEquals(30, of(200, "Expires", date(30), "Date", "foo").lifetime());
  }

  @Test
  void anInvalidExpiresIsInThePast() {
    assertEquals(0, of(200, "Expires", "0", "Last-Modified", date(-1000)).lifetime());
    assertEquals(0, of(200, "Expires", "", "Expires", date(30)).lifetime());
    assertEquals(30, of(200, "Expires", date(30), "Expires", date(40)).lifetime());
  }

  @Test
  void expiresDoesNotCountBesideATargetedField() {
    Fields fields = Fields.of("CDN-Cache-Control", "public", "Expires", date(30));
    CacheControl directives = Answers.RULES.directives(fields);
    assertFalse(Freshness.isExplicit(fields, directives));
    assertEquals(0, of(200, "CDN-Cache-Control", "public", "Expires", date(30)).lifetime());
    assertEquals(5, of(200, "CDN-Cache-Control", "max-age=5", "Expires", date(30)).lifetime());
  }

  @Test
  void explicitIsWhatNamesAnEnd() {
    assertTrue(isExplicit("Cache-Control", "max-age=0"));
    assertTrue(isExplicit("Cache-Control", "s-maxage=0"));
    assertTrue(isExplicit("Expires", "0"));
    assertFalse(isExplicit("Cache-Control", "public"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, '', 10", "203, '', 10", "204, '', 10", "206, '', 10", "300, '', 10", "301, '', 10",
    "308, '', 10", "404, '', 10", "405, '', 10", "410, '', 10", "414, '', 10", "501, '', 10",
    "201, '', 0", "202, '', 0", "302, '', 0", "307, '', 0", "403, '', 0", "502, '', 0",
    "503, '', 0", "504, '', 0", "599, '', 0", "599, public, 10", "200, private, 10"
  })
  void withoutAnEndTheStatusDecidesWhetherToGuess(int status, String cacheControl, long lifetime) {
    Freshness freshness =
        of(status, "Cache-Control", cacheControl, "Last-Modified", date(-100), "Date", date(0));
    assertEquals(lifetime, freshness.lifetime());
    assertEquals(lifetime > 0, freshness.heuristic());
  }

  @Test
  void aGuessHasItsLimits() {
    assertEquals(86_400, of(200, "Last-Modified", date(-864_001)).lifetime());
    assertEquals(86_400, of(200, "Last-Modified", date(-864_000)).lifetime());
    assertEquals(86_399, of(200, "Last-Modified", date(-863_999)).lifetime());
    assertEquals(0, of(200, "Last-Modified", date(-9)).lifetime());
    assertEquals(0, of(200, "Last-Modified", date(100)).lifetime());
    assertEquals(0, of(200, "Last-Modified", "x").lifetime());
    assertEquals(0, of(200, "A", "b").lifetime());
    assertEquals(0, of(200, "Last-Modified", date(-100), "Pragma", "no-cache").lifetime());
    assertEquals(11, of(200, "Last-Modified", date(-100), "Date", date(10)).lifetime());
  }

  @Test
  void guessingCanBeTurnedOff() {
    CacheSettings off = Answers.graces(Duration.ZERO, Duration.ZERO);
    Fields fields = Fields.of("Last-Modified", date(-100));
    assertEquals(0, Freshness.of(200, fields, CacheControl.NONE, off, NOW, NOW).lifetime());
  }

  @ParameterizedTest(name = "Age: {0} is {1}")
  @CsvSource({
    "0, 0",
    "7, 7",
    "'7, 0', 7",
    "'0, 7', 0",
    "abc, 0",
    "-7, 0",
    "7.0, 0",
    "7;a=b, 0",
    "'', 0",
    "2147483647, 2147483647",
    "2147483648, 2147483648",
    "99999999999, 2147483648",
    "'7 , 0', 7"
  })
  void ageIsTheFirstNumber(String age, long seconds) {
    assertEquals(seconds * 1000, of(200, "Age", age, "Date", date(0)).initialAge());
    assertEquals(seconds * 1000, of(200, "Age", age, "Age", "99").initialAge());
  }

  @Test
  void theInitialAgeCountsTheWayHere() {
    assertEquals(2_500, of(NOW - 2_500, "Date", date(0)).initialAge());
    assertEquals(9_500, of(NOW - 2_500, "Age", "7").initialAge());
    assertEquals(0, of(NOW + 2_500, "Date", date(0)).initialAge());
  }

  @Test
  void theInitialAgeIsNoLessThanWhatDateTells() {
    assertEquals(7_000, of(NOW, "Date", date(-7)).initialAge());
    assertEquals(8_000, of(NOW, "Date", date(-7), "Age", "8").initialAge());
    assertEquals(7_000, of(NOW, "Date", date(-7), "Age", "6").initialAge());
    assertEquals(0, of(NOW, "Date", date(7)).initialAge());
    assertEquals(0, of(NOW, "Date", "foo").initialAge());
  }

  @Test
  void aFractionOfASecondIsNoAge() {
    Fields fields = Fields.of("Date", date(0));
    CacheSettings settings = CacheSettings.FORWARD;
    long late = NOW + 999;
    assertEquals(
        0, Freshness.of(200, fields, CacheControl.NONE, settings, late, late).initialAge());
    assertEquals(
        1_000,
        Freshness.of(200, fields, CacheControl.NONE, settings, late + 1, late + 1).initialAge());
  }

  @Test
  void theDateIsThatOfTheResponseOrOfItsArrival() {
    assertEquals(NOW - 7_000, of(NOW, "Date", date(-7)).date());
    assertEquals(NOW, of(NOW, "Date", "foo").date());
    assertEquals(NOW, of(NOW).date());
  }

  private static Freshness of(int status, String... fields) {
    Fields all = Fields.of(fields);
    CacheControl directives = Answers.RULES.directives(all);
    return Freshness.of(status, all, directives, CacheSettings.REVERSE, NOW, NOW);
  }

  private static Freshness of(long requestTime, String... fields) {
    return Freshness.of(
        200, Fields.of(fields), CacheControl.NONE, CacheSettings.REVERSE, requestTime, NOW);
  }

  private static boolean isExplicit(String... fields) {
    Fields all = Fields.of(fields);
    return Freshness.isExplicit(all, Answers.RULES.directives(all));
  }
}
