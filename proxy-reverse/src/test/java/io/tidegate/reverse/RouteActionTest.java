package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.reverse.route.RouteTable;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the requests of a route: rewritten, split, redirected, answered. */
class RouteActionTest {
  private static ReverseProxy.Builder builder(String path, Consumer<RouteBuilder> details) {
    return ReverseProxy.builder()
        .cluster("a", c -> c.endpoint("http://a"))
        .cluster("b", c -> c.endpoint("http://b"))
        .route(path(path), details);
  }

  private static Resolution resolve(
      String path, Consumer<RouteBuilder> details, ClientRequest request) {
    RouteTable table = RouteTables.of(builder(path, details).settings());
    return table.resolve(request);
  }

  private static List<String> problems(String path, Consumer<RouteBuilder> details) {
    return assertThrows(InvalidSettingsException.class, builder(path, details)::build).problems();
  }

  private static String sent(String path, Consumer<RouteBuilder> details, String target) {
    ClientRequest request = Requests.get("h", target);
    Resolution resolution = resolve(path, details, request);
    return resolution instanceof Failure failure
        ? failure.status() + " " + failure.detail()
        : ((Route) resolution).pathAndQuery(request);
  }

  @ParameterizedTest(name = "{0} to {1}: {2} is {3}")
  @CsvSource({
    "/a/{id}, /v2/{id}/x, /a/7, /v2/7/x",
    "/a/{id}, /v2/{id}/x, /%61/%37%2c?q=/%2f, /v2/%37%2c/x?q=/%2f",
    "/a/{id}, /v2/{id}/x, /b/../a/./7, /v2/7/x",
    "/a/{id}/**, /{id}/**, /a/7, /7",
    "/a/{id}/**, /{id}/**, /a/7/, /7/",
    "/a/{id}/**, /{id}/**, /a/7/b//c?d, /7/b//c?d",
    "/a/{x}/{y}, /{y}/{x}, /a/1/2, /2/1",
    "/a/{x}/{y}, /{y}/{y}, /a/1/2, /2/2",
    "/a/**, /b, /a/x/y?z, /b?z",
    "/a/**, /**, /a, /",
    "/**, /b%20/**, /x, /b%20/x",
    "/**, /b/**, /?q, /b/?q",
  })
  void aTemplateIsFilledWithWhatTheClientSpelled(
      String path, String template, String target, String expected) {
    assertEquals(expected, sent(path, r -> r.to("a").rewritePath(template), target));
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "/a/{id}, /{name}",
    "/a/{id}, /*",
    "/a/*, /*",
    "/a/{id}, /{id}/**",
    "/a/{id}/{id}, /{id}",
    "/a/{id}, '{id}'",
    "/a/{id}, /../{id}",
    "/a/{id}, /a{id}",
    "/a/{id}, /{id}?x",
  })
  void aTemplateIsFilledFromWhatThereIs(String path, String template) {
    List<String> problems = problems(path, r -> r.to("a").rewritePath(template));
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.get(0).startsWith("route " + path + ": rewritePath: " + template + " ("));
  }

  @ParameterizedTest(name = "{0} to {1}: {2} is {3}")
  @CsvSource({
    "/a/(.*), /b/$1, /a/x/y, /b/x/y",
    "/a/(.*), /b/$1, /%61/x?q=%61, /b/x?q=%61",
    "/a/(.*), /b/$1, /c/../a/%7e%2f, /b/~%2F",
    "/a/(.*), /b/$1, /ab/a/x, /ab/a/x",
    "'/(\\d+)/(\\w+)', /$2/$1/$2, /7/x, /x/7/x",
    "/item/(.*), /item?id=$1, /item/7, /item?id=7",
    "/item/(.*), /item?id=$1, /item/7?a=b&c, /item?id=7&a=b&c",
    "/item/(.*), /item?id=$1, /item/7&admin=1+;, /item?id=7%26admin%3D1%2B%3B",
    "/item/(.*), /$1, /item/a&b=c, /a&b=c",
    "/a(/.*)?, /b$1, /a, /b",
    "/a/(.*), /$1, /a/.well-known, /.well-known",
    "/a/(.*), /$1, /a//evil, //evil",
    "/a/(.*), /%c3%a9%7e/$1, /a/%c3, /%C3%A9~/%C3",
  })
  void aPathThatFitsARegexIsReplaced(
      String regex, String replacement, String target, String expected) {
    assertEquals(expected, sent("/**", r -> r.to("a").rewriteRegex(regex, replacement), target));
  }

  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource({
    "/a/(.*)x(.*), /$1$2, /a/.x./b",
    "/a/(.*)x(.*), /p/$1$2/b, /a/.x.",
    "/a/(.*)x(.*), /$1$2, /a/.x.;/b",
    "/a/(.*)x(.*), /$1$2, /a/.x%2e%2fb",
    "/a/(.*)x(.*), /p/$1$2, /a/%x2e.",
    "/a/(.*)x(.*), /$1$2, /a/%x2e%x2e/b",
    "/a/(.*)x(.*), /$1$2, /a/%x61",
    "/a/(.*), /p/..$1, /a/%2Fb",
    "/a/(b*), /p/.$1, /a/",
  })
  void aReplacementThatWouldHaveDotSegmentsIsRefused(
      String regex, String replacement, String target) {
    String made = sent("/**", r -> r.to("a").rewriteRegex(regex, replacement), target);
    assertEquals("400 the path cannot be rewritten", made);
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "(, /a",
    "/a, /$1",
    "/(a), /$2",
    "/a, /$",
    "/a, /$0",
    "/a, b",
    "/a, /../b",
    "/a, /..;/b",
    "/a, '/a b'",
    "/a, '/a#b'",
    "'', /a"
  })
  void aRegexAndItsReplacementAreChecked(String regex, String replacement) {
    List<String> problems = problems("/**", r -> r.to("a").rewriteRegex(regex, replacement));
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.get(0).startsWith("route /**: rewriteRegex"), problems.get(0));
  }

  @Test
  void aRewriteThatRunsAwayIsRefused() {
    assertEquals(
        "400 finding the route took too long",
        sent(
            "/**",
            r -> r.to("a").rewriteRegex("/(.*)(.*)(.*)(.*)b", "/$1"),
            "/" + "a".repeat(200)));
  }

  @Test
  void aPathIsMadeAnewInOneWay() {
    assertEquals(
        List.of("route /a/**: rewrite: together with prefixes (expected: one or the other)"),
        problems("/a/**", r -> r.to("a").stripPrefix("/a").rewritePath("/b/**")));
  }

  private static String location(String path, Consumer<RedirectBuilder> to, ClientRequest request) {
    OwnResponse response =
        assertInstanceOf(OwnResponse.class, resolve(path, r -> r.redirect(308, to), request));
    assertEquals(308, response.status());
    assertEquals(0, response.content().length);
    return response.fields().first(FieldName.LOCATION);
  }

  @ParameterizedTest(name = "{0} {1} is {2}")
  @CsvSource({
    "h, /a?b, https://h/a?b",
    "h:8080, /a, https://h/a",
    "[::1]:8080, /%61/../b//c?, https://[::1]/b//c?",
    "'', /a, /a",
    "'', //evil.example/a, /.//evil.example/a",
    "h, //evil.example/a, https://h//evil.example/a",
    "h, /a%0d%0aX:y, https://h/a%0d%0aX:y",
  })
  void aRedirectToAnotherSchemeKeepsTheRest(String host, String target, String expected) {
    assertEquals(expected, location("/**", r -> r.scheme("https"), Requests.get(host, target)));
  }

  @ParameterizedTest(name = "to {0} {1} {2} {3} {4}: {5}")
  @CsvSource({
    "'', new.example, 0, '', , http://new.example/a/7/b?q",
    "'', new.example:81, 0, '', , http://new.example:81/a/7/b?q",
    "https, new.example, 8443, '', , https://new.example:8443/a/7/b?q",
    "https, '', 443, '', , https://h/a/7/b?q",
    "'', '', 81, '', , http://h:81/a/7/b?q",
    "'', '', 0, '/new/{id}/**', , /new/7/b?q",
    "'', '', 0, '/**', '', ",
    "'', '', 0, '/{id}', 'x=y', /7?x=y",
    "'', '', 0, '/{id}', '', /7",
    "'', '', 0, '', '', /a/7/b",
  })
  void aRedirectChangesWhatItSays(
      String scheme, String host, int port, String path, String query, String expected) {
    Consumer<RedirectBuilder> to =
        redirect -> {
          redirect.scheme(scheme).host(host).port(port).path(path);
          if (query != null) {
            redirect.query(query);
          }
        };
    ClientRequest request = Requests.get("h:8080", "/a/7/b?q");
    assertEquals(expected == null ? "/b" : expected, location("/a/{id}/**", to, request));
  }

  @Test
  void ofARequestForTheWholeServerARedirectKnowsNoPath() {
    ClientRequest request = Requests.request("OPTIONS", "h", "*", false, "203.0.113.9");
    assertEquals("https://h/", location("/**", r -> r.scheme("https"), request));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectHasTheStatusSaid(int status) {
    Resolution response =
        resolve("/**", r -> r.redirect(status, to -> to.path("/x")), Requests.get("h", "/"));
    assertEquals(status, ((OwnResponse) response).status());
  }

  @Test
  void wrongRedirectsAreReported() {
    assertEquals(
        List.of(
            "route /a: redirect: status: 300 (expected: 301, 302, 303, 307 or 308)",
            "route /a: redirect: scheme: ftp (expected: http or https)",
            "route /a: redirect: port: 65536 (expected: 0 to 65535)",
            "route /a: redirect: port: 65536 (expected: none if the host has one)",
            "route /a: redirect: query: a b (expected: characters of a query, others escaped)",
            "route /a: redirect: path: /** (expected: only {names} that the route's path has once,"
                + " and ** only if it has that)"),
        problems(
            "/a",
            r ->
                r.redirect(
                    300,
                    to -> to.scheme("ftp").host("h:81").port(65_536).query("a b").path("/**"))));
    assertEquals(
        List.of("route /a: redirect: host: a b (expected: a host, or a host and port)"),
        problems("/a", r -> r.redirect(301, to -> to.host("a b"))));
    assertEquals(
        List.of("route /a: redirect: target: what was asked for (expected: another one)"),
        problems("/a", r -> r.redirect(301, to -> {})));
  }

  @Test
  void aFixedResponseIsTextWithTheRoutesFields() {
    OwnResponse response =
        (OwnResponse)
            resolve(
                "/**",
                r -> r.respond(410, "gone ö").responseField("Cache-Control", "no-store"),
                Requests.get("h", "/"));
    assertEquals(410, response.status());
    assertEquals("gone ö", new String(response.content(), StandardCharsets.UTF_8));
    assertEquals("text/plain; charset=utf-8", response.fields().first(FieldName.CONTENT_TYPE));
    assertEquals("no-store", response.fields().first(FieldName.CACHE_CONTROL));
  }

  @Test
  void aFixedResponseMayBeOfAnotherTypeOrWithoutContent() {
    OwnResponse html =
        (OwnResponse)
            resolve(
                "/**",
                r -> r.respond(200, "<p>").responseField("Content-Type", "text/html"),
                Requests.get("h", "/"));
    assertEquals(List.of("text/html"), html.fields().all(FieldName.CONTENT_TYPE));
    OwnResponse empty =
        (OwnResponse) resolve("/**", r -> r.respond(204, ""), Requests.get("h", "/"));
    assertEquals(0, empty.fields().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {199, 600})
  void aFixedResponseHasAFinalStatus(int status) {
    assertEquals(
        List.of("route /a: respond: status: " + status + " (expected: 200 to 599)"),
        problems("/a", r -> r.respond(status, "")));
  }

  private static int[] shares(Consumer<RouteBuilder> details, int requests, String... fields) {
    RouteTable table = RouteTables.of(builder("/**", details).settings());
    int[] counts = new int[2];
    for (int i = 0; i < requests; i++) {
      String[] own = fields.clone();
      for (int j = 1; j < own.length; j += 2) {
        own[j] += i;
      }
      ClientRequest request = Requests.request("GET", "h", "/", false, "203.0.113." + i % 256, own);
      counts[table.resolve(request).toString().equals("a") ? 0 : 1]++;
    }
    return counts;
  }

  @Test
  void requestsAreSplitByWeight() {
    int[] counts = shares(r -> r.split("a", 90).split("b", 10), 10_000);
    assertTrue(Math.abs(counts[1] - 1000) < 120, "of 10,000: " + counts[1]);
  }

  @Test
  void aWeightOfNoneGetsNothing() {
    assertEquals(0, shares(r -> r.split("a", 0).split("b", 1), 1000)[0]);
    assertEquals(0, shares(r -> r.split("a", 1).split("b", 0), 1000)[1]);
  }

  @Test
  void aSplitByFieldIsByWeightToo() {
    int[] counts =
        shares(r -> r.split("a", 90).split("b", 10).splitByField("X-User"), 10_000, "X-User", "u");
    assertTrue(Math.abs(counts[1] - 1000) < 120, "of 10,000: " + counts[1]);
  }

  @Test
  void requestsAlikeGoTheSameWay() {
    RouteTable byCookie =
        RouteTables.of(
            builder("/**", r -> r.split("a", 1).split("b", 1).splitByCookie("s")).settings());
    RouteTable byClient =
        RouteTables.of(
            builder("/**", r -> r.split("a", 1).split("b", 1).splitByClient()).settings());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      ClientRequest request =
          Requests.request(
              "GET", "h", "/", false, "203.0.113." + i, "Cookie", "t=" + i, "Cookie", "s=" + i);
      String cookie = byCookie.resolve(request).toString();
      String client = byClient.resolve(request).toString();
      seen.add(cookie + client);
      for (int again = 0; again < 5; again++) {
        assertEquals(cookie, byCookie.resolve(request).toString());
        assertEquals(client, byClient.resolve(request).toString());
      }
    }
    assertEquals(Set.of("aa", "ab", "ba", "bb"), seen);
  }

  @Test
  void behindATrustedProxyAClientThatItTellsDecides() {
    RouteTable table =
        RouteTables.of(
            builder("/**", r -> r.split("a", 1).split("b", 1).splitByClient())
                .trustedClients("198.51.100.1")
                .settings());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      String client = "203.0.113." + i;
      String direct = table.resolve(Requests.request("GET", "h", "/", false, client)).toString();
      ClientRequest told =
          Requests.request("GET", "h", "/", false, "198.51.100.1", "X-Forwarded-For", client);
      assertEquals(direct, table.resolve(told).toString());
      seen.add(direct);
    }
    assertEquals(Set.of("a", "b"), seen);
  }

  @Test
  void withoutWhatDecidesChanceDoes() {
    int[] counts = shares(r -> r.split("a", 1).split("b", 1).splitByCookie("s"), 1000);
    assertTrue(counts[0] > 400 && counts[1] > 400, counts[0] + " and " + counts[1]);
  }

  @Test
  void wrongSplitsAreReported() {
    assertEquals(
        List.of("route /**: split: weight of a: 1001 (expected: 0 to 1000)"),
        problems("/**", r -> r.split("a", 1001)));
    assertEquals(
        List.of("route /**: split: a (expected: clusters that differ, one with a weight at least)"),
        problems("/**", r -> r.split("a", 0)));
    assertEquals(
        List.of(
            "route /**: split: a, a (expected: clusters that differ, one with a weight at least)"),
        problems("/**", r -> r.split("a", 1).split("a", 1)));
    assertEquals(
        List.of("route /**: split by: a b (expected: the name of a field or cookie)"),
        problems("/**", r -> r.split("a", 1).splitByCookie("a b")));
    assertEquals(
        List.of("route /**: cluster: gone (expected: one of a, b)"),
        problems("/**", r -> r.split("a", 1).split("gone", 1)));
  }

  @Test
  void nobodyIsAskedAboutOurOwnResponses() {
    assertEquals(
        List.of(
            "route /**: authorization: of our own response (expected: of what a cluster serves)"),
        problems("/**", r -> r.respond(200, "").authorizedBy("a", "/verify")));
  }

  @Test
  void theLastActionCounts() {
    RouteBuilder route = new RouteBuilder(path("/**"));
    route.to("a").respond(200, "").split("a", 1).redirect(301, to -> to.path("/")).to("b");
    assertEquals(List.of("b"), route.reference().clusters());
    assertEquals(List.of(), route.respond(200, "").reference().clusters());
  }
}
