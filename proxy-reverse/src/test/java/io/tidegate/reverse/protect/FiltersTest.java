package io.tidegate.reverse.protect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.reverse.Requests;
import io.tidegate.reverse.route.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiltersTest {
  private static final List<HostPattern> HOSTS =
      List.of(host("shop.example"), host("*.img.example"), host("*"));

  private static HostPattern host(String text) {
    return Objects.requireNonNull(HostPattern.parse(text));
  }

  private static Filters filters(Consumer<FilterBuilder> details) {
    FilterBuilder builder = new FilterBuilder();
    details.accept(builder);
    List<RequestFilter> filters = new ArrayList<>(Filters.builtIn(builder.settings(), HOSTS));
    filters.addAll(builder.own());
    return new Filters(filters);
  }

  private static String refuses(Filters filters, ClientRequest request) {
    Failure failure = filters.refuses(request);
    return failure == null ? "" : failure.status() + " " + failure.detail();
  }

  private static void allOn(FilterBuilder filters) {
    filters
        .pathTraversal()
        .controlOctets()
        .unknownHosts()
        .debugMethods()
        .refuseOverrideFields()
        .maxPathBytes(2_048)
        .maxQueryBytes(2_048)
        .maxQueryParameters(50)
        .maxFieldBytes(4_096)
        .maxCookieBytes(4_096);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "*",
        "/index.html",
        "/a..b/c",
        "/.well-known/acme-challenge/x",
        "/..hidden/file..txt",
        "/...",
        "/a/.../b",
        "/v1.2..v1.3/compare",
        "/caf%C3%A9/%E6%97%A5%E6%9C%AC",
        "/100%25/off",
        "/a%2Fb;v=1",
        "/search?q=wait...+what",
        "/search?q=..",
        "/search?q=a..b&range=1..5",
        "/search?q=1%2F2%20cup",
        "/search?q=%C3%80%C3%81%C0%E9",
        "/redirect?to=https%3A%2F%2Fshop.example%2Fa%3Fb%3Dc%26d%3D%2525",
        "/form?text=line+1%0D%0Aline+2%09x",
        "/form?a=1&b=&c&&=d",
        "/?",
        "/?%",
        "/%zz?%2",
        "/a?token=eyJhbGciOiJIUzI1NiJ9.e30.Et9HFtf9R3GEMA0IICOfFMVXY7kkTX1wr4qCyIf58U",
        "/img?src=./a.png&alt=.%2Fb",
        "/api?filter=name%20eq%20%27x%27&$top=10",
      })
  void ordinaryRequestsPass(String target) {
    assertEquals(
        "",
        refuses(
            filters(FiltersTest::allOn),
            Requests.request(
                target.equals("*") ? "OPTIONS" : "GET",
                "shop.example",
                target,
                true,
                "203.0.113.9",
                "User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Accept",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "Cookie",
                "session=abc; theme=dark",
                "X-Requested-With",
                "XMLHttpRequest")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../etc/passwd",
        "/a/..",
        "/a/../b",
        "/%2e%2e/x",
        "/.%2e/x",
        "/%252e%252e/x",
        "/a/..%2fb",
        "/a/..%252fb",
        "/a/..%5cb",
        "/a\\..\\b",
        "/a/..;/b",
        "/a/..;v=1/b",
        "/%c0%ae%c0%ae/x",
        "/..%c0%afx",
        "/..%c1%9cx",
      })
  void aPathThatClimbsIsRefused(String target) {
    assertEquals(
        "400 the path has a segment ..",
        refuses(filters(FilterBuilder::pathTraversal), Requests.get("a", target)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?file=../../etc/passwd",
        "/?file=..%2f..%2fetc/passwd",
        "/?file=%252e%252e%252fetc",
        "/?a=b&file=/var/www/..",
        "/?a=b&file=x/../y&c",
        "/?file=..\\windows",
        "/?../x",
        "/?file=/a%2f..",
      })
  void aQueryParameterThatClimbsIsRefused(String target) {
    assertEquals(
        "400 the query has a path with ..",
        refuses(filters(FilterBuilder::pathTraversal), Requests.get("a", target)));
  }

  @ParameterizedTest
  @CsvSource({
    "/a%00b, 400 the path has a control octet",
    "/a%0ab, 400 the path has a control octet",
    "/a%09b, 400 the path has a control octet",
    "/a%7F, 400 the path has a control octet",
    "/a%2500, 400 the path has a control octet",
    "/a%25250a, ''",
    "/?a=%00, 400 the query has a control octet",
    "/?a=%2500, 400 the query has a control octet",
    "/?a=%1b, 400 the query has a control octet",
    "/?a=%0d%0A, ''",
    "/?a=%80%9f, ''",
  })
  void escapedControlOctetsAreRefused(String target, String expected) {
    assertEquals(
        expected, refuses(filters(FilterBuilder::controlOctets), Requests.get("a", target)));
  }

  @ParameterizedTest
  @CsvSource({
    "/?a=%0dSet-Cookie:x, 400 the query has a line break",
    "/?a=%250A, 400 the query has a line break",
    "/?a=%00, ''",
    "/a%0a, ''",
  })
  void lineBreaksInTheQueryAreRefusedIfTheUserSaysSo(String target, String expected) {
    assertEquals(expected, refuses(filters(FilterBuilder::lineBreaks), Requests.get("a", target)));
  }

  @Test
  void whatIsLongerThanTheLimitIsRefused() {
    Filters filters =
        filters(
            f ->
                f.maxPathBytes(5)
                    .maxQueryBytes(7)
                    .maxQueryParameters(3)
                    .maxFieldBytes(8)
                    .maxCookieBytes(20));
    assertEquals("", refuses(filters, Requests.get("a", "/1234?a&b&c=1")));
    assertEquals("414 the path is too long", refuses(filters, Requests.get("a", "/12345?")));
    assertEquals("414 the query is too long", refuses(filters, Requests.get("a", "/?12345678")));
    assertEquals("400 too many query parameters", refuses(filters, Requests.get("a", "/?a&b&c&d")));
    assertEquals("", refuses(filters, fields("A", "123")));
    assertEquals("431 a field is too long", refuses(filters, fields("A", "1234")));
    assertEquals("", refuses(filters, fields("Cookie", "0123456789")));
    assertEquals("431 the cookies are too long", refuses(filters, fields("Cookie", "0123456789a")));
    assertEquals(
        "431 the cookies are too long", refuses(filters, fields("Cookie", "a", "cookie", "b")));
  }

  private static ClientRequest fields(String... fields) {
    return Requests.request("GET", "a", "/", false, "203.0.113.9", fields);
  }

  @Test
  void noQueryParameterMeansNone() {
    Filters filters = filters(f -> f.maxQueryParameters(0));
    assertEquals("", refuses(filters, Requests.get("a", "/?")));
    assertEquals("400 too many query parameters", refuses(filters, Requests.get("a", "/?a")));
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example, true",
    "SHOP.example:8080, true",
    "shop.example., true",
    "a.img.example, true",
    "img.example, false",
    "192.0.2.1, false",
    "evil.example, false",
  })
  void hostsThatNoRouteNamesAreRefused(String host, boolean known) {
    Failure failure = filters(FilterBuilder::unknownHosts).refuses(Requests.get(host, "/"));
    assertEquals(
        known
            ? null
            : Failure.of(ProxyError.DESTINATION_NOT_FOUND, "this host is not served here")
                .withStatus(421),
        failure);
  }

  @ParameterizedTest
  @CsvSource({"TRACE, true", "TRACK, true", "DEBUG, true", "GET, false", "trace, false"})
  void debugMethodsAreRefused(String method, boolean refused) {
    assertEquals(
        refused ? "405 the method is not offered here" : "",
        refuses(
            filters(FilterBuilder::debugMethods),
            Requests.request(method, "a", "/", false, "203.0.113.9")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Original-URL",
        "x-rewrite-url",
        "X-Original-Host",
        "X-Host",
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override"
      })
  void fieldsThatOverrideAreRefusedOrRemoved(String name) {
    assertEquals(
        "400 a field that overrides the path, the host or the method",
        refuses(filters(FilterBuilder::refuseOverrideFields), fields("A", "1", name, "x")));
    FieldEdits edits = new FieldEdits(Fields.of("A", "1", name, "x", "B", "2"));
    OverrideFields.remove(edits);
    assertEquals(Fields.of("A", "1", "B", "2").size(), edits.toFields().size());
    assertNull(filters(FilterBuilder::removeOverrideFields).refuses(fields(name, "x")));
  }

  @Test
  void filtersOfOnesOwnAreAskedAfterThoseBuiltIn() {
    List<String> asked = new ArrayList<>();
    Filters filters =
        filters(
            f ->
                f.filter(
                        request -> {
                          asked.add(request.pathAndQuery());
                          return Failure.denied("no");
                        })
                    .pathTraversal());
    assertEquals("400 the path has a segment ..", refuses(filters, Requests.get("a", "/..")));
    assertEquals("403 no", refuses(filters, Requests.get("a", "/a")));
    assertEquals(List.of("/a"), asked);
  }

  @Test
  void noInputMakesAFilterFail() {
    Random random = new Random(4);
    Filters filters = filters(FiltersTest::allOn);
    String[] pieces = {
      "%", "2", "5", "e", ".", "..", "/", "\\", "?", "&", "=", ";", "%00", "%c0", "a"
    };
    for (int i = 0; i < 100_000; i++) {
      StringBuilder target = new StringBuilder("/");
      for (int n = random.nextInt(12); n > 0; n--) {
        target.append(pieces[random.nextInt(pieces.length)]);
      }
      Failure failure = filters.refuses(Requests.get("shop.example", target.toString()));
      assertEquals(failure == null ? 0 : 400, failure == null ? 0 : failure.status());
    }
  }

  @Test
  void whatCannotWorkIsRejected() {
    InvalidSettingsException thrown =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                filters(
                    f ->
                        f.maxPathBytes(0)
                            .maxQueryBytes(-1)
                            .maxQueryParameters(-1)
                            .maxFieldBytes(0)
                            .maxCookieBytes(-1)));
    assertEquals(
        List.of(
            "maxPathBytes: 0 (expected: >= 1)",
            "maxQueryBytes: -1 (expected: >= 0)",
            "maxQueryParameters: -1 (expected: >= 0)",
            "maxFieldBytes: 0 (expected: >= 1)",
            "maxCookieBytes: -1 (expected: >= 0)"),
        thrown.problems());
  }
}
