package io.tidegate.core.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §6.5.1. */
class TrailersTest {
  @ParameterizedTest
  @ValueSource(strings = {"ETag", "digest", "Content-Digest", "Grpc-Status", "Server-Timing"})
  void harmlessFieldsGoOn(String name) {
    assertTrue(Trailers.isAllowed(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length",
        "Transfer-Encoding",
        "Host",
        "Trailer",
        "TE",
        "Connection",
        "Upgrade",
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "Set-Cookie",
        "Location",
        "Cache-Control",
        "Expires",
        "Vary",
        "Date",
        "Range",
        "Content-Range",
        "Content-Encoding",
        "Content-Type",
        "Expect",
        "Max-Forwards",
        "Via",
        "Forwarded",
        "X-Forwarded-For",
        "x-forwarded-host",
        "X-Real-IP",
        "X-Original-URL",
        "X-Http-Method-Override",
        "x-anything",
        "If-Match",
        "WWW-Authenticate",
        "Retry-After",
        "Unknown"
      })
  void whateverElseDoesNot(String name) {
    assertFalse(Trailers.isAllowed(name));
  }

  @Test
  void whatIsLeftKeepsItsOrder() {
    FieldEdits kept =
        Trailers.filter(
            Fields.of("Server-Timing", "1", "Host", "evil", "ETag", "2", "Server-Timing", "3"));
    assertNotNull(kept);
    assertEquals(3, kept.toFields().size());
    assertEquals("1", kept.first(FieldName.of("Server-Timing")));
    assertFalse(kept.contains(FieldName.HOST));
  }

  @Test
  void nothingLeftIsNoTrailerSection() {
    assertNull(Trailers.filter(Fields.empty()));
    assertNull(Trailers.filter(Fields.of("Host", "evil")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trailers         | true
          Trailers         | true
          gzip, trailers   | true
          gzip             | false
          trailers-not     | false
          """)
  void aRecipientSaysWhetherItTakesTrailers(String te, boolean welcome) {
    assertEquals(welcome, Trailers.areWelcome(Fields.of("TE", te)));
    assertFalse(Trailers.areWelcome(Fields.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc-status", "x-anything", "my-trailer-bin", "etag"})
  void metadataOfACallGoesOn(String name) {
    assertNotNull(Trailers.filterCall(Fields.of(name, "1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length",
        "Transfer-Encoding",
        "Host",
        "Set-Cookie",
        "Authorization",
        "Proxy-Status",
        "X-Forwarded-For",
        "Access-Control-Allow-Origin",
        "Via"
      })
  void whatMeansSomethingOnTheWayIsNoMetadata(String name) {
    assertNull(Trailers.filterCall(Fields.of(name, "1")));
  }
}
