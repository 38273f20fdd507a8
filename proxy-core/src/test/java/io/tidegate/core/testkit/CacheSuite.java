package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.CacheBuilder;
import io.tidegate.core.HttpCache;
import io.tidegate.core.spi.Stage;
import io.tidegate.core.testkit.RawResponse.Framing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shared cache (RFC 9111): what is served from it, what is asked again, what is never kept. */
public abstract class CacheSuite extends CachedSuite {
  private final Semaphore passedOn = new Semaphore(0);

  /** The suite for one direction. */
  protected CacheSuite(Side side) {
    super(side);
  }

  @BeforeEach
  void startWithCache() {
    caching(cache -> {});
  }

  // Served

  @Test
  void aFreshResponseIsServedWithoutAskingAgain() throws Exception {
    origin()
        .respond(
            response("hello", FRESH, "ETag: \"1\"", "Content-Type: text/x", "X-A: 1 / X-A: 2"));
    RawResponse first = ask(get("/"));
    assertAnswer("hello", first);
    assertEquals(NAME + ";fwd=uri-miss;stored", status(first));
    for (int i = 0; i < 3; i++) {
      RawResponse hit = ask(get("/"));
      assertHit("hello", hit);
      assertEquals(Framing.LENGTH, hit.framing());
      assertEquals(List.of("1", "2"), hit.all("X-A"));
      for (String same : List.of("ETag", "Content-Type", "Cache-Control", "Date", "Via")) {
        assertEquals(first.field(same), hit.field(same));
      }
    }
    assertAsked(1);
  }

  @Test
  void aResponseHasTheAgeItCameWithAndMore() throws Exception {
    origin().respond(response("ok", FRESH, "Age: 10"));
    ask(get("/"));
    int age = Integer.parseInt(String.valueOf(ask(get("/")).field("Age")));
    assertTrue(age >= 10 && age < 30, () -> "Age: " + age);
  }

  @Test
  void aHeadRequestIsAnsweredFromTheResponseToGet() throws Exception {
    origin().respond(response("hello", FRESH));
    ask(get("/"));
    RawResponse response = ask(request("HEAD", "/"));
    assertHit("", response);
    assertEquals("5", response.field("Content-Length"));
    assertAsked(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "close", "http/1.0"})
  void aResponseOfUnknownLengthIsStoredAndServedWithItsLength(String framing) throws Exception {
    origin()
        .onRequest(
            c -> {
              if (framing.equals("chunked")) {
                c.send(head("HTTP/1.1 200 OK", FRESH, "Transfer-Encoding: chunked"));
                c.send(chunked("hel", "lo"));
              } else {
                c.send(
                    head(framing.equals("close") ? "HTTP/1.1 200 OK" : "HTTP/1.0 200 OK", FRESH));
                c.send("hello");
                c.close();
              }
            });
    assertAnswer("hello", ask(get("/")));
    RawResponse second = ask(get("/"));
    assertHit("hello", second);
    assertEquals("5", second.field("Content-Length"));
    assertAsked(1);
  }

  @ParameterizedTest
  @CsvSource({
    "204, HTTP/1.1 204 No Content",
    "200, HTTP/1.1 200 OK / Content-Length: 0",
    "404, HTTP/1.1 404 Not Found / Content-Length: 0",
    "301, HTTP/1.1 301 Moved / Location: /x / Content-Length: 0"
  })
  void aResponseWithoutContentIsStored(int status, String head) throws Exception {
    origin().respond(head(lines(head + " / " + FRESH)));
    ask(get("/"));
    RawResponse second = ask(get("/"));
    assertEquals(status, second.status());
    assertEquals("", second.text());
    assertTrue(status(second).startsWith(NAME + ";hit"));
    assertAsked(1);
  }

  @Test
  void anOlderClientIsServedToo() throws Exception {
    origin().respond(response("hello", FRESH));
    ask(get("/"));
    RawResponse response = ask(request10("GET", "/"));
    assertHit("hello", response);
    assertEquals(Framing.LENGTH, response.framing());
    assertAsked(1);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderWhoeverAnswersThem() throws Exception {
    origin().onRequest(now(response("stored", FRESH)), later(ok("asked")));
    ask(get("/stored"));
    RawClient client = client();
    client.send(get("/stored") + get("/asked") + get("/stored"));
    assertHit("stored", client.readResponse());
    release.countDown();
    assertAnswer("asked", client.readResponse());
    assertHit("stored", client.readResponse());
    assertAsked(2);
  }

  @Test
  void aStoredResponseAnnouncesNoTrailers() throws Exception {
    origin()
        .respond(
            head("HTTP/1.1 200 OK", FRESH, "Trailer: X-T", "Transfer-Encoding: chunked")
                + "2\r\nok\r\n0\r\nX-T: 1\r\n\r\n");
    ask(get("/"));
    RawResponse second = ask(get("/"));
    assertHit("ok", second);
    assertNull(second.field("Trailer"));
  }

  // What the client has, and what it wants of it

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "304 | If-None-Match: \"1\"",
        "304 | If-None-Match: \"0\", W/\"1\"",
        "304 | If-None-Match: *",
        "200 | If-None-Match: \"2\"",
        "304 | If-Modified-Since: Sun, 01 Jun 2025 00:00:00 GMT",
        "200 | If-Modified-Since: Sat, 31 May 2025 00:00:00 GMT",
        "200 | If-None-Match: \"2\" / If-Modified-Since: Sun, 01 Jun 2025 00:00:00 GMT"
      })
  void theConditionsOfAClientAreEvaluated(int expected, String fields) throws Exception {
    origin().respond(response("hello", FRESH, "ETag: \"1\"", MODIFIED, "Content-Type: text/x"));
    ask(get("/"));
    RawResponse response = ask(request("GET", "/", lines(fields)));
    assertEquals(expected, response.status());
    assertEquals("\"1\"", response.field("ETag"));
    assertEquals(expected == 304 ? null : "text/x", response.field("Content-Type"));
    assertEquals(expected == 304 ? "" : "hello", response.text());
    assertAsked(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "206 | bytes=2-4            | bytes 2-4/10 | 234",
        "206 | bytes=7-             | bytes 7-9/10 | 789",
        "206 | bytes=-3             | bytes 7-9/10 | 789",
        "206 | bytes=5-99           | bytes 5-9/10 | 56789",
        "206 | bytes=0-0,2-2        | bytes 0-2/10 | 012",
        "416 | bytes=10-            | bytes */10   | ''",
        "200 | bytes=4-2            |              | 0123456789",
        "200 | items=2-4            |              | 0123456789",
        "206 | bytes=2-4 / If-Range: \"1\" | bytes 2-4/10 | 234",
        "200 | bytes=2-4 / If-Range: \"2\" |       | 0123456789"
      })
  void aPartIsServedFromTheWhole(int expected, String range, String contentRange, String content)
      throws Exception {
    origin().respond(response("0123456789", FRESH, "ETag: \"1\""));
    ask(get("/"));
    RawResponse response = ask(request("GET", "/", lines("Range: " + range)));
    assertEquals(expected, response.status());
    assertEquals(contentRange, response.field("Content-Range"));
    assertEquals(content, response.text());
    assertTrue(response.complete());
    assertAsked(1);
  }

  @Test
  void aPartThatTheOriginSendsIsNotTakenForTheWhole() throws Exception {
    origin()
        .respond(
            head(
                    "HTTP/1.1 206 Partial Content",
                    FRESH,
                    "ETag: \"1\"",
                    "Content-Range: bytes 2-4/10",
                    "Content-Length: 3")
                + "234",
            response("0123456789", FRESH, "ETag: \"1\""));
    assertEquals("234", ask(request("GET", "/", "Range: bytes=2-4")).text());
    assertAnswer("0123456789", ask(get("/")));
    assertAsked(2);
  }

  @Test
  void aClientThatWantsAStoredResponseOrNoneGetsNone() throws Exception {
    RawResponse response = ask(request("GET", "/", "Cache-Control: only-if-cached"));
    assertFailure(504, "http_request_error", response);
    assertNothingForwarded();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Cache-Control: max-age=0", "Cache-Control: no-cache", "Pragma: no-cache"})
  void aClientThatWantsANewerResponseHasTheStoredOneValidated(String field) throws Exception {
    origin().respond(response("hello", FRESH, "ETag: \"1\"", "Age: 1"), notModified("ETag: \"1\""));
    ask(get("/"));
    assertAnswer("hello", ask(request("GET", "/", field)));
    assertEquals("\"1\"", origin().lastRequest().field("If-None-Match"));
    assertAsked(2);
  }

  // Validated

  @Test
  void aStaleResponseThatTheOriginSaysIsGoodIsFreshAgain() throws Exception {
    origin()
        .respond(
            response("hello", STALE, "ETag: \"1\"", "X-Old: 1", "X-New: 0"),
            notModified(FRESH, "ETag: \"1\"", "X-New: 1"));
    ask(get("/"));
    RawResponse validated = ask(get("/"));
    assertAnswer("hello", validated);
    assertTrue(status(validated).startsWith(NAME + ";fwd=stale;fwd-status=304"));
    assertEquals("\"1\"", origin().lastRequest().field("If-None-Match"));
    RawResponse hit = ask(get("/"));
    assertHit("hello", hit);
    assertEquals("1", hit.field("X-Old"));
    assertEquals("1", hit.field("X-New"));
    assertAsked(2);
  }

  @Test
  void aStaleResponseIsReplacedByANewerOne() throws Exception {
    origin().respond(response("old", STALE, "ETag: \"1\""), response("new", FRESH, "ETag: \"2\""));
    ask(get("/"));
    assertAnswer("new", ask(get("/")));
    assertHit("new", ask(get("/")));
    assertAsked(2);
  }

  @Test
  void aValidatedResponseIsNoAnswerToAClientThatHasItAlready() throws Exception {
    origin().respond(response("hello", STALE, "ETag: \"1\""), notModified(FRESH, "ETag: \"1\""));
    ask(get("/"));
    assertEquals(304, ask(request("GET", "/", "If-None-Match: \"1\"")).status());
    assertHit("hello", ask(get("/")));
  }

  @Test
  void aNotModifiedResponseToTheClientsOwnConditionIsPassedOn() throws Exception {
    origin().respond(notModified("ETag: \"7\""));
    RawResponse response = ask(request("GET", "/", "If-None-Match: \"7\""));
    assertEquals(304, response.status());
    assertEquals("\"7\"", response.field("ETag"));
  }

  @Test
  void aResponseForgottenWhileItIsValidatedIsAskedForAgain() throws Exception {
    origin()
        .onRequest(
            now(response("old", STALE, "ETag: \"1\"")),
            later(notModified("ETag: \"1\"")),
            now(ok("posted")),
            now(response("new", FRESH)));
    ask(get("/"));
    RawClient client = client();
    client.send(get("/"));
    origin().awaitHeads(2);
    assertAnswer("posted", ask(request("POST", "/")));
    release.countDown();
    assertAnswer("new", client.readResponse());
    assertNull(origin().lastRequest().field("If-None-Match"));
  }

  /** What an origin says of a file that any site may read: the tag is the same for all. */
  private static String[] shared(String origin, String freshness) {
    return new String[] {
      freshness, "ETag: \"1\"", "Vary: Origin", "Access-Control-Allow-Origin: " + origin
    };
  }

  private RawResponse askFrom(String origin, String... fields) throws Exception {
    List<String> all = new ArrayList<>(List.of(fields));
    all.add("Origin: " + origin);
    return ask(request("GET", "/", all.toArray(String[]::new)));
  }

  private static void assertAllows(String origin, RawResponse response) {
    assertEquals(List.of(origin), response.all("Access-Control-Allow-Origin"));
  }

  @Test
  void whatIsValidatedForOneRequestChangesNothingForThoseThatSelectAnother() throws Exception {
    origin()
        .respond(
            response("hello", shared("a", STALE)),
            response("hello", shared("b", STALE)),
            notModified(shared("b", FRESH)),
            notModified(shared("a", FRESH)));
    askFrom("a");
    askFrom("b");
    assertAllows("b", askFrom("b"));
    assertAllows("a", askFrom("a"));
    assertAllows("b", askFrom("b"));
    assertAsked(4);
  }

  @Test
  void aPartForOthersIsNoAnswerToOneWhoseResponseIsValidated() throws Exception {
    String part =
        response(206, "01234", shared("a", FRESH))
            .replace("Vary", "Content-Range: bytes 0-4/10\r\nVary");
    origin()
        .respond(part, response("0123456789", shared("b", STALE)), notModified(shared("b", FRESH)));
    assertEquals("01234", askFrom("a", "Range: bytes=0-4").text());
    assertAnswer("0123456789", askFrom("b"));
    assertAnswer("0123456789", askFrom("b"));
    RawResponse again = askFrom("a", "Range: bytes=0-4");
    assertEquals("01234", again.text());
    assertAllows("a", again);
    assertAsked(3);
  }

  @Test
  void aResponseToOthersThatTheOriginNamesIsFromThenOnForBoth() throws Exception {
    origin().respond(response("hello", shared("a", FRESH)), notModified(shared("b", FRESH)));
    askFrom("a");
    RawResponse named = askFrom("b");
    assertAnswer("hello", named);
    assertAllows("b", named);
    assertTrue(status(named).startsWith(NAME + ";fwd=vary-miss;fwd-status=304"));
    for (String each : List.of("a", "b", "a")) {
      RawResponse hit = askFrom(each);
      assertHit("hello", hit);
      assertAllows(each, hit);
    }
    assertAsked(2);
  }

  @Test
  void aResponseToOthersThatTheOriginNamesButLetsNobodyKeepIsAskedFor() throws Exception {
    origin()
        .respond(
            response("hello", shared("a", FRESH)),
            notModified(shared("b", "Cache-Control: private")),
            response("mine", shared("b", "Cache-Control: private")));
    askFrom("a");
    assertAnswer("mine", askFrom("b"));
    assertHit("hello", askFrom("a"));
    assertAsked(3);
  }

  @Test
  void aDateDoesNotSayWhichOfSeveralResponsesToOthersIsMeant() throws Exception {
    String[] en = {FRESH, MODIFIED, "Vary: Accept-Language", "ETag: \"en\""};
    String[] de = {FRESH, MODIFIED, "Vary: Accept-Language", "ETag: \"de\""};
    origin()
        .respond(
            response("hello", en), response("hallo", de), notModified(MODIFIED), response("salut"));
    ask(request("GET", "/", "Accept-Language: en"));
    ask(request("GET", "/", "Accept-Language: de"));
    assertAnswer("salut", ask(request("GET", "/", "Accept-Language: fr")));
  }

  @Test
  void aConditionOfTheClientSaysNothingAboutResponsesToOthers() throws Exception {
    String unmodified = "If-" + MODIFIED.replace("Last-Modified", "Modified-Since");
    origin().respond(response("hello", FRESH, "Vary: Accept-Language"), notModified(FRESH));
    ask(request("GET", "/", "Accept-Language: en"));
    assertEquals(304, ask(request("GET", "/", "Accept-Language: fr", unmodified)).status());
  }

  @Test
  void aPartForOthersIsNoAnswerToOneWhoHasTheWhole() throws Exception {
    String part =
        response(206, "01234", shared("a", FRESH))
            .replace("Vary", "Content-Range: bytes 0-4/10\r\nVary");
    origin().respond(part, notModified(shared("b", FRESH)));
    askFrom("a", "Range: bytes=0-4");
    RawResponse same = askFrom("b", "If-None-Match: \"1\"");
    assertEquals(304, same.status());
    assertAllows("b", same);
    RawResponse again = askFrom("a", "Range: bytes=0-4");
    assertEquals("01234", again.text());
    assertAllows("a", again);
  }

  @Test
  void aNotModifiedResponseAboutSomethingElseIsNoAnswer() throws Exception {
    origin()
        .respond(
            response("old", STALE, "ETag: \"1\""), notModified("ETag: \"2\""), response("new"));
    ask(get("/"));
    assertAnswer("new", ask(get("/")));
    assertAsked(3);
  }

  @Test
  void aNotModifiedResponseAboutWhatTheClientDoesNotHaveIsNoAnswer() throws Exception {
    origin()
        .respond(
            response("old", STALE, "ETag: \"1\""), notModified("ETag: \"2\""), response("new"));
    ask(get("/"));
    assertAnswer("new", ask(request("GET", "/", "If-None-Match: \"3\"")));
    assertEquals("\"3\"", origin().lastRequest().field("If-None-Match"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"private, max-age=60", "no-store"})
  void aResponseThatMayNotBeKeptAnyMoreIsAskedForAgain(String directives) throws Exception {
    origin()
        .respond(
            response("old", STALE, "ETag: \"1\""),
            notModified("ETag: \"1\"", "Cache-Control: " + directives),
            response("mine", "Cache-Control: " + directives),
            response("yours"));
    ask(get("/"));
    assertAnswer("mine", ask(get("/")));
    assertAnswer("yours", ask(get("/")));
    assertNull(origin().lastRequest().field("If-None-Match"));
  }

  @ParameterizedTest
  @CsvSource({
    "404, X-No: freshness, true",
    "410, Cache-Control: no-store, true",
    "403, Cache-Control: no-store, true",
    "302, Location: /login, true",
    "200, 'Cache-Control: private, max-age=60', true",
    "200, 'Cache-Control: max-age=60 / Vary: *', true",
    "400, X-Is: about the request, false",
    "429, Retry-After: 9, false",
    "500, X-Is: an error, false"
  })
  void whatAStaleResponseHasGivenWayToIsNotReplacedByItLater(
      int status, String fields, boolean gone) throws Exception {
    origin()
        .onRequest(
            now(response("old", STALE, "ETag: \"1\"")),
            now(response(status, "now", fields)),
            OriginConnection::close);
    ask(get("/"));
    assertEquals("now", ask(get("/")).text());
    RawResponse unreachable = ask(get("/"));
    if (gone) {
      assertFailure(502, "connection_terminated", unreachable);
    } else {
      assertHit("old", unreachable);
    }
  }

  @Test
  void whatIsGoneIsNoLongerUsedWhileItIsFetched() throws Exception {
    Semaphore completed = new Semaphore(0);
    start(p -> p.listener(onEntering(Stage.COMPLETE, completed)).cache(c -> {}));
    origin()
        .respond(
            response("old", "Age: 100", "Cache-Control: max-age=50, stale-while-revalidate=1000"),
            response(404, "gone"));
    ask(get("/"));
    assertHit("old", ask(get("/")));
    acquire(completed, 3); // two clients and our own request
    assertEquals("gone", ask(get("/")).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization: Basic YTpi", "Cache-Control: no-store"})
  void whatOneUserIsToldTakesNothingFromOthers(String field) throws Exception {
    origin()
        .onRequest(
            now(response("old", STALE, "ETag: \"1\"")),
            now(response(404, "gone")),
            OriginConnection::close);
    ask(get("/"));
    assertEquals("gone", ask(request("GET", "/", field)).text());
    assertHit("old", ask(get("/")));
  }

  @Test
  void aFreshResponseDoesNotGoBecauseOneClientReloadsIt() throws Exception {
    origin().respond(response("old", FRESH, "Age: 1"), response(404, "gone"));
    ask(get("/"));
    assertEquals("gone", ask(request("GET", "/", "Cache-Control: no-cache")).text());
    assertHit("old", ask(get("/")));
  }

  // Stale

  @ParameterizedTest
  @CsvSource({
    "200, max-age=50",
    "502, 'max-age=50, must-revalidate'",
    "502, 'max-age=50, proxy-revalidate'",
    "502, s-maxage=50",
    "502, no-cache"
  })
  void aStaleResponseIsBetterThanNoneUnlessItForbidsThat(int expected, String directives)
      throws Exception {
    String fields = "Age: 100 / ETag: \"1\" / Cache-Control: " + directives;
    origin().onRequest(now(response("old", fields)), OriginConnection::close);
    ask(get("/"));
    RawResponse response = ask(get("/"));
    if (expected == 200) {
      assertHit("old", response);
    } else {
      assertFailure(expected, "connection_terminated", response);
    }
  }

  @Test
  void anOriginThatCannotBeConnectedToIsMadeUpForAsWell() throws Exception {
    origin().respond(response("old", STALE, "ETag: \"1\"", "Connection: close"));
    ask(get("/"));
    origin().close();
    assertHit("old", ask(get("/")));
  }

  @Test
  void aResponseForgottenMeanwhileMakesUpForNothing() throws Exception {
    origin()
        .onRequest(
            now(response("old", STALE, "ETag: \"1\"")),
            later("nonsense\r\n\r\n"),
            now(ok("posted")));
    ask(get("/"));
    RawClient client = client();
    client.send(get("/"));
    origin().awaitHeads(2);
    assertAnswer("posted", ask(request("POST", "/")));
    release.countDown();
    assertTrue(client.readResponse().status() >= 500);
  }

  @ParameterizedTest
  @CsvSource({
    "200, 'max-age=50, stale-if-error=1000', 500",
    "200, 'max-age=50, stale-if-error=1000', 503",
    "503, 'max-age=50, stale-if-error=10', 503",
    "503, max-age=50, 503",
    "404, 'max-age=50, stale-if-error=1000', 404"
  })
  void aStaleResponseMayBeBetterThanAnError(int expected, String directives, int answer)
      throws Exception {
    String fields = "Age: 100 / ETag: \"1\" / Cache-Control: " + directives;
    origin()
        .respond(response("old", fields), head("HTTP/1.1 " + answer + " No", "Content-Length: 0"));
    ask(get("/"));
    RawResponse response = ask(get("/"));
    assertEquals(expected, response.status());
    assertEquals(expected == 200 ? "old" : "", response.text());
  }

  @Test
  void aStaleResponseIsServedWhileANewOneIsFetched() throws Exception {
    Semaphore completed = new Semaphore(0);
    start(p -> p.listener(onEntering(Stage.COMPLETE, completed)).cache(c -> {}));
    origin()
        .onRequest(
            now(
                response(
                    "old",
                    "Age: 100 / ETag: \"1\"",
                    "Cache-Control: max-age=50, stale-while-revalidate=1000")),
            later(response("new", FRESH)));
    ask(get("/"));
    for (int i = 0; i < 3; i++) {
      assertHit("old", ask(request("GET", "/", "Range: bytes=0-2", "If-Range: \"2\"")));
    }
    RawHead own = RawHead.parse(origin().awaitHeads(2).get(1));
    assertEquals("\"1\"", own.field("If-None-Match"));
    assertNull(own.field("Range"));
    release.countDown();
    acquire(completed, 5); // four clients and our own request
    assertHit("new", ask(get("/")));
    assertAsked(2);
  }

  // Not stored

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cache-Control: no-store, max-age=60",
        "Cache-Control: private, max-age=60",
        "Cache-Control: max-age=60 / Vary: *",
        "Cache-Control: max-age=0",
        "X-No: freshness",
        "Expires: 0"
      })
  void whatMayNotBeUsedAgainIsNotStored(String fields) throws Exception {
    origin().respond(response("1", fields), response("2", fields));
    assertAnswer("1", ask(get("/")));
    assertAnswer("2", ask(get("/")));
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 302, 400, 403, 404, 500, 502, 503})
  void aStatusWithoutFreshnessIsNotStored(int status) throws Exception {
    String line = "HTTP/1.1 " + status + " Some";
    origin().respond(head(line, "Content-Length: 1") + "1", head(line, "Content-Length: 1") + "2");
    assertEquals("1", ask(get("/")).text());
    assertEquals("2", ask(get("/")).text());
  }

  @ParameterizedTest
  @CsvSource({
    "2, Authorization: Basic YTpi, max-age=60",
    "1, Authorization: Basic YTpi, 'max-age=60, public'",
    "1, Authorization: Basic YTpi, s-maxage=60",
    "2, Cache-Control: no-store, max-age=60",
    "1, Cookie: a=b, max-age=60"
  })
  void theRequestMayForbidStoring(int asked, String field, String directives) throws Exception {
    origin().respond(response("ok", "Cache-Control: " + directives));
    ask(request("GET", "/", field));
    assertAnswer("ok", ask(get("/")));
    assertAsked(asked);
  }

  @Test
  void cookiesAreStoredUnlessThatIsForbidden() throws Exception {
    origin().respond(response("ok", FRESH, "Set-Cookie: a=b"));
    ask(get("/"));
    assertEquals("a=b", ask(get("/")).field("Set-Cookie"));
    assertAsked(1);
    caching(CacheBuilder::noSetCookie);
    ask(get("/"));
    assertEquals("a=b", ask(get("/")).field("Set-Cookie"));
    assertAsked(3);
  }

  @Test
  void cookiesAreNotStoredWithAResponseThatNobodyHasCalledFresh() throws Exception {
    origin().respond(response("ok", MODIFIED, "Set-Cookie: a=b"));
    assertEquals("a=b", ask(get("/")).field("Set-Cookie"));
    ask(get("/"));
    assertAsked(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"private", "no-cache"})
  void fieldsForOneClientReachThatOneAndNoOther(String directive) throws Exception {
    String named = "Cache-Control: max-age=60, " + directive + "=\"Set-Cookie\"";
    origin()
        .respond(
            response("ok", named, "ETag: \"1\"", "Set-Cookie: a=1", "Set-Cookie: b=1"),
            notModified(named, "ETag: \"1\"", "Set-Cookie: a=2"));
    assertEquals(List.of("a=1", "b=1"), ask(get("/")).all("Set-Cookie"));
    for (int i = 0; i < 2; i++) {
      RawResponse hit = ask(get("/"));
      assertHit("ok", hit);
      assertNull(hit.field("Set-Cookie"));
    }
    RawResponse validated = ask(request("GET", "/", "Cache-Control: no-cache"));
    assertAnswer("ok", validated);
    assertEquals(List.of("a=2"), validated.all("Set-Cookie"));
    assertNull(ask(get("/")).field("Set-Cookie"));
    assertAsked(2);
  }

  @Test
  void connectionSpecificFieldsAreNotStored() throws Exception {
    origin().respond(response("ok", FRESH, "Connection: X-Hop", "X-Hop: 1", "Keep-Alive: x"));
    ask(get("/"));
    RawResponse response = ask(get("/"));
    assertHit("ok", response);
    for (String gone : List.of("X-Hop", "Keep-Alive", "Connection")) {
      assertNull(response.field(gone));
    }
  }

  @Test
  void contentThatBreaksOffIsNotStored() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", FRESH, "Content-Length: 10") + "half");
              c.close();
            },
            now(response("whole", FRESH)));
    assertFalse(ask(get("/")).complete());
    assertAnswer("whole", ask(get("/")));
    assertAsked(2);
  }

  @Test
  void aResponseThatIsTooLongIsPassedOnAndNotStored() throws Exception {
    try (HttpCache cache = HttpCache.inMemory(800_000)) {
      start(p -> p.cache(cache));
      String content = Messages.text(random(2_000_000));
      String start = content.substring(0, 1_000_000);
      String rest = content.substring(1_000_000);
      origin()
          .respond(
              response(content, FRESH),
              head("HTTP/1.1 200 OK", FRESH, "Transfer-Encoding: chunked") + chunked(start, rest));
      for (int i = 0; i < 3; i++) {
        assertAnswer(content, ask(get("/")));
        assertEquals(0, cache.entries());
      }
      assertAsked(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 10", "Transfer-Encoding: chunked"})
  void aResponseThatTheCacheHasNoRoomForIsPassedOnAsItComes(String framing) throws Exception {
    boolean chunked = framing.contains("chunked");
    try (HttpCache cache = HttpCache.inMemory(1000)) {
      start(p -> p.cache(cache));
      origin()
          .onRequest(
              c -> {
                c.send(head("HTTP/1.1 200 OK", FRESH, framing));
                c.send(chunked ? "5\r\nfirst\r\n" : "first");
                acquire(passedOn, 1);
                c.send(chunked ? "5\r\nlater\r\n0\r\n\r\n" : "later");
              });
      for (int i = 0; i < 3; i++) {
        RawClient client = client();
        client.send(request10("GET", "/")); // who gets no chunks
        client.readHead();
        assertEquals("first", client.readText(5));
        passedOn.release();
        assertEquals("later", client.readText(5));
        assertEquals(0, cache.entries());
      }
      assertAsked(3);
    }
  }

  // Forgotten

  @ParameterizedTest
  @CsvSource({
    "POST, 200 OK, 3",
    "PUT, 204 No Content, 3",
    "DELETE, 303 See Other, 3",
    "brew, 200 OK, 3",
    "POST, 500 No, 2",
    "PUT, 409 Conflict, 2",
    "OPTIONS, 200 OK, 2"
  })
  void aRequestThatChangesSomethingForgetsWhatIsStored(String method, String status, int asked)
      throws Exception {
    String changed = "HTTP/1.1 " + status;
    origin()
        .respond(
            response("1", FRESH),
            status.startsWith("204") ? head(changed) : head(changed, "Content-Length: 0"),
            response("3", FRESH));
    ask(get("/"));
    ask(request(method, "/"));
    assertAnswer(asked == 3 ? "3" : "1", ask(get("/")));
    assertAsked(asked);
  }

  @Test
  void whatAChangeNamesIsForgottenToo() throws Exception {
    origin().respond(response("1", FRESH), response("", "Location: /x"), response("3", FRESH));
    ask(get("/x"));
    ask(request("POST", "/y"));
    assertAnswer("3", ask(get("/x")));
  }

  @Test
  void aResponseToPostAnswersLaterGetRequests() throws Exception {
    origin()
        .respond(
            response("old", FRESH),
            response("posted", FRESH, "Content-Location: /x"),
            response("new", FRESH));
    ask(get("/x"));
    RawResponse posted = ask(request("POST", "/x"));
    assertAnswer("posted", posted);
    assertTrue(status(posted).endsWith(";stored"), () -> status(posted));
    assertHit("posted", ask(get("/x")));
    assertAsked(2);
  }

  @Test
  void aResponseToPostIsNotStoredIfItsTargetHasBeenChangedMeanwhile() throws Exception {
    origin()
        .onRequest(
            later(response("posted", FRESH, "Content-Location: /x")),
            now(response("put")),
            now(response("new", FRESH)));
    RawClient client = client();
    client.send(request("POST", "/x"));
    origin().awaitHeads(1);
    ask(request("PUT", "/x"));
    release.countDown();
    assertAnswer("posted", client.readResponse());
    assertAnswer("new", ask(get("/x")));
  }

  // Which request gets which response

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void aRequestWithContentIsForTheOrigin(String method) throws Exception {
    List<String> seen = new ArrayList<>();
    origin()
        .onRequest(
            c -> {
              String content = c.readBodyText();
              seen.add(content);
              String response = response("<" + content + ">", FRESH);
              c.send(c.request().method().equals("HEAD") ? response.split("<", 2)[0] : response);
            });
    assertAnswer("<>", ask(get("/")));
    for (String content : List.of("a", "b")) {
      RawResponse response = ask(request(method, "/", "Content-Length: 1") + content);
      assertEquals(method.equals("HEAD") ? "" : "<" + content + ">", response.text());
    }
    assertEquals(List.of("", "a", "b"), seen);
    assertHit("<>", ask(get("/")));
  }

  @Test
  void contentThatIsHiddenIsSeenAllTheSame() throws Exception {
    origin().onRequest(c -> c.send(response("<" + c.readBodyText() + ">", FRESH)));
    String fat = request("GET", "/", "Content-Length: 1", "Connection: Content-Length") + "a";
    RawResponse response = ask(fat);
    assertTrue(response.status() == 400 || response.text().equals("<a>"), response::text);
    assertAnswer("<>", ask(get("/")));
  }

  @Test
  void proxiesThatShareACacheShareItsResponses() throws Exception {
    try (HttpCache cache = HttpCache.inMemory(1 << 20)) {
      origin().respond(response("ok", FRESH));
      start(p -> p.cache(cache));
      assertAnswer("ok", ask(get("/")));
      start(p -> p.cache(cache));
      assertHit("ok", ask(get("/")));
      assertEquals(1, cache.entries());
      assertAsked(1);
    }
  }

  // What is told

  @Test
  void theCacheMayKeepQuiet() throws Exception {
    caching(CacheBuilder::noStatusField);
    origin().respond(response("ok", FRESH), ok("ok"));
    assertNull(ask(get("/")).field("Cache-Status"));
    assertNull(ask(get("/")).field("Cache-Status"));
    assertNull(ask(get("/other")).field("Cache-Status"));
  }

  @Test
  void everyProxySpeaksForItself() throws Exception {
    try (HttpCache cache = HttpCache.inMemory(1 << 20)) {
      origin().respond(response("ok", FRESH, "Server: x"));
      start(p -> p.cache(cache));
      ask(get("/"));
      assertEquals("x", ask(get("/")).field("Server"));
      start(p -> p.cache(cache).viaName("other").hideServerSoftware());
      for (int i = 0; i < 2; i++) {
        RawResponse response = ask(get("/"));
        assertEquals("1.1 other", response.field("Via"));
        assertTrue(status(response).startsWith("other;hit"), () -> status(response));
        assertNull(response.field("Server"));
      }
      start(p -> p.cache(cache).cache(CacheBuilder::noStatusField));
      assertNull(ask(get("/")).field("Cache-Status"));
      assertAsked(1);
    }
  }

  @Test
  void theCacheMayTellTheKey() throws Exception {
    caching(CacheBuilder::statusKey);
    origin().respond(response("ok", FRESH));
    String key = ";key=\"GET http://" + origin().authority() + "/x\"";
    for (int i = 0; i < 3; i++) {
      String status = status(ask(get("/x")));
      assertTrue(status.endsWith(key), status);
    }
  }

  @Test
  void onlyAResponseThatWasStoredBeforeHasAnAge() throws Exception {
    start(p -> p.cache(rules -> {}));
    origin().respond(head("HTTP/1.1 200 OK", "Cache-Control: max-age=100", "Content-Length: 0"));
    assertNull(ask(get("/")).field("Age"));
    assertNotNull(ask(get("/")).field("Age"));
  }
}
