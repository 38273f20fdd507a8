package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.client;
import static io.tidegate.reverse.Routes.cookie;
import static io.tidegate.reverse.Routes.field;
import static io.tidegate.reverse.Routes.host;
import static io.tidegate.reverse.Routes.method;
import static io.tidegate.reverse.Routes.path;
import static io.tidegate.reverse.Routes.pathRegex;
import static io.tidegate.reverse.Routes.query;
import static io.tidegate.reverse.Routes.scheme;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Resolution;
import io.tidegate.reverse.route.RouteTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a route asks of requests beside host and path. */
class RouteConditionsTest {
  private static ReverseProxy.Builder builder(RouteMatch... matches) {
    ReverseProxy.Builder builder = ReverseProxy.builder();
    for (int i = 0; i < matches.length; i++) {
      String cluster = "c" + i;
      builder.cluster(cluster, c -> c.endpoint("http://app")).route(matches[i], r -> r.to(cluster));
    }
    return builder;
  }

  private static RouteTable table(RouteMatch... matches) {
    return table(builder(matches).settings());
  }

  private static RouteTable table(ReverseProxySettings settings) {
    return RouteTables.of(settings);
  }

  private static boolean takes(RouteMatch match, ClientRequest request) {
    return !(table(match).resolve(request) instanceof Failure);
  }

  private static List<String> problems(RouteMatch... matches) {
    return assertThrows(InvalidSettingsException.class, builder(matches)::build).problems();
  }

  private static ClientRequest get(String target, String... fields) {
    return Requests.request("GET", "h", target, false, "203.0.113.9", fields);
  }

  @ParameterizedTest(name = "{0}: {1} is taken: {2}")
  @CsvSource({
    "GET, GET, true",
    "GET, HEAD, true",
    "GET, POST, false",
    "GET, get, false",
    "HEAD, GET, false",
    "POST, POST, true",
    "PROPFIND, PROPFIND, true",
  })
  void aMethodIsComparedWithCaseAndGetStandsForHead(String method, String asked, boolean taken) {
    ClientRequest request = Requests.request(asked, "h", "/", false, "203.0.113.9");
    assertEquals(taken, takes(method(method), request));
  }

  @Test
  void oneOfSeveralMethodsIsEnough() {
    RouteMatch match = method("PUT", "POST").method("DELETE");
    for (String method : List.of("PUT", "POST", "DELETE")) {
      assertEquals(true, takes(match, Requests.request(method, "h", "/", false, "203.0.113.9")));
    }
    assertEquals(false, takes(match, get("/")));
  }

  @Test
  void theSchemeIsThatOfTheConnection() {
    ClientRequest claimed = get("https://h/");
    assertEquals(false, takes(scheme("https"), claimed));
    assertEquals(true, takes(scheme("http"), claimed));
    ClientRequest secure = Requests.request("GET", "h", "/", true, "203.0.113.9");
    assertEquals(true, takes(scheme("https"), secure));
    assertEquals(false, takes(scheme("http"), secure));
  }

  @ParameterizedTest(name = "{0} in {1}: {2}")
  @CsvSource({
    "203.0.113.9, 203.0.113.0/24, true",
    "203.0.114.9, 203.0.113.0/24, false",
    "::ffff:203.0.113.9, 203.0.113.9, true",
    "2001:db8::1, 2001:db8::/32, true",
    "2001:db8::1, 203.0.113.0/24, false",
  })
  void clientsAreComparedByAddress(String address, String range, boolean taken) {
    ClientRequest request =
        Requests.request("GET", "h", "/", false, address, "X-Forwarded-For", "198.51.100.1");
    assertEquals(taken, takes(client(range), request));
    assertEquals(taken, takes(client("198.51.100.1", range), request));
  }

  @ParameterizedTest(name = "{1} from {0}: {2}")
  @CsvSource({
    "203.0.113.9, 10.1.2.3, true",
    "203.0.113.9, '10.1.2.3, 192.0.2.1', false",
    "203.0.113.9, '192.0.2.1, 10.1.2.3', true",
    "203.0.113.9, unknown, false",
    "192.0.2.1, 10.1.2.3, false",
    "10.1.2.3, 192.0.2.1, true"
  })
  void behindATrustedProxyTheClientItTellsIsCompared(String peer, String told, boolean taken) {
    ReverseProxySettings settings =
        builder(client("10.0.0.0/8")).trustedClients("203.0.113.0/24").settings();
    ClientRequest request = Requests.request("GET", "h", "/", false, peer, "X-Forwarded-For", told);
    assertEquals(taken, !(table(settings).resolve(request) instanceof Failure));
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "a, '', true",
    "a, 1, true",
    "A, 1, true",
    "b, 1, false",
  })
  void aFieldIsThere(String name, String value, boolean taken) {
    assertEquals(taken, takes(field("A"), get("/", name, value)));
  }

  @ParameterizedTest(name = "{0}: exact {1}, prefix {2}, regex {3}")
  @CsvSource({
    "v1, true, true, true",
    "v12, false, true, true",
    "V1, false, false, false",
    "v1x, false, true, false",
    "xv1, false, false, false",
    "'', false, false, false",
  })
  void aValueIsComparedWhole(String value, boolean exact, boolean prefix, boolean regex) {
    for (String source : List.of("field", "cookie", "query")) {
      RouteMatch any = path("/**");
      RouteMatch[] matches =
          switch (source) {
            case "field" ->
                new RouteMatch[] {
                  any.field("X", "v1"), any.fieldPrefix("X", "v1"), any.fieldRegex("X", "v[0-9]+")
                };
            case "cookie" ->
                new RouteMatch[] {
                  any.cookie("X", "v1"),
                  any.cookiePrefix("X", "v1"),
                  any.cookieRegex("X", "v[0-9]+")
                };
            default ->
                new RouteMatch[] {
                  any.query("X", "v1"), any.queryPrefix("X", "v1"), any.queryRegex("X", "v[0-9]+")
                };
          };
      ClientRequest request =
          switch (source) {
            case "field" -> get("/", "x", value);
            case "cookie" -> get("/", "Cookie", "Y=v1; X=" + value);
            default -> get("/?Y=v1&X=" + value);
          };
      assertEquals(exact, takes(matches[0], request), source);
      assertEquals(prefix, takes(matches[1], request), source);
      assertEquals(regex, takes(matches[2], request), source);
    }
  }

  @Test
  void oneOfSeveralLinesIsEnough() {
    assertEquals(true, takes(field("X", "1"), get("/", "X", "0", "X", "1")));
    assertEquals(false, takes(field("X", "1"), get("/", "X", "0, 1")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "/?a=1, true",
    "/?b&a=1&c, true",
    "/?%61=%31, true",
    "/?a=%2531, false",
    "/?a=1;b, false",
    "/?a=, false",
    "/?a, false",
    "/?A=1, false",
    "/?ba=1, false",
    "/?a=2&a=1, true",
    "/?a=1?x, false",
    "/a=1, false",
    "/?, false",
    "/?&&a=1, true",
    "/?a=1%, false",
  })
  void aQueryParameterIsComparedDecoded(String target, boolean taken) {
    assertEquals(taken, takes(query("a", "1"), get(target)));
  }

  @Test
  void aQueryParameterMayHoldAnyText() {
    assertEquals(true, takes(query("n ö", "a b&ü"), get("/?n+%C3%B6=a%20b%26%c3%bc")));
    assertEquals(true, takes(query("a", ""), get("/?a")));
    assertEquals(true, takes(query("a"), get("/?x&a")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "a=1, true",
    "b=2; a=1, true",
    "b=2;a=1, true",
    "a=1; a=2, true",
    "A=1, false",
    "ba=1, false",
    "b=a=1, false",
    "a=\"1\", false",
    "a, false",
    "'a=1;', true",
    "'a=11', false",
  })
  void aCookieIsComparedWhole(String line, boolean taken) {
    assertEquals(taken, takes(cookie("a", "1"), get("/", "Cookie", line)));
  }

  @Test
  void cookiesMayComeOnSeveralLines() {
    assertEquals(true, takes(cookie("a"), get("/", "Cookie", "b=1", "Cookie", "a=1")));
    assertEquals(false, takes(cookie("a"), get("/", "X", "a=1")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "/files/7.png, true",
    "/files/7.pn%67?x, true",
    "/x/../files/7.png, true",
    "/files/7.png/, false",
    "/files/7.PNG, false",
    "/x/files/7.png, false",
    "/files/a%2Fb.png, true",
  })
  void aRegexIsForAllOfThePathInItsOneSpelling(String target, boolean taken) {
    assertEquals(taken, takes(pathRegex("/files/.+\\.png"), get(target)));
  }

  @Test
  void aRegexNarrowsATemplate() {
    RouteTable table = table(path("/a/{id}").pathRegex("/a/[0-9]+"), path("/a/{id}"), path("/**"));
    assertEquals("c0", table.resolve(get("/a/7")).toString());
    assertEquals("c1", table.resolve(get("/a/x")).toString());
    assertEquals("c2", table.resolve(get("/a/7/b")).toString());
  }

  @Test
  void aRequestForWhichARegexRunsAwayIsRefused() {
    RouteTable table = table(pathRegex("/(.*)(.*)(.*)(.*)b"), path("/**"));
    Failure slow = assertInstanceOf(Failure.class, table.resolve(get("/" + "a".repeat(200))));
    assertEquals(400, slow.status());
    assertEquals("c0", table.resolve(get("/aab")).toString());
  }

  @Test
  void aRequestForWhichARegexGoesTooDeepIsRefused() {
    RouteTable table = table(pathRegex("/(a|b|cd)*"), path("/**"));
    Resolution deep = table.resolve(get("/" + "ab".repeat(30_000)));
    assertEquals(400, assertInstanceOf(Failure.class, deep).status());
    assertEquals("c0", table.resolve(get("/abcd")).toString());
  }

  @Test
  void moreConditionsComeFirstThenMoreExactOnes() {
    RouteMatch[] matches = {
      path("/a"),
      path("/a").field("X"),
      path("/a").fieldRegex("X", ".*"),
      path("/a").fieldPrefix("X", "1"),
      path("/a").field("X", "1"),
      path("/a").field("X").method("GET"),
      path("/a").method("GET", "POST").query("n"),
      path("/a").method("GET").query("n"),
      host("*.h").field("X", "1").field("Y", "1").field("Z", "1"),
    };
    List<RouteMatch> shuffled = new ArrayList<>(List.of(matches));
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(shuffled, new Random(i));
      RouteTable table = table(shuffled.toArray(RouteMatch[]::new));
      assertEquals(match(shuffled, 0), taken(table, "DELETE", "/a"));
      assertEquals(match(shuffled, 2), taken(table, "PUT", "/a", "X", "0"));
      assertEquals(match(shuffled, 3), taken(table, "PUT", "/a", "X", "10"));
      assertEquals(match(shuffled, 4), taken(table, "PUT", "/a", "X", "1"));
      assertEquals(match(shuffled, 5), taken(table, "GET", "/a", "X", "1"));
      assertEquals(match(shuffled, 6), taken(table, "POST", "/a?n", "X", "1"));
      assertEquals(match(shuffled, 7), taken(table, "GET", "/a?n"));
    }
  }

  private static String match(List<RouteMatch> shuffled, int index) {
    RouteMatch[] declared = {
      path("/a"),
      path("/a").field("X"),
      path("/a").fieldRegex("X", ".*"),
      path("/a").fieldPrefix("X", "1"),
      path("/a").field("X", "1"),
      path("/a").field("X").method("GET"),
      path("/a").method("GET", "POST").query("n"),
      path("/a").method("GET").query("n"),
    };
    return "c" + shuffled.indexOf(declared[index]);
  }

  private static String taken(RouteTable table, String method, String target, String... fields) {
    return table
        .resolve(Requests.request(method, "h", target, false, "203.0.113.9", fields))
        .toString();
  }

  @Test
  void ofEqualsTheOneDeclaredFirstIsTaken() {
    RouteTable table = table(field("X", "1"), cookie("X", "1"));
    assertEquals("c0", table.resolve(get("/", "X", "1", "Cookie", "X=1")).toString());
    table = table(cookie("X", "1"), field("X", "1"));
    assertEquals("c0", table.resolve(get("/", "X", "1", "Cookie", "X=1")).toString());
  }

  @Test
  void ifNoConditionIsMetALessSpecificRouteIsTaken() {
    RouteTable table =
        table(
            host("a.b.h").path("/x").field("X"),
            host("*.b.h").path("/x/{y}").field("X"),
            host("*.h").path("/x").field("X"),
            path("/x/y").field("X"),
            path("/x/{y}").field("X"),
            path("/x/**"));
    ClientRequest request = Requests.get("a.b.h", "/x");
    assertEquals("c5", table.resolve(request).toString());
    assertEquals("c5", table.resolve(Requests.get("a.b.h", "/x/y")).toString());
  }

  @Test
  void aRouteThatAnotherOneHidesIsAProblem() {
    assertEquals(
        List.of(
            "route /a (GET, field x): requests: none (expected: not all of them taken by route /a"
                + " (GET/HEAD, field x))"),
        problems(
            path("/a").method("GET", "HEAD").field("X", "1"),
            path("/a").method("POST").field("X", "1"),
            path("/a").method("GET").field("x", "1")));
  }

  @Test
  void aRouteDeclaredLaterMayHideOneToo() {
    assertEquals(
        List.of(
            "route /a (field x): requests: none (expected: not all of them taken by route /a (field"
                + " x/x))"),
        problems(path("/a").field("X", "1"), path("/a").field("X").fieldPrefix("X", "1")));
  }

  @ParameterizedTest(name = "{0} before {1}")
  @CsvSource({"1, 12, true", "12, 1, false", "1, 1, true", "1, 2, false"})
  void aPrefixHidesALongerOneDeclaredLater(String first, String second, boolean hidden) {
    RouteMatch one = path("/**").fieldPrefix("X", first);
    RouteMatch other = path("/**").fieldPrefix("X", second);
    if (hidden) {
      assertEquals(1, problems(one, other).size());
    } else {
      assertEquals(2, builder(one, other).settings().routes().size());
    }
  }

  @Test
  void aBroaderRangeHidesANarrowerOneDeclaredLater() {
    assertEquals(1, problems(client("10.0.0.0/8"), client("10.1.0.0/16", "10.2.0.1")).size());
    assertEquals(
        2, builder(client("10.1.0.0/16"), client("10.0.0.0/8")).settings().routes().size());
    assertEquals(
        2,
        builder(client("10.0.0.0/8"), client("10.1.0.0/16", "fd00::/8"))
            .settings()
            .routes()
            .size());
  }

  @Test
  void routesThatDifferInAConditionHideNothing() {
    RouteMatch[] matches = {
      path("/a"),
      path("/a").method("GET"),
      path("/a").method("POST"),
      path("/a").scheme("http"),
      path("/a").scheme("https"),
      path("/a").field("X"),
      path("/a").field("X", "1"),
      path("/a").query("X"),
      path("/a").cookie("X"),
      path("/a").pathRegex("/a"),
      path("/a").client("10.0.0.0/8"),
    };
    assertEquals(matches.length, builder(matches).settings().routes().size());
  }

  @Test
  void wrongConditionsAreReported() {
    String route =
        "route /** (scheme ftp, A B/CONNECT, ~(, field a b, query q, cookie c d, client x): ";
    assertEquals(
        List.of(
            route + "scheme: ftp (expected: http or https)",
            route + "method: A B (expected: a method other than CONNECT)",
            route + "method: CONNECT (expected: a method other than CONNECT)",
            route + "pathRegex: ( (expected: a regular expression: Unclosed group)",
            route + "field: a b (expected: a token as its name)",
            route + "cookie: c d (expected: a token as its name)",
            route + "query q: [ (expected: a regular expression: Unclosed character class)",
            route
                + "client: address range: x (expected: an IP address or a range like 10.0.0.0/8 or"
                + " fd00::/8)"),
        problems(
            scheme("ftp")
                .method("A B", "CONNECT")
                .pathRegex("(")
                .field("a b")
                .queryRegex("q", "[")
                .cookie("c d")
                .client("x")));
  }

  @Test
  void aRegexThatNoPathOfTheRouteFitsIsReported() {
    assertEquals(
        List.of("route /a (~/b.*): pathRegex: /b.* (expected: to fit the path)"),
        problems(path("/a").pathRegex("/b.*")));
    assertEquals(1, builder(path("/%61").pathRegex("/a")).settings().routes().size());
  }

  @Test
  void aRegexIsNeitherEmptyNorWithoutEnd() {
    assertEquals(
        List.of("route /** (field x): field x: 1001 characters (expected: 1 to 1000)"),
        problems(path("/**").fieldRegex("X", "a".repeat(1001))));
    assertEquals(1, problems(path("/**").fieldRegex("X", "")).size());
    assertEquals(1, problems(path("/**").cookiePrefix("X", "")).size());
    assertEquals(
        1, builder(path("/**").fieldRegex("X", "a".repeat(1000))).settings().routes().size());
  }

  @Test
  void valuesWhichMayBeSecretAreNotShown() {
    assertEquals(
        "h/a (field x-key, cookie k)",
        path("/a").host("h").field("X-Key", "s").cookie("k", "s").toString());
  }
}
