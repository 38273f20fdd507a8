package io.tidegate.forward.privacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
        "Fastly-Client-IP"
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
