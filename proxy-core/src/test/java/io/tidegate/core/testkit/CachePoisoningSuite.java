package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.CacheBuilder;
import io.tidegate.core.ProxyBuilder;
import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What one client does to the cache does no harm to another: nobody stores an answer that others
 * would not get, nor gets one that was for others.
 */
public abstract class CachePoisoningSuite extends CachedSuite {
  private static final Consumer<ProxyBuilder<?>> CACHE = p -> p.cache(c -> {});

  /** The suite for one direction. */
  protected CachePoisoningSuite(Side side) {
    super(side);
  }

  // Fields that are in no key

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: evil",
        "X-Forwarded-Host: evil",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Port: 1",
        "X-Forwarded-Scheme: nothttps",
        "X-Forwarded-Server: evil",
        "X-Forwarded-Prefix: /evil",
        "X-Forwarded-SSL: on",
        "X-Real-IP: evil",
        "Forwarded: for=evil;host=evil;proto=https",
        "Connection: X-Forwarded-Host / X-Forwarded-Host: evil",
        "Connection: X-Forwarded-For, Via, Host",
        "Proxy-Connection: evil",
        "Keep-Alive: evil",
        "Upgrade: evil / Connection: Upgrade",
        "HTTP2-Settings: evil / Upgrade: h2c / Connection: Upgrade, HTTP2-Settings",
        "Expect: evil"
      })
  void whatAClientSaysOfItselfReachesNoOther(String attack) throws Exception {
    reflect(FRESH);
    assertUnpoisoned(CACHE, request("GET", "/", lines(attack)), get("/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Host",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-HTTP-Method-Override",
        "X-Method-Override",
        "Origin",
        "Accept",
        "User-Agent",
        "Max-Forwards"
      })
  void aFieldThatTheOriginListensToCanBeDealtWith(String name) throws Exception {
    String attack = request("GET", "/", name + ": evil");
    reflect(FRESH);
    assertUnpoisoned(p -> p.cache(c -> c.keyFields(name)), attack, get("/"));
    assertUnpoisoned(p -> p.cache(c -> {}).removeRequestField(name), attack, get("/"));
    assertUnpoisoned(p -> p.cache(c -> {}).requestField(name, "good"), attack, get("/"));
    reflect(FRESH, "Vary: " + name);
    assertUnpoisoned(CACHE, attack, get("/"));
  }

  // Requests that are for the origin

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "X"})
  void anotherMethodLeavesNoAnswerToGet(String method) throws Exception {
    origin()
        .onRequest(
            c -> {
              c.takeBody();
              String text = response(c.head(), FRESH);
              boolean head = c.request().method().equals("HEAD");
              c.send(head ? head("HTTP/1.1 200 OK", FRESH, "Content-Length: 0") : text);
            });
    assertUnpoisoned(CACHE, request(method, "/"), get("/"));
    assertUnpoisoned(CACHE, request(method, "/", "Max-Forwards: 0"), get("/"));
    assertUnpoisoned(CACHE, request(method, "/", "Content-Location: /"), get("/"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, Content-Length: 1, a",
    "GET, Transfer-Encoding: chunked, '1\r\na\r\n0\r\n\r\n'",
    "GET, Transfer-Encoding: chunked, '0\r\n\r\n'",
    "HEAD, Content-Length: 1, a",
    "GET, Content-Length: 1 / X-HTTP-Method-Override: POST, a",
    "GET, Content-Length: 1 / Cache-Control: max-age=0, a"
  })
  void contentDoesNothingToWhatIsStored(String method, String fields, String content)
      throws Exception {
    String fat = request(method, "/", lines(fields)) + content;
    origin()
        .onRequest(
            c -> {
              String text = "<" + c.readBodyText() + c.request().field("Content-Length") + ">";
              String whole = response(text, FRESH);
              c.send(c.request().method().equals("HEAD") ? whole.split("<", 2)[0] : whole);
            });
    assertUnpoisoned(CACHE, fat, get("/"));
    int asked = origin().heads().size();
    ask(fat);
    assertAsked(asked + 1);
    assertHit("<null>", ask(get("/")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 1",
        "Cache-Control: no-store",
        "Authorization: Basic YTpi / Cache-Control: no-cache"
      })
  void anAnswerThatMayNotBeStoredDoesNotChangeWhatIs(String fields) throws Exception {
    start(CACHE);
    origin().onRequest(c -> answer(c, "X-A: " + c.request().field("If-None-Match")));
    String content = fields.startsWith("Content-Length") ? "a" : "";
    String[] conditional = lines(fields + " / If-None-Match: \"1\"");
    ask(get("/"));
    assertEquals(304, ask(request("GET", "/", conditional) + content).status());
    assertEquals(304, ask(request("HEAD", "/", conditional) + content).status());
    RawResponse after = ask(get("/"));
    assertHit("whole", after);
    assertEquals("null", after.field("X-A"));
  }

  /** Says 304 to those who ask for news, and sends the whole to others, all fresh. */
  private static void answer(OriginConnection client, String field) throws IOException {
    client.takeBody();
    boolean isHead = client.request().method().equals("HEAD");
    String[] fields = {FRESH, "ETag: \"1\"", field};
    if (client.request().field("If-None-Match") != null) {
      client.send(notModified(fields));
    } else {
      client.send(response("whole", fields).replaceFirst(isHead ? "whole" : "$", ""));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Range: bytes=0-0 | HTTP/1.1 206 Some / ETag: "1" / Content-Range: bytes 0-0/4
          Range: bytes=9-  | HTTP/1.1 416 Some / Content-Range: bytes */4
          If-Match: "x"    | HTTP/1.1 412 Some
          If-Unmodified-Since: Sun, 01 Jun 2025 00:00:00 GMT | HTTP/1.1 412 Some
          """)
  void theAnswerToAConditionOrARangeIsNoAnswerToOthers(String attack, String answer)
      throws Exception {
    start(CACHE);
    origin()
        .respond(
            head(lines(answer + " / " + FRESH + " / Content-Length: 1")) + "e",
            response("good", FRESH));
    assertEquals("e", ask(request("GET", "/", attack)).text());
    assertAnswer("good", ask(get("/")));
    assertHit("good", ask(get("/")));
  }

  // Errors

  @ParameterizedTest
  @ValueSource(
      ints = {
        400, 401, 402, 403, 406, 408, 409, 411, 412, 413, 415, 416, 417, 421, 422, 423, 425, 426,
        428, 429, 431, 451, 499, 500, 502, 503, 504, 505, 507, 508, 511, 599
      })
  void anErrorThatDoesNotSayHowLongItIsFreshIsNotStored(int status) throws Exception {
    start(CACHE);
    origin().respond(response(status, "evil", MODIFIED, "ETag: \"1\""), response("good", FRESH));
    assertEquals("evil", ask(request("GET", "/", "X-Oversize: 1")).text());
    assertAnswer("good", ask(get("/")));
    assertHit("good", ask(get("/")));
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405, 410, 414, 501})
  void anErrorThatMayBeFreshByGuessIsStoredOnlyIfItHasNotChangedForLong(int status)
      throws Exception {
    assertErrorAsked(1, status, MODIFIED, c -> {});
    assertErrorAsked(2, status, MODIFIED, CacheBuilder::noHeuristicFreshness);
    assertErrorAsked(2, status, "X-No: freshness", c -> {});
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 431, 500, 503})
  void anErrorThatSaysHowLongItIsFreshIsStored(int status) throws Exception {
    assertErrorAsked(1, status, FRESH, c -> {});
  }

  private void assertErrorAsked(
      int times, int status, String fields, Consumer<CacheBuilder> details) throws Exception {
    caching(details);
    int before = origin().heads().size();
    origin().respond(response(status, "error", fields));
    for (int i = 0; i < 2; i++) {
      assertEquals("error", ask(get("/")).text());
    }
    assertAsked(before + times);
  }

  @ParameterizedTest
  @CsvSource({
    "400, X-Meta: a\u0007b",
    "400, X-Meta: a\u0000b",
    "400, X Meta: a",
    "400, Host: evil",
    "400, Content-Length: x",
    "400, Content-Length: 1 / Transfer-Encoding: chunked",
    "501, Transfer-Encoding: evil",
    "413, Content-Length: 999999999999",
    "508, Via: 1.1 gate"
  })
  void whatWeRefuseIsNotStored(int status, String fields) throws Exception {
    assertRefused(status, request("GET", "/", lines(fields)));
  }

  @Test
  void whatIsTooLongForUsIsNotStored() throws Exception {
    assertRefused(431, request("GET", "/", "X-Oversize: " + "a".repeat(40_000)));
    assertRefused(431, request("GET", "/", lines("X-A: 1 / ".repeat(120) + "X-A: 1")));
  }

  private void assertRefused(int status, String request) throws Exception {
    start(CACHE);
    int before = origin().heads().size();
    origin().respond(response("good", FRESH));
    assertEquals(status, ask(request).status());
    assertAsked(before);
    assertAnswer("good", ask(get("/")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "HTTP/1.1 200 OK / Cache-Control: max-age=60 / Content-Length: 4 / Content-Length: 5",
        "HTTP/1.1 200 OK / Cache-Control: max-age=60 / Content-Length: 4, 5",
        "HTTP/1.1 200 OK / Cache-Control: max-age=60 / Content-Length: 4 / X-A: a\rSet-Cookie: b",
        "HTTP/1.1 200 OK / Cache-Control: max-age=60 / Content-Length: 4 / X-A: a\u0000b",
        "HTTP/1.1 101 Switching Protocols / Cache-Control: max-age=60"
      })
  void anAnswerThatIsNoneIsNotStored(String answer) throws Exception {
    start(CACHE);
    origin()
        .onRequest(
            c -> {
              c.send(head(lines(answer)) + "evil!");
              c.close();
            },
            now(response("good", FRESH)));
    assertEquals(502, ask(get("/")).status());
    assertAnswer("good", ask(get("/")));
  }

  // Responses

  @ParameterizedTest
  @CsvSource({
    "Content-Length: 10, half",
    "Transfer-Encoding: chunked, '4\r\nhalf\r\n'",
    "Transfer-Encoding: chunked, '4\r\nhalf\r\n0\r\n'",
    "Transfer-Encoding: chunked, '9\r\nhalf'"
  })
  void contentThatBreaksOffIsServedToNobodyAsWhole(String framing, String content)
      throws Exception {
    start(CACHE);
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", FRESH, framing) + content);
              c.close();
            },
            now(response("whole", FRESH)));
    assertFalse(ask(get("/")).complete());
    assertAnswer("whole", ask(get("/")));
  }

  @Test
  void whatComesBeforeTheResponseIsNotStored() throws Exception {
    start(CACHE);
    String hints = head("HTTP/1.1 103 Early Hints", FRESH, "Link: <evil>");
    origin()
        .onRequest(
            now(hints + response("first", "Cache-Control: no-store")),
            now(hints + response("second", FRESH)));
    assertAnswer("first", ask(get("/")));
    assertAnswer("second", ask(get("/")));
    RawResponse hit = ask(get("/"));
    assertHit("second", hit);
    assertNull(hit.field("Link"));
  }

  @Test
  void whatComesBehindTheResponseIsNotStored() throws Exception {
    start(CACHE);
    origin()
        .onRequest(
            now(response("good", FRESH) + response("evil", FRESH)), now(response("other", FRESH)));
    assertAnswer("good", ask(get("/")));
    assertAnswer("other", ask(get("/other")));
    assertHit("good", ask(get("/")));
    assertHit("other", ask(get("/other")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void noCookieComesIntoTheStoreWithALaterAnswer(String method) throws Exception {
    caching(CacheBuilder::noSetCookie);
    origin()
        .onRequest(
            c -> answer(c, c.request().field("Pragma") == null ? "X-A: 1" : "Set-Cookie: a=b"));
    ask(get("/"));
    assertEquals("a=b", ask(request(method, "/", "Pragma: no-cache")).field("Set-Cookie"));
    RawResponse after = ask(get("/"));
    assertAnswer("whole", after);
    assertNull(after.field("Set-Cookie"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Via",
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Real-IP",
        "Accept, X-Forwarded-Proto"
      })
  void aResponseThatDependsOnWhatTheProxySaysIsNotStored(String vary) throws Exception {
    start(CACHE);
    origin()
        .respond(
            response("1", FRESH, "Vary: " + vary),
            response("2", "Cache-Control: max-age=0 / ETag: \"1\""),
            notModified(FRESH, "ETag: \"1\"", "Vary: " + vary),
            response("3", FRESH, "Vary: " + vary));
    assertAnswer("1", ask(get("/")));
    assertAnswer("2", ask(get("/")));
    ask(get("/"));
    assertAnswer("3", ask(get("/")));
    assertAnswer("3", ask(get("/")));
    assertAsked(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Location", "Content-Location"})
  void aChangeInOnePlaceForgetsNothingElsewhere(String field) throws Exception {
    start(CACHE);
    String elsewhere = "http://localhost:" + origin().port() + "/";
    origin().respond(response("good", FRESH), response("", field + ": " + elsewhere));
    String honest = get("/").replace(origin().authority(), "localhost:" + origin().port());
    assertAnswer("good", ask(honest));
    ask(request("POST", "/"));
    assertHit("good", ask(honest));
  }

  // What is for one client

  @ParameterizedTest
  @CsvSource({
    "2, max-age=60",
    "2, 'max-age=60, proxy-revalidate'",
    "1, 'max-age=60, public'",
    "1, s-maxage=60",
    "1, 'max-age=60, must-revalidate'"
  })
  void whatWasForSomebodyWithCredentialsIsForOthersOnlyIfItSaysSo(int asked, String directives)
      throws Exception {
    start(CACHE);
    origin().respond(response("mine", "Cache-Control: " + directives, "ETag: \"1\""));
    ask(request("GET", "/account/x.css", "Authorization: Basic YTpi"));
    ask(get("/account/x.css"));
    assertAsked(asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/account",
        "/account/x.css",
        "/account;x.js",
        "/account%2Fx.png",
        "/account%00.ico",
        "/account%3F.woff",
        "/static/account",
        "/robots.txt",
        "/index.html"
      })
  void thePathDoesNotMakeAResponseStorable(String path) throws Exception {
    for (String secret :
        new String[] {
          "Cache-Control: private, max-age=60", "Cache-Control: no-store", "X-No: freshness"
        }) {
      start(CACHE);
      origin().respond(response("mine", secret), response("yours", FRESH));
      assertAnswer("mine", ask(get(path)));
      assertAnswer("yours", ask(get(path)));
      assertHit("yours", ask(get(path)));
    }
  }
}
