package io.tidegate.core.cache;

import static io.tidegate.core.cache.Answers.NOW;
import static io.tidegate.core.cache.Answers.RULES;
import static io.tidegate.core.cache.Answers.after;
import static io.tidegate.core.cache.Answers.answer;
import static io.tidegate.core.cache.Answers.date;
import static io.tidegate.core.cache.Answers.decide;
import static io.tidegate.core.cache.Answers.get;
import static io.tidegate.core.cache.Answers.graces;
import static io.tidegate.core.cache.Answers.request;
import static io.tidegate.core.cache.Answers.store;
import static io.tidegate.core.cache.Answers.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tidegate.core.cache.CacheDecision.Allowance;
import io.tidegate.core.cache.CacheDecision.Complete;
import io.tidegate.core.cache.CacheDecision.Forward;
import io.tidegate.core.cache.CacheDecision.Fresh;
import io.tidegate.core.cache.CacheDecision.Stale;
import io.tidegate.core.cache.CacheDecision.Unsatisfied;
import io.tidegate.core.cache.CacheDecision.Validate;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestHead;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LookupTest {
  @Test
  void aFreshResponseIsUsedUntilItsAgeIsItsLifetime() {
    StoredResponse stored = stored("Cache-Control", "max-age=10", "Age", "3");
    assertEquals(new Fresh(stored, 3), decide(stored, 0));
    assertEquals(new Fresh(stored, 9), decide(stored, 6.999));
    assertInstanceOf(Validate.class, decide(stored, 7));
  }

  @Test
  void aClockThatGoesBackMakesNothingYounger() {
    StoredResponse stored = stored("Cache-Control", "max-age=10", "Age", "3");
    assertEquals(new Fresh(stored, 3), decide(stored, -100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "QUERY"})
  void someMethodsAreAnsweredFromTheStore(String method) {
    StoredResponse stored = stored("Cache-Control", "max-age=10");
    assertEquals(
        new Fresh(stored, 0),
        RULES.decide(request(method), CacheControl.NONE, List.of(stored), NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "M-SEARCH"})
  void otherMethodsAreForwarded(String method) {
    assertForward(
        CacheStatus.Forward.METHOD, request(method), stored("Cache-Control", "max-age=10"));
  }

  @Test
  void contentThatIsNoPartOfTheKeyIsForwarded() {
    StoredResponse stored = stored("Cache-Control", "max-age=10");
    assertForward(CacheStatus.Forward.REQUEST, get("Content-Length", "1"), stored);
    assertForward(CacheStatus.Forward.REQUEST, get("Transfer-Encoding", "chunked"), stored);
    assertInstanceOf(Fresh.class, decide(stored, 0, "Content-Length", "0"));
    assertInstanceOf(
        Fresh.class,
        RULES.decide(
            request("QUERY", "Content-Length", "1"), CacheControl.NONE, List.of(stored), NOW));
  }

  @ParameterizedTest
  @CsvSource({
    "If-Match, \"a\"",
    "If-Unmodified-Since, 'Mon, 15 Jun 2026 12:00:00 GMT'",
    "Cache-Control, no-store"
  })
  void whatOnlyTheOriginCanAnswerIsForwarded(String name, String value) {
    assertForward(
        CacheStatus.Forward.REQUEST, get(name, value), stored("Cache-Control", "max-age=10"));
  }

  @Test
  void nothingStoredIsAMiss() {
    assertEquals(
        new Forward(CacheStatus.Forward.URI_MISS, Conditions.NONE),
        RULES.decide(get(), CacheControl.NONE, List.of(), NOW));
  }

  @ParameterizedTest(name = "max-age=10 at {0} s with [{1}]: {2}")
  @CsvSource({
    "5, max-age=4, false",
    "5, max-age=5, true",
    "5.9, max-age=5, true",
    "5, max-age=0, false",
    "0, max-age=0, true",
    "5, max-age=x, false",
    "5, min-fresh=5, true",
    "5.001, min-fresh=5, false",
    "5, min-fresh=0, true",
    "5, min-fresh=x, true",
    "5, no-cache, false",
    "5, max-stale, true",
    "5, max-stale=1, true",
    "5, 'max-age=4, max-stale=100', false",
    "5, foo, true"
  })
  void aClientMayWantAFresherOne(double seconds, String cacheControl, boolean used) {
    StoredResponse stored = stored("Cache-Control", "max-age=10", "ETag", "\"a\"");
    CacheDecision decision = decide(stored, seconds, "Cache-Control", cacheControl);
    if (used) {
      assertEquals(new Fresh(stored, (long) seconds), decision);
    } else {
      Conditions conditions = new Conditions("\"a\"", null, true);
      assertEquals(new Validate(stored, CacheStatus.Forward.REQUEST, conditions), decision);
    }
  }

  @Test
  void pragmaIsHeardWhereThereIsNoCacheControl() {
    StoredResponse stored = stored("Cache-Control", "max-age=10");
    assertInstanceOf(Validate.class, decide(stored, 0, "Pragma", "no-cache"));
    assertInstanceOf(Fresh.class, decide(stored, 0, "Pragma", "x"));
  }

  @Test
  void aReloadDoesNotChangeWhatIsImmutable() {
    StoredResponse stored = stored("Cache-Control", "max-age=10, immutable");
    assertInstanceOf(Fresh.class, decide(stored, 5, "Cache-Control", "max-age=0"));
    assertInstanceOf(Validate.class, decide(stored, 5, "Cache-Control", "no-cache"));
    assertInstanceOf(Validate.class, decide(stored, 10, "Cache-Control", "max-age=0"));
    assertInstanceOf(
        Validate.class, decide(stored, 12, "Cache-Control", "max-age=5, max-stale=100"));
  }

  @Test
  void aResponseWithNoCacheIsValidatedEachTime() {
    StoredResponse stored = stored("Cache-Control", "max-age=10, no-cache", "ETag", "\"a\"");
    assertEquals(
        new Validate(stored, CacheStatus.Forward.STALE, new Conditions("\"a\"", null, true)),
        decide(stored, 0));
    assertInstanceOf(Validate.class, decide(stored, 20, "Cache-Control", "max-stale"));
  }

  @ParameterizedTest
  @CsvSource({"max-age=1, false", "'max-age=1, public', true"})
  void whatOneUserIsToldSaysNothingAboutWhatIsForAll(String directives, boolean asked) {
    StoredResponse stored = stored("Cache-Control", directives, "ETag", "\"a\"");
    Conditions ours = asked ? new Conditions("\"a\"", null, true) : Conditions.NONE;
    assertEquals(
        new Validate(stored, CacheStatus.Forward.STALE, ours),
        decide(stored, 5, "Authorization", "Basic YTpi"));
    assertEquals(
        new Stale(stored, 5, Allowance.MAX_STALE, ours),
        decide(stored, 5, "Authorization", "Basic YTpi", "Cache-Control", "max-stale"));
  }

  @Test
  void aStaleResponseIsValidatedByAllItsValidators() {
    StoredResponse stored =
        stored("Cache-Control", "max-age=1", "ETag", "W/\"a\"", "Last-Modified", date(-9));
    assertEquals(
        new Validate(stored, CacheStatus.Forward.STALE, new Conditions("W/\"a\"", date(-9), true)),
        decide(stored, 1));
  }

  @Test
  void aStaleResponseWithoutValidatorIsReplaced() {
    StoredResponse stored = stored("Cache-Control", "max-age=1", "ETag", "a", "Last-Modified", "b");
    assertFalse(stored.hasValidator());
    assertEquals(
        new Validate(stored, CacheStatus.Forward.STALE, Conditions.NONE),
        decide(stored, 1, "If-None-Match", "\"x\""));
  }

  @Test
  void theTagsOfTheClientAreAskedForBesideOurs() {
    StoredResponse stored =
        stored("Cache-Control", "max-age=1", "ETag", "\"a\"", "Last-Modified", date(-9));
    assertEquals(
        new Conditions("\"a\", \"b\", W/\"c\"", null, false),
        conditions(stored, "If-None-Match", "\"b\", x, \"a\", *", "If-None-Match", "W/\"c\""));
    Conditions ours = new Conditions("\"a\"", date(-9), true);
    assertEquals(ours, conditions(stored, "If-None-Match", "\"a\""));
    assertEquals(ours, conditions(stored, "If-None-Match", "*"));
    assertEquals(ours, conditions(stored, "If-Modified-Since", date(-5)));
  }

  @Test
  void ourDateTakesThePlaceOfTheConditionsOfTheClient() {
    StoredResponse stored = stored("Cache-Control", "max-age=1", "Last-Modified", date(-9));
    assertEquals(
        new Conditions(null, date(-9), true), conditions(stored, "If-None-Match", "\"b\""));
  }

  @Test
  void conditionsReplaceThoseOfTheRequest() {
    FieldEdits edits =
        new FieldEdits(Fields.of("If-None-Match", "\"x\"", "If-Modified-Since", date(-1)));
    Conditions.NONE.applyTo(edits);
    assertEquals("\"x\"", edits.first(FieldName.IF_NONE_MATCH));
    new Conditions("\"a\"", null, true).applyTo(edits);
    assertEquals("If-None-Match: \"a\"", text(edits));
    new Conditions(null, date(-9), true).applyTo(edits);
    assertEquals("If-Modified-Since: " + date(-9), text(edits));
    new Conditions("\"b\"", date(-9), true).applyTo(edits);
    assertEquals("If-None-Match: \"b\"; If-Modified-Since: " + date(-9), text(edits));
  }

  @ParameterizedTest(name = "{0} s with [{1}]: {2}")
  @CsvSource({
    "10, max-stale, MAX_STALE",
    "99999999, max-stale, MAX_STALE",
    "15, max-stale=5, MAX_STALE",
    "15.001, max-stale=5, ",
    "10, max-stale=0, ",
    "10, max-stale=x, ",
    "15, 'max-stale, max-age=15', MAX_STALE",
    "15, 'max-stale, max-age=14', ",
    "15, 'max-stale, no-cache', ",
    "15, 'max-stale, min-fresh=5', MAX_STALE",
    "15, '', "
  })
  void aClientMayTakeAStaleResponse(double seconds, String cacheControl, Allowance allowance) {
    assertAllowance(
        allowance, stored("Cache-Control", "max-age=10"), seconds, "Cache-Control", cacheControl);
  }

  @ParameterizedTest(name = "{0} s with [{1}]: {2}")
  @CsvSource({
    "10, '', WHILE_REVALIDATE",
    "15, '', WHILE_REVALIDATE",
    "15.001, '', ",
    "12, max-age=100, ",
    "12, min-fresh=0, ",
    "12, no-cache, ",
    "12, 'max-age=100, max-stale=1', WHILE_REVALIDATE",
    "12, 'max-age=11, max-stale=1', ",
    "12, max-stale=2, MAX_STALE"
  })
  void aResponseMayAllowItsUseWhileItIsValidated(
      double seconds, String cacheControl, Allowance allowance) {
    StoredResponse stored = stored("Cache-Control", "max-age=10, stale-while-revalidate=5");
    assertAllowance(allowance, stored, seconds, "Cache-Control", cacheControl);
  }

  @Test
  void aStaleResponseIsValidatedInTheBackgroundWithOurTagsOnly() {
    StoredResponse stored =
        stored("Cache-Control", "max-age=10, stale-while-revalidate=5", "ETag", "\"a\"");
    assertEquals(
        new Stale(stored, 12, Allowance.WHILE_REVALIDATE, new Conditions("\"a\"", null, true)),
        decide(stored, 12, "If-None-Match", "\"b\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "s-maxage=10", "no-cache"})
  void nothingOverrulesADirectiveAgainstStaleness(String directive) {
    String grace = "max-age=10, stale-while-revalidate=99, stale-if-error=99, ";
    StoredResponse stored = stored("Cache-Control", grace + directive);
    assertTrue(stored.isNeverUsedStale());
    CacheDecision decision = decide(stored, 12, "Cache-Control", "max-stale, stale-if-error=99");
    assertEquals(new Validate(stored, CacheStatus.Forward.STALE, Conditions.NONE), decision);
  }

  @Test
  void gracesOfTheSettingsCountWhereTheResponseHasNone() {
    CacheRules rules = new CacheRules(graces(Duration.ofSeconds(5), Duration.ZERO));
    StoredResponse plain = stored("Cache-Control", "max-age=10");
    assertInstanceOf(Stale.class, decideBy(rules, plain, 15));
    assertInstanceOf(Validate.class, decideBy(rules, plain, 15.001));
    StoredResponse own = stored("Cache-Control", "max-age=10, stale-while-revalidate=0");
    assertInstanceOf(Validate.class, decideBy(rules, own, 10));
  }

  @Test
  void onlyIfCachedIsAnsweredFromTheStoreOrNotAtAll() {
    StoredResponse stored = stored("Cache-Control", "max-age=10");
    String only = "only-if-cached";
    assertInstanceOf(Fresh.class, decide(stored, 0, "Cache-Control", only));
    assertInstanceOf(Stale.class, decide(stored, 12, "Cache-Control", only + ", max-stale"));
    assertInstanceOf(Unsatisfied.class, decide(stored, 12, "Cache-Control", only));
    assertInstanceOf(Unsatisfied.class, decide(stored, 0, "Cache-Control", only + ", no-cache"));
    CacheControl directives = CacheControl.ofRequest(Fields.of("Cache-Control", only));
    assertInstanceOf(Unsatisfied.class, RULES.decide(get(), directives, List.of(), NOW));
  }

  @Test
  void theMostRecentOfTheSelectedResponsesIsUsed() {
    StoredResponse old = variant("1", "Date", date(-3));
    StoredResponse recent = variant("1", "Date", date(-1));
    StoredResponse other = variant("2", "Date", date(0));
    for (List<StoredResponse> variants :
        List.of(List.of(old, recent, other), List.of(recent, old), List.of(other, recent))) {
      assertEquals(
          new Fresh(recent, 1), RULES.decide(get("Foo", "1"), CacheControl.NONE, variants, NOW));
    }
  }

  @Test
  void ofTwoOfOneSecondTheOneThatWasStoredLaterIsUsed() {
    StoredResponse earlier = variant("1");
    StoredResponse later = variant("1");
    CacheDecision decision =
        RULES.decide(get("Foo", "1"), CacheControl.NONE, List.of(later, earlier), NOW);
    assertSame(later, assertInstanceOf(Fresh.class, decision).stored());
  }

  @Test
  void whenNoneIsSelectedTheOriginMayNameOne() {
    StoredResponse a = variant("1", "ETag", "\"a\"");
    StoredResponse b = variant("2", "ETag", "\"b\"");
    StoredResponse none = variant("4");
    assertEquals(new Conditions("\"a\", \"b\"", null, false), varyMiss(List.of(a, b, none, a)));
    assertEquals(new Conditions("\"a\"", null, true), varyMiss(List.of(a)));
    assertEquals(new Conditions("\"a\"", null, false), varyMiss(List.of(a, none)));
    assertEquals(Conditions.NONE, varyMiss(List.of(none)));
    assertEquals(
        new Conditions("\"a\", \"x\"", null, false),
        varyMiss(List.of(a), "If-None-Match", "\"x\""));
    assertEquals(
        new Conditions("\"a\"", null, true), varyMiss(List.of(a), "If-None-Match", "\"a\""));
    assertEquals(Conditions.NONE, varyMiss(List.of(none), "If-None-Match", "\"x\""));
    assertEquals(Conditions.NONE, varyMiss(List.of(a), "If-Modified-Since", date(-1)));
    assertEquals(
        new Conditions("\"a\"", null, true),
        varyMiss(List.of(a), "If-Modified-Since", date(-1), "If-None-Match", "\"a\""));
  }

  @Test
  void aPartIsUsedForWhatItHolds() {
    StoredResponse part = part();
    assertEquals(new Fresh(part, 0), decide(part, 0, "Range", "bytes=5-6", "If-Range", "\"a\""));
    assertForward(
        CacheStatus.Forward.PARTIAL, get("Range", "bytes=5-6", "If-Range", "\"b\""), part);
    assertForward(
        CacheStatus.Forward.PARTIAL, get("Range", "bytes=5-6", "If-Range", date(-1)), part);
    assertForward(CacheStatus.Forward.PARTIAL, request("HEAD", "Range", "bytes=5-6"), part);
  }

  @ParameterizedTest(name = "{0}, and {1} is asked for")
  @CsvSource({
    "bytes 4-9/10, bytes=4-9, hit",
    "bytes 4-9/10, bytes=5-6, hit",
    "bytes 4-9/10, bytes=6-99, hit",
    "bytes 4-9/10, bytes=-6, hit",
    "bytes 4-9/10, bytes=3-6, 3-3",
    "bytes 4-9/10, bytes=-7, 3-3",
    "bytes 4-9/10, bytes=2-3, 2-3 only",
    "bytes 4-9/10, bytes=2-4, 2-3",
    "bytes 4-9/10, items=5-6, 0-3",
    "bytes 0-4/10, bytes=4-5, 5-5",
    "bytes 0-4/10, bytes=5-6, 5-6 only",
    "bytes 0-4/10, bytes=5-, 5- only",
    "bytes 0-4/10, bytes=4-, 5-",
    "bytes 0-4/10, bytes=0-9, 5-",
    "bytes 4-9/10, bytes=1-2, forward",
    "bytes 4-9/10, bytes=10-, forward",
    "bytes 4-9/10, bytes=-0, forward",
    "bytes 4-9/10, 'bytes=4-4,9-9', forward",
    "bytes 0-9/10, 'bytes=0-0,9-9', forward",
    "bytes 4-9/*, bytes=5-6, hit",
    "bytes 4-9/*, bytes=5-10, 10-10",
    "bytes 4-9/*, bytes=5-, forward",
    "bytes */10, bytes=5-6, forward",
    "bytes 4-9/9, bytes=5-6, forward",
    "bytes 0-4/8388608, bytes=0-, 5-",
    "bytes 0-799/1000, bytes=800-899, 800-899 only",
    "bytes 0-799/1000, bytes=0-898, forward",
    "bytes 0-798/1000, bytes=0-898, 799-898",
    "bytes 0-998/1000, bytes=0-, 999-",
    "bytes 0-4/8388609, bytes=0-, forward"
  })
  void aPartIsUsedForOneRangeOrCompletedToOne(String contentRange, String range, String decided) {
    StoredResponse part =
        store(answer(get(), 206, "Cache-Control", "max-age=10", "Content-Range", contentRange));
    CacheDecision decision = decide(part, 0, "Range", range);
    String only = decision instanceof Complete c && c.isAllThatIsWanted() ? " only" : "";
    assertEquals(
        decided,
        decision instanceof Complete complete
            ? complete.missing().text() + only
            : decision instanceof Fresh ? "hit" : "forward");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-None-Match | \"a\"",
        "If-Modified-Since | Mon, 15 Jun 2026 11:00:00 GMT",
        "If-Range | \"b\"",
        "Cache-Control | no-cache"
      })
  void aPartIsNotCompletedForOneWhoAsksForMore(String field, String value) {
    assertForward(CacheStatus.Forward.PARTIAL, get(field, value), part());
  }

  @Test
  void aPartIsCompletedForAQueryAndNotForHead() {
    CacheDecision decision =
        RULES.decide(request("QUERY"), CacheControl.NONE, List.of(part()), NOW);
    assertEquals(new ByteRange(0, 3), ((Complete) decision).missing());
    assertForward(CacheStatus.Forward.PARTIAL, request("HEAD"), part());
  }

  @Test
  void aPartIsCompletedIfItIsStaleAsWell() {
    Complete completed = new Complete(part(), new ByteRange(0, 3), false);
    assertEquals(completed.missing(), ((Complete) decide(part(), 99)).missing());
    assertInstanceOf(Unsatisfied.class, decide(part(), 0, "Cache-Control", "only-if-cached"));
  }

  private static StoredResponse part() {
    return store(
        answer(
            get(),
            206,
            "Cache-Control",
            "max-age=10",
            "Content-Range",
            "bytes 4-9/10",
            "ETag",
            "\"a\""));
  }

  @Test
  void aPartWithTooFewOctetsIsNotCompleted() {
    String[] fields = {
      "Cache-Control", "max-age=10", "Content-Range", "bytes 4-9/10", "Content-Length", "5"
    };
    StoredResponse doubtful = store(answer(get(), 206, fields));
    assertEquals(new Fresh(doubtful, 0), decide(doubtful, 0, "Range", "bytes=-1"));
    assertForward(CacheStatus.Forward.PARTIAL, get(), doubtful);
  }

  @Test
  void aWeakTagDoesNotHoldPartsTogether() {
    StoredResponse part =
        store(
            answer(
                get(),
                206,
                "Cache-Control",
                "max-age=10",
                "Content-Range",
                "bytes 4-9/10",
                "ETag",
                "W/\"a\""));
    assertForward(
        CacheStatus.Forward.PARTIAL, get("Range", "bytes=5-6", "If-Range", "W/\"a\""), part);
  }

  @Test
  void aPartThatDoesNotSayWhichIsUsedForNothing() {
    StoredResponse part = store(answer(get(), 206, "Cache-Control", "max-age=10"));
    assertForward(CacheStatus.Forward.PARTIAL, get("Range", "bytes=5-6"), part);
  }

  @Test
  void aPartIsNotAskedForWhereNoneIsSelected() {
    StoredResponse part =
        store(
            answer(
                get(),
                206,
                "Cache-Control",
                "max-age=10",
                "Content-Range",
                "bytes 4-9/10",
                "ETag",
                "\"a\"",
                "Vary",
                "Foo"));
    assertEquals(Conditions.NONE, varyMiss(List.of(part)));
  }

  @Test
  void aRangeOfACompleteResponseIsUsed() {
    assertInstanceOf(
        Fresh.class, decide(stored("Cache-Control", "max-age=10"), 0, "Range", "bytes=0-1"));
  }

  @Test
  void aPlainHitMakesNoObjectButTheDecision() {
    RequestHead request = get("Host", "a", "User-Agent", "b", "Accept", "c");
    List<StoredResponse> variants = List.of(stored("Cache-Control", "max-age=10"));
    for (int i = 0; i < 20_000; i++) {
      assertNotNull(RULES.decide(request, CacheControl.NONE, variants, NOW));
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100_000; i++) {
      RULES.decide(request, CacheControl.NONE, variants, NOW);
    }
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / 100_000;
    assertTrue(each <= 32, each + " octets");
  }

  private static StoredResponse variant(String foo, String... fields) {
    String[] all = new String[fields.length + 4];
    System.arraycopy(fields, 0, all, 4, fields.length);
    all[0] = "Vary";
    all[1] = "Foo";
    all[2] = "Cache-Control";
    all[3] = "max-age=10";
    return store(answer(get("Foo", foo), 200, all));
  }

  private static Conditions varyMiss(List<StoredResponse> variants, String... fields) {
    Forward forward =
        assertInstanceOf(
            Forward.class,
            RULES.decide(
                request("GET", concat(fields, "Foo", "3")), CacheControl.NONE, variants, NOW));
    assertEquals(CacheStatus.Forward.VARY_MISS, forward.reason());
    return forward.conditions();
  }

  private static String[] concat(String[] fields, String... more) {
    String[] all = Arrays.copyOf(fields, fields.length + more.length);
    System.arraycopy(more, 0, all, fields.length, more.length);
    return all;
  }

  private static Conditions conditions(StoredResponse stored, String... fields) {
    return assertInstanceOf(Validate.class, decide(stored, 1, fields)).conditions();
  }

  private static CacheDecision decideBy(CacheRules rules, StoredResponse stored, double seconds) {
    return rules.decide(get(), CacheControl.NONE, List.of(stored), after(seconds));
  }

  private static void assertAllowance(
      Allowance allowance, StoredResponse stored, double seconds, String... fields) {
    CacheDecision decision = decide(stored, seconds, fields);
    if (allowance == null) {
      assertInstanceOf(Validate.class, decision);
    } else {
      assertEquals(new Stale(stored, (long) seconds, allowance, Conditions.NONE), decision);
    }
  }

  private static void assertForward(
      CacheStatus.Forward reason, RequestHead request, StoredResponse stored) {
    CacheControl directives = CacheControl.ofRequest(request.fields());
    assertEquals(
        new Forward(reason, Conditions.NONE),
        RULES.decide(request, directives, List.of(stored), NOW));
  }

  private static String text(FieldEdits edits) {
    Fields fields = edits.toFields();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      text.append(i == 0 ? "" : "; ").append(fields.name(i)).append(": ").append(fields.value(i));
    }
    return text.toString();
  }
}
