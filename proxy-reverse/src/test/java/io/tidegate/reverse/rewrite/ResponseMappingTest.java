package io.tidegate.reverse.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.Destination;
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
  private static final String ORIGIN = "https://shop.example";

  private final ResponseMapping mapping =
      new ResponseMapping(new PrefixMapping("/orders", "/v2"), Optional.empty());
  private final ResponseMapping named =
      new ResponseMapping(
          new PrefixMapping("", ""), Optional.of(new Authority("internal.example", 81)));

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "http://10.0.0.1:8080/v2/7?x#y, https://shop.example/orders/7?x#y",
    "HTTP://10.0.0.1:8080/v2, https://shop.example/orders",
    "http://10.0.0.1:8080/login, https://shop.example/login",
    "http://10.0.0.1:8080, https://shop.example/",
    "http://10.0.0.1:8080?x, https://shop.example/?x",
    "http://10.0.0.1:8080#x, https://shop.example/#x",
    "/v2/7, /orders/7",
    "/v2?x, /orders?x",
    "/login, /login",
  })
  void referencesToTheUpstreamBecomeTheClients(String value, String expected) {
    assertEquals(expected, mapping.reference(value, UPSTREAM, ORIGIN));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "/v2//evil.example/d/, '', /.//evil.example/d/",
    "/v2/\\evil.example, '', /./\\evil.example",
    "http://10.0.0.1:8080/v2//evil.example/, '', /.//evil.example/",
    "http://10.0.0.1:8080//evil.example/, '', /.//evil.example/",
    "http://10.0.0.1:8080/v2//a, https://shop.example, https://shop.example//a",
  })
  void noReferenceToTheUpstreamBecomesOneToAnotherHost(
      String value, String origin, String expected) {
    ResponseMapping added = new ResponseMapping(new PrefixMapping("", "/v2"), Optional.empty());
    assertEquals(expected, added.reference(value, UPSTREAM, origin));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://10.0.0.1:8080/v2/7",
        "http://10.0.0.1/v2/7",
        "http://10.0.0.1:8081/v2/7",
        "http://10.0.0.2:8080/v2/7",
        "http://user@10.0.0.1:8080/v2/7",
        "http://10.0.0.1:8080.evil.example/v2/7",
        "http://",
        "https://shop.example/v2/7",
        "//10.0.0.1:8080/v2/7",
        "v2/7",
        "../v2",
        "?x",
        "#x",
        "",
        "mailto:a@b",
        "://",
      })
  void anythingElseStays(String value) {
    assertEquals(value, mapping.reference(value, UPSTREAM, ORIGIN));
  }

  @Test
  void theDefaultPortMayBeLeftOutAndCaseDoesNotCount() {
    assertEquals(ORIGIN + "/x", mapping.reference("https://App.Internal/x", SECURE, ORIGIN));
    assertEquals(ORIGIN + "/x", mapping.reference("https://app.internal:443/x", SECURE, ORIGIN));
    assertEquals(ORIGIN + "/x", mapping.reference("http://[::1]/x", V6, ORIGIN));
  }

  @Test
  void theHostWeToldTheUpstreamIsItsOwnToo() {
    assertEquals(ORIGIN + "/x", named.reference("http://internal.example:81/x", UPSTREAM, ORIGIN));
    assertEquals(
        "http://internal.example/x",
        named.reference("http://internal.example/x", UPSTREAM, ORIGIN));
    assertEquals("a=b", named.cookie("a=b; Domain=internal.example", UPSTREAM));
  }

  @Test
  void withoutAKnownOriginTheReferenceIsAPath() {
    assertEquals("/orders/7", mapping.reference("http://10.0.0.1:8080/v2/7", UPSTREAM, ""));
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
    assertEquals(expected, mapping.refresh(value, UPSTREAM, ORIGIN));
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
    assertEquals(expected, mapping.cookie(value, UPSTREAM));
  }

  private static FieldEdits apply(ResponseMapping mapping, String... fields) {
    FieldEdits edits = new FieldEdits(Fields.of(fields));
    mapping.apply(edits, UPSTREAM, ORIGIN);
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
    assertEquals("</v2/4>", fields.first(FieldName.of("Link")));
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
    "Server, false",
  })
  void mostResponsesHaveNothingToMap(String field, boolean expected) {
    assertEquals(expected, ResponseMapping.concerns(Fields.of(field, "x")));
    assertFalse(ResponseMapping.concerns(Fields.empty()));
  }
}
