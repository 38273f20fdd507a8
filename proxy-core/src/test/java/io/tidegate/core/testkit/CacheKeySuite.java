package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.CacheBuilder;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which request gets which stored response. Two requests share one only if the origin is asked for
 * the same: no spelling is taken for another, and nothing hides from the key what the origin sees.
 */
public abstract class CacheKeySuite extends CachedSuite {
  private static final Consumer<CacheBuilder> PLAIN = cache -> {};

  /** The suite for one direction. */
  protected CacheKeySuite(Side side) {
    super(side);
  }

  private void assertUnpoisonedKey(Consumer<CacheBuilder> details, String attack, String honest)
      throws Exception {
    assertUnpoisoned(p -> p.cache(details), attack, honest);
  }

  /** A GET request for {@code authority}, which is the origin by another name, or nobody. */
  private String getFrom(String authority) {
    return get("/").replace(origin().authority(), named(authority));
  }

  private String named(String authority) {
    return authority.replace("PORT", Integer.toString(origin().port()));
  }

  // Authority

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:PORT",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:1",
        "127.0.0.1.:PORT",
        "127.1:PORT",
        "%31%32%37.0.0.1:PORT",
        "[::ffff:127.0.0.1]:PORT"
      })
  void noAuthorityIsTakenForAnother(String other) throws Exception {
    reflect(FRESH);
    assertUnpoisonedKey(PLAIN, getFrom(other), get("/"));
  }

  @Test
  void theCaseOfAnAuthorityDoesNotCount() throws Exception {
    caching(PLAIN);
    reflect(FRESH);
    String text = ask(getFrom("LocalHost:PORT")).text();
    assertTrue(text.contains(named("localhost:PORT")), text);
    assertHit(text, ask(getFrom("localhost:PORT")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "HTTP"})
  void theTargetCountsAndNotTheHostBesideIt(String scheme) throws Exception {
    reflect(FRESH);
    String host = "Host: " + origin().authority();
    String other = scheme + "://" + named("localhost:PORT") + "/";
    assertUnpoisonedKey(PLAIN, head("GET " + other + " HTTP/1.1", host), get("/"));
    String same = scheme + "://" + origin().authority() + "/";
    assertUnpoisonedKey(PLAIN, head("GET " + same + " HTTP/1.1", "Host: localhost"), get("/"));
  }

  // Path and query

  @Test
  void noSpellingOfAPathIsTakenForAnother() throws Exception {
    caching(PLAIN);
    origin().onRequest(c -> c.send(response(c.request().startLine(), FRESH)));
    List<String> paths =
        List.of(
            "/a/b",
            "/A/b",
            "/%61/b",
            "/a%2Fb",
            "/a%2fb",
            "/a%5Cb",
            "/a\\b",
            "//a/b",
            "/a//b",
            "/a/b/",
            "/a/b%2F",
            "/a/b%20",
            "/a/b%00",
            "/a/b%0d%0aX:1",
            "/a/b%0A",
            "/a/b.css",
            "/a/b/.css",
            "/a/b/x.css",
            "/a/b;x.css",
            "/a/b%3Bx.css",
            "/a/b;",
            "/a/b%23x",
            "/a/b%3Fc",
            "/a/b%",
            "/a/b%zz",
            "/a/b%e9",
            "/a/b?",
            "/a/b?c",
            "/a/b?C",
            "/a/b?%63",
            "/a/b?c=",
            "/a/b?c&",
            "/a/b?&c",
            "/a/b?c;",
            "/a/b?c=1",
            "/a/b?c=%31",
            "/a/b??c",
            "/a/b?c=1&d",
            "/a/b?d&c=1",
            "/a/b?c=1;d",
            "/a/b?c=1&amp;d");
    for (int i = 0; i < 2; i++) {
      for (String path : paths) {
        assertAnswer("GET " + path + " HTTP/1.1", ask(get(path)));
      }
    }
    assertAsked(paths.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/./b",
        "/a/%2e/b",
        "/x/../a/b",
        "/x/%2E%2e/a/b",
        "/x/..;/a/b",
        "/x/..%2fa/b",
        "/../a/b",
        "/x\\..\\a/b",
        "/x/..%5ca/b"
      })
  void dotSegmentsGetNobodyElsesResponse(String path) throws Exception {
    origin().onRequest(c -> c.send(response(c.request().startLine(), FRESH)));
    assertUnpoisonedKey(PLAIN, get(path), get("/a/b"));
    RawResponse first = ask(get(path));
    RawResponse second = ask(get(path));
    assertEquals(first.status(), second.status());
    assertTrue(first.status() == 400 || first.text().equals(second.text()), first::text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/b#", "/a/b#x", "/a#/b", "/a/b?#c"})
  void aTargetWithAFragmentIsNone(String path) throws Exception {
    caching(PLAIN);
    assertEquals(400, ask(get(path)).status());
    assertNothingForwarded();
  }

  // Parameters that do not count

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?q=1&utm=x;q=2",
        "/?utm=x;q=2&q=1",
        "/?utm;q=2&q=1",
        "/?q=1;utm=x",
        "/?q=1?utm=x",
        "/?q=1&%75tm=x",
        "/?q=1&UTM=x",
        "/?q=1&utm[]=x",
        "/?q=1&utm%00=x",
        "/?q=1&+utm=x",
        "/?q=1&amp;utm=x"
      })
  void noParameterHidesBehindOneThatIsIgnored(String attack) throws Exception {
    reflect(FRESH);
    assertUnpoisonedKey(c -> c.ignoreParameters("utm"), get(attack), get("/?q=1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?page=1&x=1;page=2",
        "/?page=1&x;page=2",
        "/?page=1&p%61ge=2",
        "/?page=1&%20page=2",
        "/?page=1&+page=2",
        "/?page=1&page%00=2",
        "/?page=1&page[]=2",
        "/?page=1&page.x=2",
        "/?page=1&PAGE=2",
        "/?page=1&p\\u0061ge=2"
      })
  void noOtherSpellingOfAParameterThatCountsIsIgnored(String attack) throws Exception {
    reflect(FRESH);
    assertUnpoisonedKey(c -> c.onlyParameters("page"), get(attack), get("/?page=1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/?b=2&a=1;b=1", "/?a=1;b=1&b=2", "/?b=2&a=1"})
  void parametersInAnyOrderKeepThoseOfOneNameInOrder(String attack) throws Exception {
    origin().onRequest(c -> c.send(response(last("b", c.request().startLine()), FRESH)));
    assertUnpoisonedKey(CacheBuilder::sortParameters, get(attack), get("/?b=2&a=1;b=1"));
    assertUnpoisonedKey(CacheBuilder::sortParameters, get(attack), get("/?a=1&b=2"));
  }

  /** What an origin sees that takes semicolons for ampersands, and of several values the last. */
  private static String last(String name, String requestLine) {
    String query = requestLine.split(" ")[1];
    String value = "";
    for (String parameter : query.substring(query.indexOf('?') + 1).split("[&;]")) {
      value = parameter.startsWith(name + "=") ? parameter : value;
    }
    return value;
  }

  // Fields

  @Test
  void aResponseIsForThoseWhoSelectIt() throws Exception {
    caching(PLAIN);
    reflectField("Accept-Language", FRESH, "Vary: Accept-Language");
    for (int i = 0; i < 2; i++) {
      assertAnswer("en", ask(request("GET", "/", "Accept-Language: en")));
      assertAnswer("de", ask(request("GET", "/", "Accept-Language: de")));
      assertAnswer("null", ask(get("/")));
    }
    assertAsked(3);
  }

  @Test
  void aFieldCanBeMadePartOfTheKey() throws Exception {
    caching(c -> c.keyFields("X-Kind").statusKey());
    reflectField("X-Kind", FRESH);
    for (int i = 0; i < 2; i++) {
      assertAnswer("a", ask(request("GET", "/", "X-Kind: a")));
      assertAnswer("b", ask(request("GET", "/", "X-Kind: b")));
      assertAnswer("null", ask(get("/")));
    }
    assertAsked(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Origin: http://a    | Origin: http://a,
          Origin: http://a    | Origin: ,http://a
          Origin: http://a    | Origin: http://a / Origin:
          Origin: http://a    | Origin: HTTP://A
          Origin: http://a    | Origin: "http://a"
          Accept-Language: de | Accept-Language: d e
          Accept-Language: de | Accept-Language: de;q=0
          Accept-Encoding: br | Accept-Encoding: b\tr
          X-A: 1 / X-B: 2     | X-A: 1 / X-B: 2 / X-A:
          X-A: 1              | X-B: 1
          X-A: 1              | X-A: 1 / X-B:
          """)
  void noSpellingOfAFieldIsTakenForAnother(String honest, String attack) throws Exception {
    String vary = "Vary: Origin, Accept-Language, Accept-Encoding, X-A, X-B";
    reflect(FRESH, vary);
    String honestly = request("GET", "/", lines(honest));
    assertUnpoisonedKey(PLAIN, request("GET", "/", lines(attack)), honestly);
    reflect(FRESH);
    Consumer<CacheBuilder> keyed =
        c -> c.keyFields("Origin", "Accept-Language", "Accept-Encoding", "X-A", "X-B");
    assertUnpoisonedKey(keyed, request("GET", "/", lines(attack)), honestly);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cookie: c=1; c=2",
        "Cookie: c=1 / Cookie: c=2",
        "Cookie: c=2; c=1",
        "Cookie: c=\"1\"",
        "Cookie: C=1",
        "Cookie: d=1"
      })
  void noCookieHidesBehindOneThatCounts(String attack) throws Exception {
    reflectField("Cookie", FRESH);
    String honest = request("GET", "/", "Cookie: c=1");
    origin().onRequest(c -> c.send(response(c.head(), FRESH)));
    assertUnpoisonedKey(c -> c.keyCookies("c"), request("GET", "/", lines(attack)), honest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accept-Language: de", "X-Kind: a", "Cookie: c=1"})
  void aFieldThatIsNotForwardedSelectsNothing(String field) throws Exception {
    String name = field.substring(0, field.indexOf(':'));
    String hidden = request("GET", "/", field, "Connection: close, " + name);
    String sent = request("GET", "/", field);
    reflect(FRESH, "Vary: " + name);
    assertUnpoisonedKey(PLAIN, hidden, sent);
    reflect(FRESH);
    Consumer<CacheBuilder> keyed = c -> c.keyFields("X-Kind", "Accept-Language").keyCookies("c");
    assertUnpoisonedKey(keyed, hidden, sent);
    assertHit(ask(get("/")).text(), ask(hidden));
  }
}
