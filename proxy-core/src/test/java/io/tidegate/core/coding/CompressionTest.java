package io.tidegate.core.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tidegate.core.cache.EntityTag;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which responses are encoded, and what their fields tell then. */
class CompressionTest {
  private static final Compression COMPRESSION = new Compression(CompressionSettings.DEFAULT);

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
          text/html,                               true
          text/html; charset=utf-8,                true
          TEXT/HTML,                               true
          text/event-stream,                       false
          text/event-stream; charset=utf-8,        false
          application/json,                        true
          application/problem+json,                true
          application/vnd.example+JSON;v=1,        true
          application/xhtml+xml,                   true
          image/svg+xml,                           true
          application/wasm,                        true
          application/octet-stream,                false
          application/zip,                         false
          image/png,                               false
          font/woff2,                              false
          multipart/byteranges; boundary=x,        false
          text,                                    false
          +json,                                   false
          '',                                      false
          """)
  void theTypeDecides(String type, boolean encoded) {
    assertEquals(encoded, isEncoded(ok("Content-Type", type)));
  }

  @Test
  void aStreamOfEventsIsEncodedIfItIsNamed() {
    Compression named = compression(List.of("text/event-stream"), 1024);
    ResponseHead events = ok("Content-Type", "text/event-stream");
    assertEquals(ContentCoding.GZIP, named.encode(get("gzip"), events, true).coding());
  }

  @ParameterizedTest(name = "{0} octets: {1}")
  @CsvSource({"0, false", "1023, false", "1024, true", "5000000000, true"})
  void whatIsShortIsLeftAlone(String length, boolean encoded) {
    ResponseHead response = html("Content-Length", length);
    assertEquals(encoded, isEncoded(response));
    if (!encoded) {
      assertSame(response, COMPRESSION.encode(get("gzip"), response, true).head());
    }
  }

  @Test
  void emptyContentIsLeftAloneWhateverTheMinimum() {
    Compression all = compression(List.of("text/*"), 0);
    assertNull(all.encode(get("gzip"), html("Content-Length", "0"), true).coding());
    assertEquals(
        ContentCoding.GZIP, all.encode(get("gzip"), html("Content-Length", "1"), true).coding());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "200, true",
    "201, true",
    "203, true",
    "204, false",
    "205, false",
    "206, false",
    "226, false",
    "302, true",
    "404, true",
    "500, true"
  })
  void theStatusDecides(int status, boolean encoded) {
    assertEquals(encoded, isEncoded(response(status, "Content-Type", "text/html")));
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Encoding, br",
    "Content-Range, bytes 0-5/10",
    "Cache-Control, 'max-age=5, no-transform'",
    "Content-Digest, 'sha-256=:AA==:'",
    "Repr-Digest, 'sha-256=:AA==:'",
    "Digest, sha-256=AA==",
    "Content-MD5, AA==",
    "Signature, 'sig=:AA==:'"
  })
  void whatMayNotBeChangedGoesOnAsItIs(String name, String value) {
    ResponseHead response = html(name, value);
    CodedResponse result = COMPRESSION.encode(get("gzip"), response, true);
    assertNull(result.coding());
    assertSame(response, result.head());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gzip                     | true
          '*'                      | true
          'br, gzip;q=0.1'         | true
          br                       | false
          gzip;q=0                 | false
          'gzip;q=0.5, identity'   | false
          identity                 | false
          """)
  void theClientDecides(String accepted, boolean encoded) {
    CodedResponse result = COMPRESSION.encode(get(accepted), html(), true);
    assertEquals(encoded ? ContentCoding.GZIP : null, result.coding());
    assertEquals(List.of("Accept-Encoding"), result.head().fields().all(FieldName.VARY));
    assertEquals(
        encoded ? List.of("gzip") : List.of(),
        result.head().fields().all(FieldName.CONTENT_ENCODING));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'gzip, zstd'             | ZSTD
          'gzip, zstd;q=0.9'       | GZIP
          'gzip;q=0.9, zstd'       | ZSTD
          zstd                     | ZSTD
          gzip                     | GZIP
          """)
  void theClientDecidesBeforeOurOrderDoes(String accepted, ContentCoding coding) {
    Compression both =
        new Compression(
            new CompressionSettings(
                List.of("text/*"), 0, List.of(ContentCoding.ZSTD, ContentCoding.GZIP), 4, 3));
    CodedResponse result = both.encode(get(accepted), html(), true);
    assertEquals(coding, result.coding());
    assertEquals(coding.token(), result.head().fields().first(FieldName.CONTENT_ENCODING));
  }

  @Test
  void aClientThatSaysNothingGetsWhatTheOriginSent() {
    assertNull(COMPRESSION.encode(request("GET"), html(), true).coding());
  }

  @Test
  void aRequestForARangeIsAnsweredWithoutCoding() {
    RequestHead range = request("GET", "Accept-Encoding", "gzip", "Range", "bytes=0-5");
    CodedResponse result = COMPRESSION.encode(range, html(), true);
    assertNull(result.coding());
    assertEquals("Accept-Encoding", result.head().fields().first(FieldName.VARY));
  }

  @Test
  void aPartVariesAsTheWholeDoes() {
    ResponseHead part =
        response(
            206, "Content-Type", "text/html", "Content-Range", "bytes 0-5/10", "ETag", "\"a\"");
    CodedResponse result = COMPRESSION.encode(get("gzip"), part, true);
    assertEquals("\"a\"", result.head().fields().first(FieldName.ETAG));
    assertNull(result.coding());
  }

  @Test
  void withoutAnEncoderToSpareTheResponseStillVaries() {
    CodedResponse result = COMPRESSION.encode(get("gzip"), html(), false);
    assertNull(result.coding());
    assertEquals("Accept-Encoding", result.head().fields().first(FieldName.VARY));
  }

  @Test
  void theFieldsTellAboutTheEncodedResponse() {
    ResponseHead response =
        html(
            "Content-Length", "5000",
            "Accept-Ranges", "bytes",
            "Trailer", "Content-Digest",
            "ETag", "\"a\"",
            "Vary", "Cookie",
            "Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT");
    Fields fields = COMPRESSION.encode(get("gzip"), response, true).head().fields();
    assertEquals("[Content-Type, Last-Modified, Vary, Content-Encoding, ETag]", fields.toString());
    assertEquals("W/\"a\"", fields.first(FieldName.ETAG));
    assertEquals("gzip", fields.first(FieldName.CONTENT_ENCODING));
    assertEquals("Cookie, Accept-Encoding", fields.first(FieldName.VARY));
  }

  @Test
  void theResponseToHeadTellsWhatThatToGetWould() {
    ResponseHead response = html("Content-Length", "5000", "ETag", "\"a\"");
    RequestHead head = request("HEAD", "Accept-Encoding", "gzip");
    assertEquals(
        COMPRESSION.encode(get("gzip"), response, true).head().fields().toString(),
        COMPRESSION.encode(head, response, true).head().fields().toString());
  }

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource({"Accept-Encoding, Accept-Encoding", "accept-ENCODING, accept-ENCODING", "*, *"})
  void varyNamesNothingTwice(String before, String after) {
    Fields fields = COMPRESSION.encode(get("gzip"), html("Vary", before), true).head().fields();
    assertEquals(List.of(after), fields.all(FieldName.VARY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          "a"    | W/"a"
          W/"a"  | W/"a"
          a      | -
          """)
  void anEntityTagIsWeakOrGone(String before, String after) {
    Fields fields = COMPRESSION.encode(get("gzip"), html("ETag", before), true).head().fields();
    assertEquals(after, fields.first(FieldName.ETAG));
  }

  @Test
  void severalEntityTagsAreNone() {
    ResponseHead response = html("ETag", "\"a\"", "ETag", "\"b\"");
    assertNull(
        COMPRESSION.encode(get("gzip"), response, true).head().fields().first(FieldName.ETAG));
  }

  @ParameterizedTest(name = "{0}, asked about {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "a"    | W/"a"        | W/"a"
          "a"    | "b", W/"a"   | W/"a"
          "a"    | "a"          | "a"
          "a"    | "a", W/"a"   | "a"
          "a"    | W/"b"        | "a"
          W/"a"  | W/"a"        | W/"a"
          """)
  void a304IsAboutTheTagThatWasAskedAbout(String told, String asked, String after) {
    ResponseHead response = response(304, "ETag", told, "Content-Length", "5000");
    Fields fields = COMPRESSION.notModified(response, EntityTag.parseList(asked), false).fields();
    assertEquals(after, fields.first(FieldName.ETAG));
    boolean weakened = !told.equals(after);
    assertEquals(weakened ? "Accept-Encoding" : null, fields.first(FieldName.VARY));
    assertEquals(weakened ? null : "5000", fields.first(FieldName.CONTENT_LENGTH));
  }

  @Test
  void a304AboutAResponseThatVariesSaysSoToo() {
    ResponseHead response = response(304, "ETag", "\"a\"", "Vary", "Cookie");
    Fields fields = COMPRESSION.notModified(response, List.of(), true).fields();
    assertEquals("Cookie, Accept-Encoding", fields.first(FieldName.VARY));
    assertEquals("\"a\"", fields.first(FieldName.ETAG));
  }

  @Test
  void spellingsThatMeanTheSameBecomeOne() {
    RequestHead request =
        request("GET", "accept-encoding", "br", "Accept-Encoding", "x-gzip;q=1.0");
    Fields fields = COMPRESSION.normal(request).fields();
    assertEquals(List.of("gzip, br"), fields.all(FieldName.ACCEPT_ENCODING));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip, deflate, br, zstd", "gzip", "identity"})
  void theUsualSpellingStaysAsItIs(String value) {
    RequestHead request = get(value);
    assertSame(request, COMPRESSION.normal(request));
  }

  @Test
  void aRequestThatSaysNothingStaysAsItIs() {
    RequestHead request = request("GET", "Cache-Control", "no-transform");
    assertSame(request, COMPRESSION.normal(request));
  }

  @Test
  void whoWantsNoTransformationTakesNoCoding() {
    RequestHead request =
        request("GET", "Accept-Encoding", "gzip", "Cache-Control", "no-cache, no-transform");
    assertEquals("identity", COMPRESSION.normal(request).fields().first(FieldName.ACCEPT_ENCODING));
  }

  private static boolean isEncoded(ResponseHead response) {
    return COMPRESSION.encode(get("gzip"), response, true).coding() == ContentCoding.GZIP;
  }

  private static Compression compression(List<String> types, long minBytes) {
    return new Compression(
        new CompressionSettings(types, minBytes, List.of(ContentCoding.GZIP), 4, 3));
  }

  private static RequestHead get(String accepted) {
    return request("GET", "Accept-Encoding", accepted);
  }

  private static RequestHead request(String method, String... fields) {
    return new RequestHead(method, "/", HttpVersion.HTTP_1_1, Fields.of(fields));
  }

  private static ResponseHead html(String... fields) {
    String[] all = new String[fields.length + 2];
    all[0] = "Content-Type";
    all[1] = "text/html";
    System.arraycopy(fields, 0, all, 2, fields.length);
    return ok(all);
  }

  private static ResponseHead ok(String... fields) {
    return response(200, fields);
  }

  private static ResponseHead response(int status, String... fields) {
    return new ResponseHead(HttpVersion.HTTP_1_1, status, "", Fields.of(fields));
  }
}
