package io.tidegate.core.cache;

import static io.tidegate.core.cache.Answers.RULES;
import static io.tidegate.core.cache.Answers.after;
import static io.tidegate.core.cache.Answers.get;
import static io.tidegate.core.cache.Answers.graces;
import static io.tidegate.core.cache.Answers.staleIfUnreachable;
import static io.tidegate.core.cache.Answers.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Fields;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111 §4.2.4 and RFC 5861 §4: what a stale response does when the origin fails. */
class StalenessTest {
  @ParameterizedTest(name = "{0} s with [{1}]: {2}")
  @CsvSource({
    "10, '', true",
    "15, '', true",
    "15.001, '', false",
    "18, stale-if-error=8, true",
    "18.001, stale-if-error=8, false",
    "15, stale-if-error=1, true",
    "12, max-age=100, false",
    "12, max-age=0, false",
    "12, 'max-age=100, max-stale=0', false",
    "12, min-fresh=0, false",
    "12, 'max-age=100, stale-if-error=2', true",
    "12, 'max-age=100, stale-if-error=1', false",
    "12, 'max-age=5, max-stale=1', true",
    "12, no-cache, false",
    "12, 'no-cache, stale-if-error=9', false"
  })
  void aStaleResponseMayServeIfTheOriginFails(
      double seconds, String cacheControl, boolean allowed) {
    StoredResponse stored = stored("Cache-Control", "max-age=10, stale-if-error=5");
    assertEquals(allowed, RULES.mayUseOnError(stored, request(cacheControl), after(seconds)));
  }

  @Test
  void theGraceOfTheSettingsIsForResponsesThatHaveNone() {
    CacheRules rules = new CacheRules(graces(Duration.ZERO, Duration.ofSeconds(7)));
    StoredResponse plain = stored("Cache-Control", "max-age=10");
    assertTrue(rules.mayUseOnError(plain, CacheControl.NONE, after(17)));
    assertFalse(rules.mayUseOnError(plain, CacheControl.NONE, after(17.001)));
    StoredResponse own = stored("Cache-Control", "max-age=10, stale-if-error=0");
    assertFalse(rules.mayUseOnError(own, CacheControl.NONE, after(10)));
  }

  @Test
  void aGraceMayBeShorterThanASecond() {
    CacheRules rules = new CacheRules(graces(Duration.ofMillis(300), Duration.ofMillis(400)));
    StoredResponse stored = stored("Cache-Control", "max-age=10");
    assertTrue(rules.mayUseOnError(stored, CacheControl.NONE, after(10.4)));
    assertFalse(rules.mayUseOnError(stored, CacheControl.NONE, after(10.401)));
    assertEquals(CacheDecision.Stale.class, decided(rules, stored, 10.3));
    assertEquals(CacheDecision.Validate.class, decided(rules, stored, 10.301));
    CacheRules unreachable = new CacheRules(staleIfUnreachable(Duration.ofMillis(500)));
    assertTrue(unreachable.mayUseUnreached(stored, CacheControl.NONE, after(10.5)));
    assertFalse(unreachable.mayUseUnreached(stored, CacheControl.NONE, after(10.501)));
  }

  private static Class<?> decided(CacheRules rules, StoredResponse stored, double seconds) {
    return rules.decide(get(), CacheControl.NONE, List.of(stored), after(seconds)).getClass();
  }

  @ParameterizedTest(name = "{0} at {1} s with [{2}]: {3}")
  @CsvSource({
    "max-age=10, 10, '', true",
    "max-age=10, 86410, '', true",
    "max-age=10, 86410.001, '', false",
    "max-age=10, 12, no-cache, false",
    "max-age=10, 12, max-age=100, false",
    "max-age=10, 12, min-fresh=0, false",
    "max-age=10, 12, 'max-age=100, max-stale=1', true",
    "max-age=10, 12, 'max-age=100, stale-if-error=2', true",
    "max-age=10, 12, 'max-age=100, stale-if-error=1', false",
    "'max-age=10, stale-if-error=0', 86410, '', true",
    "'max-age=10, stale-if-error=90000', 90010, '', true",
    "'max-age=10, stale-if-error=90000', 90010.001, '', false"
  })
  void withoutAnAnswerAStaleResponseServesForADay(
      String response, double seconds, String request, boolean allowed) {
    StoredResponse stored = stored("Cache-Control", response);
    assertEquals(allowed, RULES.mayUseUnreached(stored, request(request), after(seconds)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "s-maxage=0", "no-cache"})
  void nothingOverrulesADirectiveAgainstStaleness(String directive) {
    StoredResponse stored = stored("Cache-Control", "max-age=10, stale-if-error=99, " + directive);
    CacheControl willing = request("max-stale, stale-if-error=99");
    assertFalse(RULES.mayUseOnError(stored, willing, after(12)));
    assertFalse(RULES.mayUseUnreached(stored, willing, after(12)));
  }

  private static CacheControl request(String cacheControl) {
    return CacheControl.ofRequest(Fields.of("Cache-Control", cacheControl));
  }
}
