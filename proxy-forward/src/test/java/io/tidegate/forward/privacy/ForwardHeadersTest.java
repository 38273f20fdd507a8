package io.tidegate.forward.privacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardHeadersTest {
  private static final ClientRequest REQUEST = Sample.get("http://example.com/");
  private static final Destination DESTINATION = new Destination(false, "example.com", 80, null);

  private static Fields upstreamRequest(ForwardProxy.Builder builder, Fields received) {
    FieldEdits edits = new FieldEdits(received);
    Sample.headers(builder).upstreamRequest(REQUEST, DESTINATION, edits);
    return edits.toFields();
  }

  private static Fields clientResponse(ForwardProxy.Builder builder, Fields received) {
    FieldEdits edits = new FieldEdits(received);
    ResponseHead head = new ResponseHead(HttpVersion.HTTP_1_1, 200, "OK", received);
    Sample.headers(builder).clientResponse(REQUEST, DESTINATION, head, edits);
    return edits.toFields();
  }

  private static FieldName name(String text) {
    return FieldName.of(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Proxy-Authorization", "proxy-connection"})
  void fieldForThisProxyGoesNoFurther(String field) {
    Fields sent = upstreamRequest(ForwardProxy.builder(), Fields.of(field, "x", "Accept", "a/b"));
    assertEquals("[Accept]", sent.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded",
        "X-Forwarded",
        "X-Forwarded-For",
        "x-forwarded-for",
        "X-Forwarded-By",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
        "X-Forwarded-Server",
        "X-Forwarded-Scheme",
        "x-forwarded-prefix",
        "Forwarded-For",
        "X-Original-Forwarded-For",
        "X-Real-IP",
        "X-Client-IP",
        "Client-IP",
        "True-Client-IP",
        "X-Cluster-Client-IP",
        "X-Remote-IP",
        "X-Remote-Addr",
        "X-Originating-IP",
        "X-ProxyUser-IP",
        "CF-Connecting-IP",
        "Fastly-Client-IP",
        "Proxy-Client-IP",
        "WL-Proxy-Client-IP",
        "X-Azure-ClientIP",
        "X-Azure-SocketIP",
        "X-AppEngine-User-IP",
        "X-Envoy-External-Address",
        "X-Nokia-IPAddress",
        "X-WAP-Network-Client-IP"
      })
  void fieldThatTellsWhoTheClientIsGoesNoFurtherUnlessKept(String field) {
    Fields received = Fields.of("Accept", "a/b", field, "10.0.0.5", field, "10.0.0.6");
    assertEquals("[Accept]", upstreamRequest(ForwardProxy.builder(), received).toString());
    Fields kept = upstreamRequest(ForwardProxy.builder().keepForwardedFields(), received);
    assertEquals(List.of("10.0.0.5", "10.0.0.6"), kept.all(name(field)));
  }

  @Test
  void nothingAboutTheClientIsAdded() {
    Fields received = Fields.of("Accept", "a/b", "Authorization", "Basic eDp5", "Cookie", "a=b");
    assertEquals(
        "[Accept, Authorization, Cookie]",
        upstreamRequest(ForwardProxy.builder(), received).toString());
    assertEquals(
        "[Accept, Authorization, Cookie]",
        upstreamRequest(ForwardProxy.builder().keepForwardedFields(), received).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Via",
        "from",
        "Proxy-Features",
        "X-Proxy-ID",
        "CF-IPCountry",
        "X-Via",
        "X-BlueCoat-Via",
        "X-IMForwards",
        "X-Loop-Control",
        "MT-Proxy-ID",
        "X-Tinyproxy",
        "X-Varnish",
        "X-Cache",
        "X-Cache-Lookup",
        "Cache-Status",
        "Surrogate-Capability"
      })
  void fieldThatTellsOfAProxyOrASenderIsRemovedAtTheHighLevelOnly(String field) {
    Fields received = Fields.of("Accept", "a/b", field, "x");
    assertEquals("[Accept]", upstreamRequest(at(Anonymity.HIGH), received).toString());
    for (Anonymity level : List.of(Anonymity.ANONYMOUS, Anonymity.TRANSPARENT)) {
      assertEquals("x", upstreamRequest(at(level), received).first(name(field)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Client-Cert",
        "Client-Cert-Chain",
        "Remote-User",
        "X-Remote-User",
        "X-Authenticated-User",
        "X-Client-Username",
        "X-Client-Data",
        "X-UIDH",
        "X-ACR",
        "X-VF-ACR",
        "MSISDN",
        "X-MSISDN",
        "X-H3G-MSISDN",
        "X-Nokia-MSISDN",
        "X-WAP-Network-Client-MSISDN",
        "X-Up-Subno",
        "X-Up-Calling-Line-ID",
        "X-ATT-DeviceID"
      })
  void fieldThatNamesAUserOrASubscriberIsPassedOnAtTheTransparentLevelOnly(String field) {
    Fields received = Fields.of("Accept", "a/b", field, "x");
    for (Anonymity level : List.of(Anonymity.ANONYMOUS, Anonymity.HIGH)) {
      assertEquals("[Accept]", upstreamRequest(at(level), received).toString());
    }
    assertEquals("x", upstreamRequest(at(Anonymity.TRANSPARENT), received).first(name(field)));
  }

  @ParameterizedTest
  @EnumSource(Anonymity.class)
  void whatSitesAndTheirPagesAgreedOnStaysAtEveryLevel(Anonymity level) {
    Fields received =
        Fields.of(
            "Accept",
            "a/b",
            "Cookie",
            "a=b",
            "Authorization",
            "Basic eDp5",
            "Referer",
            "/x",
            "DNT",
            "1",
            "Sec-GPC",
            "1",
            "X-Requested-With",
            "app",
            "Origin",
            "null",
            "CDN-Loop",
            "a");
    Fields sent = upstreamRequest(at(level), received);
    for (int i = 0; i < received.size(); i++) {
      assertEquals(received.value(i), sent.first(name(received.name(i))));
    }
  }

  private static ForwardProxy.Builder at(Anonymity level) {
    return ForwardProxy.builder().anonymity(level);
  }

  @ParameterizedTest
  @CsvSource({
    "FORWARDED, false, for=192.0.2.10;host=example.com;proto=http, ",
    "X_FORWARDED, false, , 192.0.2.10",
    "BOTH, false, for=192.0.2.10;host=example.com;proto=http, 192.0.2.10",
    "FORWARDED, true, 'for=10.0.0.5, for=192.0.2.10;host=example.com;proto=http', ",
    "BOTH, true, 'for=10.0.0.5, for=192.0.2.10;host=example.com;proto=http', '10.0.0.6, 192.0.2.10'"
  })
  void aTransparentProxyTellsTheClientsAddress(
      ForwardedMode mode, boolean keep, String forwarded, String xForwardedFor) {
    ForwardProxy.Builder builder = at(Anonymity.TRANSPARENT).privacy(p -> p.forwarded(mode));
    Fields sent =
        upstreamRequest(
            keep ? builder.keepForwardedFields() : builder,
            Fields.of("Forwarded", "for=10.0.0.5", "X-Forwarded-For", "10.0.0.6"));
    assertEquals(forwarded, sent.first(FieldName.FORWARDED));
    assertEquals(xForwardedFor, sent.first(FieldName.X_FORWARDED_FOR));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "KEEP, http://a.example/x?y, http://a.example/x?y",
        "KEEP, nonsense, nonsense",
        "ORIGIN, http://a.example/x?y, http://a.example/",
        "ORIGIN, HTTPS://a.example:443/x, https://a.example/",
        "ORIGIN, http://a.example:8080, http://a.example:8080/",
        "ORIGIN, http://[2001:db8::1]:81/x, http://[2001:db8::1]:81/",
        "ORIGIN, http://user:word@a.example/x, -",
        "ORIGIN, android-app://com.example/, -",
        "ORIGIN, about:blank, -",
        "ORIGIN, /x, -",
        "ORIGIN, nonsense, -",
        "SAME_ORIGIN, http://example.com/x?y, http://example.com/x?y",
        "SAME_ORIGIN, http://EXAMPLE.com:80/x, http://EXAMPLE.com:80/x",
        "SAME_ORIGIN, /x, /x",
        "SAME_ORIGIN, //a.example/x, -",
        "SAME_ORIGIN, https://example.com/x, -",
        "SAME_ORIGIN, http://example.com:81/x, -",
        "SAME_ORIGIN, http://www.example.com/x, -",
        "SAME_ORIGIN, nonsense, -",
        "REMOVE, http://example.com/x, -"
      })
  void refererFollowsItsRule(RefererRule rule, String sent, String told) {
    ForwardProxy.Builder builder = ForwardProxy.builder().privacy(p -> p.referer(rule));
    assertEquals(told, upstreamRequest(builder, Fields.of("Referer", sent)).first(name("Referer")));
    assertEquals("[]", upstreamRequest(builder, Fields.empty()).toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = RefererRule.class,
      names = {"ORIGIN", "SAME_ORIGIN"})
  void ofSeveralReferersNoneIsPassedOn(RefererRule rule) {
    ForwardProxy.Builder builder = ForwardProxy.builder().privacy(p -> p.referer(rule));
    Fields received =
        Fields.of("Referer", "http://example.com/", "Referer", "http://intranet.example/x");
    assertEquals("[]", upstreamRequest(builder, received).toString());
  }

  @Test
  void allClientsMayBeTheSameUserAgentOrNone() {
    FieldName userAgent = name("User-Agent");
    Fields received = Fields.of("User-Agent", "Example/1.0");
    ForwardProxy.Builder same = ForwardProxy.builder().privacy(p -> p.userAgent("Tide"));
    assertEquals(List.of("Tide"), upstreamRequest(same, received).all(userAgent));
    assertEquals(List.of("Tide"), upstreamRequest(same, Fields.empty()).all(userAgent));
    ForwardProxy.Builder none = ForwardProxy.builder().privacy(p -> p.removeUserAgent());
    assertEquals("[]", upstreamRequest(none, received).toString());
    assertEquals("[User-Agent]", upstreamRequest(ForwardProxy.builder(), received).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-CH-UA",
        "sec-ch-ua-platform",
        "Sec-CH-DPR",
        "Device-Memory",
        "Downlink",
        "DPR",
        "ECT",
        "RTT",
        "Save-Data",
        "Viewport-Width",
        "Width"
      })
  void clientHintsAreRemovedWhenAskedFor(String hint) {
    Fields received = Fields.of("Accept", "a/b", hint, "1");
    ForwardProxy.Builder without = ForwardProxy.builder().privacy(p -> p.removeClientHints());
    assertEquals("[Accept]", upstreamRequest(without, received).toString());
    assertEquals("1", upstreamRequest(at(Anonymity.HIGH), received).first(name(hint)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Proxy-Authenticate", "Proxy-Authentication-Info"})
  void upstreamCannotAskForTheCredentialsMeantForThisProxy(String field) {
    Fields sent =
        clientResponse(ForwardProxy.builder(), Fields.of(field, "Basic", "ETag", "\"1\""));
    assertEquals("[ETag]", sent.toString());
  }

  @Test
  void rulesOfTheUserApplyInTheirOrderAfterOurs() {
    Fields sent =
        upstreamRequest(
            ForwardProxy.builder()
                .requestField("X-Forwarded-For", "unknown")
                .requestField("X-Team", "a")
                .requestField("X-Team", "b")
                .removeRequestField("Referer"),
            Fields.of("X-Forwarded-For", "10.0.0.5", "Referer", "http://intranet.example/"));
    assertEquals(List.of("unknown"), sent.all(FieldName.X_FORWARDED_FOR));
    assertEquals(List.of("b"), sent.all(name("X-Team")));
    assertFalse(sent.contains(name("Referer")));
  }

  @Test
  void rulesOfTheUserApplyToResponses() {
    Fields sent =
        clientResponse(
            ForwardProxy.builder()
                .responseField("X-Content-Type-Options", "nosniff")
                .removeResponseField("Set-Cookie"),
            Fields.of("Set-Cookie", "a=b", "Set-Cookie", "c=d"));
    assertEquals("[X-Content-Type-Options]", sent.toString());
  }
}
