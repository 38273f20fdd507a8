package io.tidegate.core.cache;

import static io.tidegate.core.cache.Answers.RULES;
import static io.tidegate.core.cache.Answers.answer;
import static io.tidegate.core.cache.Answers.date;
import static io.tidegate.core.cache.Answers.get;
import static io.tidegate.core.cache.Answers.graces;
import static io.tidegate.core.cache.Answers.request;
import static io.tidegate.core.cache.Answers.staleIfUnreachable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.RequestHead;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreRulesTest {
  private static final String[] FRESH = {"Cache-Control", "max-age=10"};

  @ParameterizedTest
  @CsvSource({
    "GET, STORABLE",
    "QUERY, STORABLE",
    "HEAD, METHOD",
    "POST, METHOD",
    "PUT, METHOD",
    "DELETE, METHOD",
    "OPTIONS, METHOD",
    "M-SEARCH, METHOD",
    "get, METHOD"
  })
  void theMethodHasToBeOneThatIsUnderstood(String method, Storability expected) {
    assertEquals(expected, check(request(method), 200, FRESH));
  }

  @ParameterizedTest
  @CsvSource({
    "200, '', STORABLE",
    "200, /b?c, STORABLE",
    "200, http://A:80/b?c, STORABLE",
    "200, /b, METHOD",
    "200, http://b/b?c, METHOD",
    "200, mailto:a, METHOD",
    "201, /b?c, METHOD"
  })
  void aPostIsStoredIfItYieldsWhatAGetWould(int status, String location, Storability expected) {
    RequestHead post = request("POST", "Content-Length", "5");
    assertEquals(
        expected, check(post, status, "Cache-Control", "max-age=10", "Content-Location", location));
  }

  @Test
  void aPostNeedsContentLocationAndAnEnd() {
    assertEquals(Storability.METHOD, check(request("POST"), 200, FRESH));
    assertEquals(
        Storability.METHOD,
        check(request("POST"), 200, "ETag", "\"a\"", "Content-Location", "/b?c"));
    assertEquals(
        Storability.STORABLE,
        check(request("POST"), 200, "Expires", date(9), "Content-Location", "/b?c"));
  }

  @Test
  void contentIsForMethodsThatHaveIt() {
    assertEquals(Storability.REQUEST_CONTENT, check(get("Content-Length", "1"), 200, FRESH));
    assertEquals(
        Storability.REQUEST_CONTENT, check(get("Transfer-Encoding", "chunked"), 200, FRESH));
    assertEquals(Storability.STORABLE, check(get("Content-Length", "0"), 200, FRESH));
    assertEquals(Storability.STORABLE, check(request("QUERY", "Content-Length", "1"), 200, FRESH));
  }

  @Test
  void theClientMayForbidIt() {
    assertEquals(Storability.REQUEST_NO_STORE, check(get("Cache-Control", "no-store"), 200, FRESH));
  }

  @ParameterizedTest
  @CsvSource({
    "100, STATUS",
    "103, STATUS",
    "199, STATUS",
    "200, STORABLE",
    "201, STORABLE",
    "206, PART",
    "299, STORABLE",
    "303, STORABLE",
    "304, STATUS",
    "305, STORABLE",
    "400, STORABLE",
    "407, STATUS",
    "412, STATUS",
    "416, STATUS",
    "500, STORABLE",
    "599, STORABLE"
  })
  void aFinalResponseThatIsNotAboutOneRequestIsStored(int status, Storability expected) {
    assertEquals(expected, check(get(), status, FRESH));
  }

  @ParameterizedTest
  @CsvSource({
    "200, STORABLE",
    "201, STORABLE",
    "205, STORABLE",
    "302, STORABLE",
    "303, STORABLE",
    "307, STORABLE",
    "400, STORABLE",
    "417, STORABLE",
    "421, STORABLE",
    "422, STORABLE",
    "426, STORABLE",
    "500, STORABLE",
    "505, STORABLE",
    "207, STATUS",
    "299, STATUS",
    "306, STATUS",
    "399, STATUS",
    "418, STATUS",
    "499, STATUS",
    "506, STATUS",
    "599, STATUS"
  })
  void mustUnderstandIsForStatusCodesOfTheStandard(int status, Storability expected) {
    assertEquals(
        expected, check(get(), status, "Cache-Control", "max-age=10, no-store, must-understand"));
  }

  @ParameterizedTest
  @CsvSource({
    "'max-age=10, no-store', NO_STORE",
    "'max-age=10, private', PRIVATE",
    "'max-age=10, private, no-store, must-understand', PRIVATE",
    "'max-age=10, private=\"A\"', STORABLE",
    "'max-age=10, no-cache=\"A\"', STORABLE",
    "'max-age=10, foo', STORABLE"
  })
  void theOriginMayForbidIt(String cacheControl, Storability expected) {
    assertEquals(expected, check(get(), 200, "Cache-Control", cacheControl));
  }

  @Test
  void aTargetedFieldOverrulesTheOthers() {
    assertEquals(
        Storability.STORABLE,
        check(get(), 200, "Cache-Control", "no-store", "CDN-Cache-Control", "max-age=10"));
    assertEquals(
        Storability.NO_STORE,
        check(get(), 200, "Cache-Control", "max-age=10", "CDN-Cache-Control", "no-store"));
  }

  @ParameterizedTest
  @CsvSource({
    "max-age=10, AUTHORIZATION",
    "'max-age=10, proxy-revalidate', AUTHORIZATION",
    "'max-age=10, public', STORABLE",
    "'max-age=10, must-revalidate', STORABLE",
    "s-maxage=0, STORABLE"
  })
  void aResponseToCredentialsSaysThatItIsForOthers(String cacheControl, Storability expected) {
    assertEquals(
        expected,
        check(get("Authorization", "x"), 200, "Cache-Control", cacheControl, "ETag", "\"a\""));
  }

  @Test
  void whatNoRequestSelectsIsNotStored() {
    assertEquals(Storability.VARY, check(get(), 200, concat("Vary", "*")));
    assertEquals(Storability.STORABLE, check(get(), 200, concat("Vary", "Foo")));
  }

  @ParameterizedTest
  @CsvSource({
    "Last-Modified, 'Mon, 01 Jun 2026 00:00:00 GMT', SET_COOKIE",
    "Cache-Control, public, STORABLE",
    "Cache-Control, max-age=1, STORABLE",
    "Expires, 'Mon, 15 Jun 2026 13:00:00 GMT', STORABLE"
  })
  void cookiesAreStoredIfSomebodyCallsTheResponseFreshOrPublic(
      String field, String value, Storability expected) {
    String[] fields = {field, value, "Set-Cookie", "a=b", "ETag", "\"1\""};
    assertEquals(expected, RULES.store(answer(get(), 200, fields)).storability());
  }

  @Test
  void cookiesAreStoredUnlessTheSettingsForbidIt() {
    Answer answer = answer(get(), 200, concat("Set-Cookie", "a=b"));
    assertEquals(Storability.STORABLE, RULES.store(answer).storability());
    CacheRules strict = new CacheRules(graces(Duration.ZERO, Duration.ZERO));
    assertEquals(Storability.SET_COOKIE, strict.store(answer).storability());
    assertEquals(Storability.STORABLE, strict.store(answer(get(), 200, FRESH)).storability());
  }

  @Test
  void aPartHasToSayWhich() {
    assertEquals(Storability.STORABLE, check(get(), 206, concat("Content-Range", "bytes 0-1/2")));
    assertEquals(Storability.PART, check(get(), 206, concat("Content-Range", "bytes 0-1")));
    assertEquals(
        Storability.STORABLE,
        check(get("Range", "bytes=0-1"), 200, concat("Content-Range", "anything")));
  }

  @ParameterizedTest
  @CsvSource({
    "200, '', STORABLE",
    "404, '', STORABLE",
    "302, '', NO_FRESHNESS",
    "503, '', NO_FRESHNESS",
    "302, public, STORABLE",
    "302, max-age=0, STORABLE",
    "302, no-cache, NO_FRESHNESS"
  })
  void theStatusOrADirectiveMakesItCacheable(
      int status, String cacheControl, Storability expected) {
    assertEquals(expected, check(get(), status, "Cache-Control", cacheControl, "ETag", "\"a\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "max-age=0",
        "no-cache",
        "no-cache, max-age=10",
        "stale-while-revalidate=0",
        "max-age=0, stale-if-error=9, must-revalidate",
        "public",
        "max-age=-1"
      })
  void whatCanNeverBeUsedIsNotStored(String cacheControl) {
    assertEquals(Storability.USELESS, check(get(), 200, "Cache-Control", cacheControl));
    assertEquals(
        Storability.STORABLE, check(get(), 200, "Cache-Control", cacheControl, "ETag", "\"a\""));
    assertEquals(
        Storability.STORABLE,
        check(get(), 200, "Cache-Control", cacheControl, "Last-Modified", date(0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"max-age=1", "max-age=0, stale-while-revalidate=1", "max-age=0, stale-if-error=1"})
  void whatMayBeUsedAtAllIsStored(String cacheControl) {
    assertEquals(Storability.STORABLE, check(get(), 200, "Cache-Control", cacheControl));
  }

  @ParameterizedTest(name = "{0} with graces of {1} ms and {2} ms: {3}")
  @CsvSource({
    "max-age=0, 0, 0, USELESS",
    "max-age=0, 1, 0, STORABLE",
    "max-age=0, 0, 1, STORABLE",
    "'max-age=0, stale-while-revalidate=0', 1000, 0, USELESS",
    "'max-age=0, stale-if-error=0', 0, 1000, USELESS"
  })
  void gracesOfTheSettingsMakeAResponseUseful(
      String cacheControl, int whileRevalidate, int ifError, Storability expected) {
    CacheSettings settings = graces(Duration.ofMillis(whileRevalidate), Duration.ofMillis(ifError));
    Answer answer = answer(get(), 200, "Cache-Control", cacheControl);
    assertEquals(expected, new CacheRules(settings).store(answer).storability());
  }

  @Test
  void thatAnOriginMayBeUnreachableOneDayMakesNoResponseUseful() {
    CacheRules rules = new CacheRules(staleIfUnreachable(Duration.ofDays(365)));
    Answer answer = answer(get(), 200, "Cache-Control", "max-age=0");
    assertEquals(Storability.USELESS, rules.store(answer).storability());
  }

  @Test
  void whatMayBeStoredComesWithTheDecision() {
    StoreDecision yes = RULES.store(answer(get(), 200, concat("Age", "1")));
    assertEquals(Storability.STORABLE, yes.storability());
    assertEquals("200 [Cache-Control, Date]", String.valueOf(yes.response()));
    assertNull(RULES.store(answer(get(), 200)).response());
    assertNull(RULES.store(answer(request("PUT"), 200, FRESH)).response());
  }

  @ParameterizedTest
  @CsvSource({
    "max-age=1, true",
    "no-store, false",
    "private, false",
    "'no-store, must-understand', true",
    "'private, must-understand', false"
  })
  void anUpdateMayForbidWhatWasAllowed(String cacheControl, boolean kept) {
    assertEquals(kept, RULES.mayKeep(Answers.stored("Cache-Control", cacheControl)));
  }

  @Test
  void anUpdateMayBringCookiesThatMayNotBeStored() {
    StoredResponse cookie = Answers.stored(concat("Set-Cookie", "a=b"));
    assertTrue(RULES.mayKeep(cookie));
    CacheRules without = new CacheRules(Answers.graces(Duration.ZERO, Duration.ZERO));
    assertFalse(without.mayKeep(cookie));
    assertTrue(without.mayKeep(Answers.stored(FRESH)));
  }

  @ParameterizedTest
  @CsvSource({
    "max-age=1, X-A, 1, true",
    "max-age=1, Content-Length, 0, true",
    "max-age=1, Content-Length, 1, false",
    "max-age=1, Transfer-Encoding, chunked, false",
    "max-age=1, Cache-Control, no-store, false",
    "max-age=1, Cache-Control, no-cache, true",
    "max-age=1, Authorization, Basic YTpi, false",
    "public, Authorization, Basic YTpi, true",
    "s-maxage=0, Authorization, Basic YTpi, true",
    "must-revalidate, Authorization, Basic YTpi, true"
  })
  void whatMayNotBeStoredUpdatesNothing(
      String directives, String field, String value, boolean updates) {
    StoredResponse stored = Answers.stored("Cache-Control", directives);
    assertEquals(updates, RULES.mayUpdate(stored, answer(get(field, value), 304, FRESH)));
    assertEquals(
        updates, RULES.mayUpdate(stored, answer(request("HEAD", field, value), 200, FRESH)));
  }

  @ParameterizedTest
  @CsvSource({
    "200, A, b, true",
    "206, A, b, true",
    "302, A, b, true",
    "401, A, b, true",
    "403, A, b, true",
    "404, A, b, true",
    "405, A, b, true",
    "410, A, b, true",
    "451, A, b, true",
    "304, A, b, false",
    "400, A, b, false",
    "412, A, b, false",
    "416, A, b, false",
    "429, A, b, false",
    "431, A, b, false",
    "500, A, b, false",
    "504, A, b, false",
    "404, Authorization, Basic YTpi, false",
    "404, Cache-Control, no-store, false",
    "404, Content-Length, 1, false"
  })
  void anAnswerAboutTheResourceShowsThatWhatIsStoredIsOutdated(
      int status, String field, String value, boolean outdated) {
    StoredResponse stored = Answers.stored("Cache-Control", "public, max-age=60");
    assertEquals(outdated, RULES.isOutdatedBy(stored, answer(get(field, value), status)));
  }

  @Test
  void anUpdateMayMakeAResponseUnselectable() {
    assertFalse(RULES.mayKeep(RULES.freshen(Answers.stored(FRESH), update("*"))));
    assertFalse(RULES.mayKeep(RULES.freshen(Answers.stored(FRESH), update("X-Forwarded-For"))));
    assertTrue(RULES.mayKeep(RULES.freshen(Answers.stored(FRESH), update("A"))));
    assertFalse(RULES.mayKeep(Answers.stored(concat("Vary", "*"))));
    assertTrue(RULES.mayKeep(Answers.stored(concat("Vary", "A"))));
  }

  private static Answer update(String vary) {
    return answer(get(), 304, "Vary", vary);
  }

  private static String[] concat(String name, String value) {
    return new String[] {FRESH[0], FRESH[1], name, value};
  }

  private static Storability check(RequestHead request, int status, String... fields) {
    return RULES.store(answer(request, status, fields)).storability();
  }
}
