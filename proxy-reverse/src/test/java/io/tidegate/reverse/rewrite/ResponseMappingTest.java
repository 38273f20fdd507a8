package io.tidegate.reverse.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.route.HostPattern;
import io.tidegate.reverse.route.PathTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseMappingTest {
  private static final Destination UPSTREAM = new Destination(false, "10.0.0.1", 8080, null);
  private static final Destination SECURE = new Destination(true, "app.internal", 443, null);
  private static final Destination V6 = new Destination(false, "::1", 80, null);
  private static final ClientSide CLIENT =
      new ClientSide("https", new Authority("shop.example", -1), true);
  private static final ClientSide UNKNOWN =
      new ClientSide("", new Authority("shop.example", -1), true);

  private final ResponseMapping mapping = mapping("/orders/**", "/orders", "/v2", Optional.empty());
  private final ResponseMapping named =
      mapping("/**", "", "", Optional.of(new Authority("internal.example", 81)));

  private static ResponseMapping mapping(
      String path, String strip, String add, Optional<Authority> hostName) {
    UrlSpace.Way own = way("*", path, new PrefixMapping(strip, add));
    return new ResponseMapping(own, hostName, new UrlSpace(), false);
  }

  private static UrlSpace.Way way(String host, String path, PathMapping paths) {
    return new UrlSpace.Way(HostPattern.parse(host), PathTemplate.parse(path), paths);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "http://10.0.0.1:8080/v2/7?x#y, https://shop.example/orders/7?x#y",
    "HTTP://10.0.0.1:8080/v2, https://shop.example/orders",
    "http://10.0.0.1:8080/login, https://shop.example/login",
    "http://10.0.0.1:8080, https://shop.example/",
    "http://10.0.0.1:8080?x, https://shop.example/?x",
    "http://10.0.0.1:8080#x, https://shop.example/#x",
    "https://10.0.0.1:8080/v2/7, https://shop.example/orders/7",
    "http://user@10.0.0.1:8080/v2/7, https://shop.example/orders/7",
    "//10.0.0.1:8080/v2/7, https://shop.example/orders/7",
    "/v2/7, /orders/7",
    "/v2?x, /orders?x",
    "/login, /login",
  })
  void referencesToTheUpstreamBecomeTheClients(String value, String expected) {
    assertEquals(expected, mapping.reference(value, UPSTREAM, CLIENT));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "/v2//evil.example/d/, false, /.//evil.example/d/",
    "/v2/\\evil.example, false, /./\\evil.example",
    "http://10.0.0.1:8080/v2//evil.example/, false, /.//evil.example/",
    "http://10.0.0.1:8080//evil.example/, false, /.//evil.example/",
    "http://10.0.0.1:8080/v2//a, true, https://shop.example//a",
  })
  void noReferenceToTheUpstreamBecomesOneToAnotherHost(
      String value, boolean known, String expected) {
    ResponseMapping added = mapping("/**", "", "/v2", Optional.empty());
    assertEquals(expected, added.reference(value, UPSTREAM, known ? CLIENT : UNKNOWN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1/v2/7",
        "http://10.0.0.1:8081/v2/7",
        "http://10.0.0.2:8080/v2/7",
        "http://10.0.0.1:8080.evil.example/v2/7",
        "http://",
        "https://shop.example/v2/7",
        "v2/7",
        "../v2",
        "?x",
        "#x",
        "",
        "mailto:a@b",
        "://",
      })
  void anythingElseStays(String value) {
    assertEquals(value, mapping.reference(value, UPSTREAM, CLIENT));
  }

  @Test
  void theDefaultPortMayBeLeftOutAndCaseDoesNotCount() {
    assertEquals(
        "https://shop.example/x", mapping.reference("https://App.Internal/x", SECURE, CLIENT));
    assertEquals(
        "https://shop.example/x", mapping.reference("https://app.internal:443/x", SECURE, CLIENT));
    assertEquals("https://shop.example/x", mapping.reference("http://[::1]/x", V6, CLIENT));
  }

  @Test
  void theHostWeToldTheUpstreamIsItsOwnToo() {
    assertEquals(
        "https://shop.example/x",
        named.reference("http://internal.example:81/x", UPSTREAM, CLIENT));
    assertEquals(
        "http://internal.example/x",
        named.reference("http://internal.example/x", UPSTREAM, CLIENT));
    assertEquals("a=b", named.cookie("a=b; Domain=internal.example", UPSTREAM, CLIENT));
  }

  @Test
  void withoutAKnownOriginTheReferenceIsAPath() {
    assertEquals("/orders/7", mapping.reference("http://10.0.0.1:8080/v2/7", UPSTREAM, UNKNOWN));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "5, 5",
    "5; url=/v2/7, 5; url=/orders/7",
    "5;URL=http://10.0.0.1:8080/v2/7, 5;URL=https://shop.example/orders/7",
    "5; url=\"/v2/7\", 5; url=\"/orders/7\"",
    "5; url='/v2/7, 5; url='/v2/7",
    "5; url=, 5; url=",
    "5; url=/other, 5; url=/other",
  })
  void theReferenceInRefreshIsMapped(String value, String expected) {
    assertEquals(expected, mapping.refresh(value, UPSTREAM, CLIENT));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "a=b, a=b",
    "a=b; Path=/v2/x; Secure, a=b; Path=/orders/x; Secure",
    "a=b;path=/v2;HttpOnly, a=b;path=/orders;HttpOnly",
    "a=b; Path=/, a=b; Path=/orders",
    "a=b; Path=/other, a=b; Path=/other",
    "a=b; Path=; Secure, a=b; Path=; Secure",
    "a=b; Path; Secure, a=b; Path; Secure",
    "a=b; Domain=10.0.0.1; Secure, a=b; Secure",
    "a=b; domain=.10.0.0.1, a=b",
    "a=b; Domain=shop.example; Path=/v2, a=b; Domain=shop.example; Path=/orders",
    "a=b; Domain; Secure, a=b; Domain; Secure",
    "a=Path=/v2; Secure; Max-Age=5, a=Path=/v2; Secure; Max-Age=5",
    "__Host-a=b; Path=/; Secure, __Host-a=b; Path=/; Secure",
    "__Secure-a=b; Path=/; Secure, __Secure-a=b; Path=/orders; Secure",
    "a=b;, a=b;",
    "a=b; ; Path=/v2, a=b; ; Path=/orders",
  })
  void pathAndDomainOfCookiesAreMapped(String value, String expected) {
    assertEquals(expected, mapping.cookie(value, UPSTREAM, CLIENT));
  }

  private static FieldEdits apply(ResponseMapping mapping, String... fields) {
    FieldEdits edits = new FieldEdits(Fields.of(fields));
    mapping.apply(edits, UPSTREAM, CLIENT);
    return edits;
  }

  @Test
  void allFieldsWithReferencesAreMapped() {
    Fields fields =
        apply(
                mapping,
                "Location",
                "/v2/1",
                "Content-Location",
                "/v2/2",
                "Refresh",
                "1; url=/v2/3",
                "Link",
                "</v2/4>")
            .toFields();
    assertEquals("/orders/1", fields.first(FieldName.LOCATION));
    assertEquals("/orders/2", fields.first(FieldName.CONTENT_LOCATION));
    assertEquals("1; url=/orders/3", fields.first(FieldName.of("Refresh")));
    assertEquals("</orders/4>", fields.first(FieldName.of("Link")));
  }

  @Test
  void cookiesKeepTheirOrder() {
    Fields fields =
        apply(mapping, "Set-Cookie", "a=1", "Set-Cookie", "a=2; Path=/v2", "Set-Cookie", "a=3")
            .toFields();
    assertEquals(List.of("a=1", "a=2; Path=/orders", "a=3"), fields.all(FieldName.SET_COOKIE));
  }

  @Test
  void whatNeedsNoMappingIsNotTouched() {
    FieldEdits edits =
        apply(mapping, "Location", "/x", "Set-Cookie", "a=1; Secure", "Content-Type", "text/plain");
    assertEquals(0, edits.added());
    assertTrue(edits.keeps(0) && edits.keeps(1) && edits.keeps(2));
  }

  @Test
  void severalLocationsStayAsNobodyKnowsWhichOneCounts() {
    assertEquals(0, apply(mapping, "Location", "/v2/1", "Location", "/v2/2").added());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "Location, true",
    "content-location, true",
    "Set-Cookie, true",
    "Refresh, true",
    "Link, true",
    "Server, false",
  })
  void mostResponsesHaveNothingToMap(String field, boolean expected) {
    assertEquals(expected, ResponseMapping.concerns(Fields.of(field, "x")));
    assertFalse(ResponseMapping.concerns(Fields.empty()));
  }

  private static UrlSpace shop() {
    UrlSpace space = new UrlSpace();
    space.endpoint("app", false, "10.0.0.1", 8080);
    space.endpoint("img", false, "Img.internal", 80);
    space.endpoint("img", true, "img2.internal", 8443);
    space.endpoint("blog", false, "fd00::7", 8080);
    space.alias("blog", new Authority("blog-backend", -1));
    space.alias("lost", new Authority("lost.internal", 9000));
    space.way("img", way("*", "/img/**", new PrefixMapping("/img", "/static")));
    space.way("img", way("cdn.example", "/**", new PrefixMapping("", "")));
    space.way("blog", way("*.blog.example", "/**", new PrefixMapping("", "")));
    space.way(
        "blog",
        way(
            "blog.example",
            "/{user}/**",
            new TemplateMapping(
                PathTemplate.parse("/{user}/**"), PathTemplate.parse("/u/{user}/**"))));
    return space;
  }

  private static String inShop(String value, ClientSide client) {
    UrlSpace.Way own = way("*", "/**", new PrefixMapping("", ""));
    return new ResponseMapping(own, Optional.empty(), shop(), false)
        .reference(value, UPSTREAM, client);
  }

  @ParameterizedTest(name = "{0} is {1}, {2}")
  @CsvSource({
    "http://img.internal/static/a.png?x#y, https://shop.example/img/a.png?x#y, /img/a.png?x#y",
    "https://img.internal/static/a.png, https://shop.example/img/a.png, /img/a.png",
    "//img2.internal:8443/static, https://shop.example/img, /img",
    "http://img.internal/other, https://cdn.example/other, //cdn.example/other",
    "http://[fd00::7]:8080/u/ann/x, https://blog.example/ann/x, //blog.example/ann/x",
    "http://blog-backend:1234/u/ann, https://blog.example/ann, //blog.example/ann",
    "http://blog-backend/login, https://shop.example/login, /login",
    "http://lost.internal:9000/a, https://shop.example/a, /a",
    "http://lost.internal:9000//evil.example, https://shop.example//evil.example, /.//evil.example",
    "http://lost.internal/a, http://lost.internal/a, http://lost.internal/a",
    "http://img.internal:81/static, http://img.internal:81/static, http://img.internal:81/static",
  })
  void referencesToOtherServersLeadThroughTheRoutesThatLeadThere(
      String value, String known, String unknown) {
    assertEquals(known, inShop(value, CLIENT));
    assertEquals(unknown, inShop(value, UNKNOWN));
  }

  @Test
  void theHostThatTheClientAskedForIsPreferred() {
    ClientSide cdn = new ClientSide("http", new Authority("cdn.example", 8000), false);
    assertEquals("http://cdn.example:8000/img/a", inShop("http://img.internal/static/a", cdn));
    ClientSide ann = new ClientSide("http", new Authority("ann.blog.example", 8000), false);
    assertEquals(
        "http://ann.blog.example:8000/u/ann/x", inShop("http://blog-backend/u/ann/x", ann));
    assertEquals("http://cdn.example:8000/b", inShop("http://img.internal/b", ann));
  }

  @ParameterizedTest
  @CsvSource({
    "http://app.internal:8080/a, https://shop.example/a",
    "http://10.0.0.7:8080/a, https://shop.example/a",
    "http://[fd00::9]:8080/a, https://shop.example/a",
    "http://10.0.0.7:8081/a, http://10.0.0.7:8081/a",
    "http://10.0.0.8:8080/a, http://10.0.0.8:8080/a",
  })
  void endpointsThatHaveComeSinceAreHiddenByNameAndAddress(String value, String expected) {
    Destination app = new Destination(false, "app.internal", 8080, null);
    List<Destination> members = new ArrayList<>();
    UrlSpace space = new UrlSpace();
    space.members("app", () -> members);
    UrlSpace.Way own = way("*", "/**", new PrefixMapping("", ""));
    space.way("app", own);
    ResponseMapping mapping = new ResponseMapping(own, Optional.empty(), space, false);
    assertEquals(value, mapping.reference(value, UPSTREAM, CLIENT));
    members.add(app.at(Ip.parse("10.0.0.7")));
    members.add(app.at(Ip.parse("fd00::9")));
    assertEquals(expected, mapping.reference(value, UPSTREAM, CLIENT));
  }

  @Test
  void theAddressThatWasDialledIsTheUpstreams() {
    Destination dialled =
        new Destination(false, "app.internal", 8080, null).at(Ip.parse("10.0.0.7"));
    assertEquals(
        "https://shop.example/orders/7",
        mapping.reference("http://10.0.0.7:8080/v2/7", dialled, CLIENT));
  }

  @Test
  void aPathThatTheRouteDoesNotLeadToIsLookedForInOthers() {
    UrlSpace space = new UrlSpace();
    space.endpoint("app", false, "10.0.0.1", 8080);
    UrlSpace.Way own = way("*", "/orders/**", new PrefixMapping("/orders", "/v2"));
    space.way("app", own);
    space.way("app", way("*", "/login/**", new PrefixMapping("", "/auth")));
    ResponseMapping mapping = new ResponseMapping(own, Optional.empty(), space, false);
    assertEquals("/orders/7", mapping.reference("/v2/7", UPSTREAM, CLIENT));
    assertEquals("/login/x", mapping.reference("/auth/login/x", UPSTREAM, CLIENT));
    assertEquals("/auth/other", mapping.reference("/auth/other", UPSTREAM, CLIENT));
  }

  @Test
  void theClientsOwnUrlIsLeftAlone() {
    UrlSpace space = new UrlSpace();
    space.endpoint("app", false, "shop.example", 80);
    UrlSpace.Way own = way("*", "/a/**", new PrefixMapping("/a", ""));
    ResponseMapping mapping = new ResponseMapping(own, Optional.empty(), space, false);
    Destination app = new Destination(false, "shop.example", 80, null);
    assertEquals(
        "https://shop.example/x", mapping.reference("https://shop.example/x", app, CLIENT));
    assertEquals(
        "https://shop.example/a/x", mapping.reference("http://shop.example/x", app, CLIENT));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "</v2/a>; rel=next, </v2/b>; rel=\"a, </v2/b>\" | </orders/a>; rel=next, </orders/b>;"
            + " rel=\"a, </v2/b>\"",
        "<http://10.0.0.1:8080/v2/a>;rel=self;anchor=\"/v2/b\" |"
            + " <https://shop.example/orders/a>;rel=self;anchor=\"/orders/b\"",
        "</v2/a>; ANCHOR = \"/v2/b\" | </orders/a>; ANCHOR = \"/orders/b\"",
        "</v2/a>; myanchor=\"/v2/b\" | </orders/a>; myanchor=\"/v2/b\"",
        "</v2/a>; title=\"\\\"</v2>\" | </orders/a>; title=\"\\\"</v2>\"",
        "</v2/a | </v2/a",
        "</v2/a>; title=\"x | </v2/a>; title=\"x",
        "<>; rel=x | <>; rel=x",
      })
  void theReferencesOfLinksAreMapped(String value, String expected) {
    Fields fields = apply(mapping, "Link", value).toFields();
    assertEquals(expected, fields.first(FieldName.of("Link")));
  }

  @Test
  void severalLinkLinesKeepTheirOrder() {
    Fields fields = apply(mapping, "Link", "<x>", "Link", "</v2/a>").toFields();
    assertEquals(List.of("<x>", "</orders/a>"), fields.all(FieldName.of("Link")));
  }

  @ParameterizedTest(name = "{0} asked as {1}: {2}")
  @CsvSource({
    "app.corp.example, shop.example, a=b",
    "corp.example, shop.example, a=b",
    ".corp.example, shop.corp.example, a=b; Domain=.corp.example",
    "img.internal, shop.example, a=b",
    "example, shop.example, a=b; Domain=example",
    "other.example, shop.example, a=b; Domain=other.example",
    "corp.example, '', a=b; Domain=corp.example",
  })
  void noCookieTellsOfAHiddenDomain(String domain, String asked, String expected) {
    UrlSpace.Way own = way("*", "/**", new PrefixMapping("", ""));
    ResponseMapping mapping = new ResponseMapping(own, Optional.empty(), shop(), false);
    Destination app = new Destination(false, "app.corp.example", 80, null);
    ClientSide client = new ClientSide("https", new Authority(asked, -1), true);
    assertEquals(expected, mapping.cookie("a=b; Domain=" + domain, app, client));
  }

  @ParameterizedTest(name = "{0}, secure {1}: {2}")
  @CsvSource({
    "a=b, true, a=b; Secure",
    "a=b; Path=/, true, a=b; Path=/; Secure",
    "a=b; secure, true, a=b; secure",
    "a=b, false, a=b",
    "__Host-a=b; Path=/; Secure, true, __Host-a=b; Path=/; Secure",
  })
  void cookiesOfSecureClientsMayBeMadeSecure(String value, boolean secure, String expected) {
    UrlSpace.Way own = way("*", "/**", new PrefixMapping("", ""));
    ResponseMapping mapping = new ResponseMapping(own, Optional.empty(), new UrlSpace(), true);
    ClientSide client = new ClientSide("", new Authority("", -1), secure);
    assertEquals(expected, mapping.cookie(value, UPSTREAM, client));
  }

  private static Fields hidden(String... fields) {
    FieldEdits edits = new FieldEdits(Fields.of(fields));
    new HiddenNames(shop()).apply(edits);
    return edits.toFields();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1.1 img.internal | 1.1 upstream",
        "1.1 IMG.internal:8080 (nginx), 1.0 cache | 1.1 upstream, 1.0 cache",
        "HTTP/2 10.0.0.1 | HTTP/2 upstream",
        "1.1 cache (x), 1.1 other.internal | 1.1 cache (x), 1.1 other.internal",
      })
  void viaNamesNoHiddenServer(String value, String expected) {
    assertEquals(expected, hidden("Via", value).first(FieldName.VIA));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "h3=\":443\"; ma=60 | false",
        "h2=\"img.internal:443\" | false",
        "h2=\"alt.example:443\", h3=\":443\" | false",
        "h2=\"alt.example:443\"; ma=60 | true",
        "clear | true",
        "nonsense | false",
      })
  void onlyAlternativesThatClientsCanReachAreKept(String value, boolean kept) {
    assertEquals(kept, hidden("Alt-Svc", value).contains(FieldName.of("Alt-Svc")));
  }
}
