package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compression and the cache: what is stored, for whom, and how it stays good. */
class CompressedCacheTest {
  private static final String TEXT = "High water at noon, low water at six. ".repeat(2000);
  private static final String FRESH = "Cache-Control: max-age=600";
  private static final String STALE = "Cache-Control: max-age=0";
  private static final String GZIP = "Accept-Encoding: gzip";
  private static final String TAG = "ETag: \"a\"";

  private OriginServer origin;
  private Proxy proxy;

  @BeforeEach
  void start() throws IOException {
    origin = OriginServer.start();
    proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route(path("/**"), route -> route.to("app").compression(c -> {}))
            .cache(rules -> {})
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  private RawResponse ask(String... fields) throws IOException {
    List<String> lines = new ArrayList<>(List.of("GET /x HTTP/1.1", "Host: a"));
    lines.addAll(List.of(fields));
    return RawClient.ask(proxy.address().getPort(), head(lines.toArray(String[]::new)));
  }

  private static String html(String... fields) {
    List<String> lines = new ArrayList<>(List.of("HTTP/1.1 200 OK", "Content-Type: text/html"));
    lines.addAll(List.of(fields));
    lines.add("Content-Length: " + TEXT.length());
    return head(lines.toArray(String[]::new)) + TEXT;
  }

  private static String notModified(String... fields) {
    List<String> lines = new ArrayList<>(List.of("HTTP/1.1 304 Not Modified"));
    lines.addAll(List.of(fields));
    return head(lines.toArray(String[]::new));
  }

  private void assertAsked(int times) {
    assertEquals(times, origin.heads().size(), () -> origin.heads().toString());
  }

  private static void assertEncoded(RawResponse response) throws IOException {
    assertEquals("gzip", response.field("Content-Encoding"), response::toString);
    byte[] text = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    assertEquals(TEXT, new String(text, StandardCharsets.ISO_8859_1));
    assertEquals("Accept-Encoding", response.field("Vary"));
    assertEquals("W/\"a\"", response.field("ETag"));
  }

  private static void assertPlain(RawResponse response) {
    assertNull(response.field("Content-Encoding"));
    assertEquals(TEXT, response.text());
    assertEquals("Accept-Encoding", response.field("Vary"));
    assertEquals("\"a\"", response.field("ETag"));
  }

  private static boolean isHit(RawResponse response) {
    return String.valueOf(response.field("Cache-Status")).startsWith("gate;hit");
  }

  /** The length of what is stored is known: nothing is encoded any more. */
  @Test
  void whatIsStoredIsEncodedOnce() throws Exception {
    origin.respond(html(FRESH, TAG));
    byte[] first = ask(GZIP).body();
    for (int i = 0; i < 3; i++) {
      RawResponse hit = ask(GZIP);
      assertTrue(isHit(hit));
      assertEncoded(hit);
      assertEquals(RawResponse.Framing.LENGTH, hit.framing());
      assertArrayEquals(first, hit.body());
    }
    assertAsked(1);
  }

  @Test
  void eachClientGetsTheVariantItTakes() throws Exception {
    origin.respond(html(FRESH, TAG));
    assertEncoded(ask(GZIP));
    assertPlain(ask());
    assertAsked(2);
    assertEncoded(ask(GZIP));
    assertPlain(ask());
    assertAsked(2);
  }

  @Test
  void aClientThatComesSecondIsNotLeftWithWhatIsStoredForOthers() throws Exception {
    origin.respond(html(FRESH, TAG));
    assertPlain(ask());
    assertEncoded(ask(GZIP));
    assertNull(origin.lastRequest().field("If-None-Match"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GZIP", "gzip;q=0.3", "gzip, br;q=0", "x-gzip", "foo,gzip;q=1.0, bar"})
  void spellingsShareAVariant(String accepted) throws Exception {
    origin.respond(html(FRESH, TAG));
    ask(GZIP);
    assertEncoded(ask("Accept-Encoding: " + accepted));
    assertAsked(1);
  }

  @Test
  void whoWantsNoTransformationGetsNoTransformedVariant() throws Exception {
    origin.respond(html(FRESH, TAG));
    ask(GZIP);
    assertPlain(ask(GZIP, "Cache-Control: no-transform"));
  }

  @Test
  void theOriginIsAskedAboutAStaleVariantWithItsWeakTag() throws Exception {
    origin.respond(html(STALE, TAG), notModified(FRESH, TAG, "Vary: Accept-Language"));
    assertEncoded(ask(GZIP));
    RawResponse validated = ask(GZIP);
    assertEquals("W/\"a\"", origin.lastRequest().field("If-None-Match"));
    assertEquals("gzip", validated.field("Content-Encoding"));
    assertEquals("Accept-Language, Accept-Encoding", validated.field("Vary"));
    assertTrue(isHit(ask(GZIP)));
    assertAsked(2);
  }

  @Test
  void aPlainVariantKeepsItsStrongTag() throws Exception {
    origin.respond(html(STALE, TAG), notModified(FRESH, TAG, "Vary: Accept-Encoding"));
    assertPlain(ask());
    assertPlain(ask());
    assertEquals("\"a\"", origin.lastRequest().field("If-None-Match"));
    assertTrue(isHit(ask()));
    assertAsked(2);
  }

  @Test
  void aValidatedPlainVariantIsStillNotForThoseWhoTakeCodings() throws Exception {
    origin.respond(
        html(STALE, TAG), notModified(FRESH, TAG, "Vary: Accept-Language"), html(FRESH, TAG));
    ask();
    ask();
    assertEncoded(ask(GZIP));
    assertAsked(3);
  }

  @Test
  void aStaleVariantThatHasChangedIsEncodedAnew() throws Exception {
    String old = html(STALE, "ETag: \"old\"").replace("High", "Late");
    origin.respond(old, html(FRESH, TAG));
    ask(GZIP);
    assertEncoded(ask(GZIP));
    assertTrue(isHit(ask(GZIP)));
  }

  @Test
  void aClientThatHasTheVariantIsToldSoFromTheStore() throws Exception {
    origin.respond(html(FRESH, TAG));
    ask(GZIP);
    RawResponse response = ask(GZIP, "If-None-Match: W/\"a\"");
    assertEquals(304, response.status());
    assertEquals("W/\"a\"", response.field("ETag"));
    assertEquals("Accept-Encoding", response.field("Vary"));
    assertAsked(1);
  }

  @Test
  void aRangeOfAVariantIsOneOfItsOctets() throws Exception {
    origin.respond(html(FRESH, TAG));
    byte[] encoded = ask(GZIP).body();
    RawResponse part = ask(GZIP, "Range: bytes=10-19");
    assertEquals(206, part.status());
    assertEquals("bytes 10-19/" + encoded.length, part.field("Content-Range"));
    assertEquals("gzip", part.field("Content-Encoding"));
    assertArrayEquals(Arrays.copyOfRange(encoded, 10, 20), part.body());
  }

  /** RFC 9110 §13.1.5: a weak tag says nothing about octets. */
  @ParameterizedTest
  @ValueSource(strings = {"\"a\"", "W/\"a\""})
  void aRangeOnConditionOfATagGetsAllOfAVariant(String tag) throws Exception {
    origin.respond(html(FRESH, TAG));
    ask(GZIP);
    RawResponse whole = ask(GZIP, "Range: bytes=10-19", "If-Range: " + tag);
    assertEquals(200, whole.status());
    assertEncoded(whole);
  }

  @Test
  void aPartIsStoredAsItIsAndCompleted() throws Exception {
    String part = "HTTP/1.1 206 Partial Content\r\nContent-Type: text/html";
    int half = TEXT.length() / 2;
    origin.respond(
        head(
                part,
                FRESH,
                TAG,
                "Content-Range: bytes 0-" + (half - 1) + "/" + TEXT.length(),
                "Content-Length: " + half)
            + TEXT.substring(0, half),
        head(
                part,
                FRESH,
                TAG,
                "Content-Range: bytes " + half + "-" + (TEXT.length() - 1) + "/" + TEXT.length(),
                "Content-Length: " + (TEXT.length() - half))
            + TEXT.substring(half));
    assertEquals(206, ask(GZIP, "Range: bytes=0-" + (half - 1)).status());
    RawResponse whole = ask(GZIP);
    assertEquals("\"a\"", origin.lastRequest().field("If-Range"));
    assertPlain(whole);
  }

  @Test
  void theResponseToHeadMakesNoVariantStale() throws Exception {
    origin.respond(
        html(STALE, TAG),
        head(
            "HTTP/1.1 200 OK",
            "Content-Type: text/html",
            FRESH,
            TAG,
            "Content-Length: " + TEXT.length()));
    ask(GZIP);
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(head("HEAD /x HTTP/1.1", "Host: a", GZIP));
      assertEquals("gzip", client.readResponse("HEAD").field("Content-Encoding"));
    }
    RawResponse hit = ask(GZIP);
    assertTrue(isHit(hit), hit::toString);
    assertEncoded(hit);
  }

  @Test
  void whatTheClientNoLongerWaitsForIsStoredToItsEnd() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    origin.onRequest(
        connection -> {
          connection.send(html(FRESH, TAG).substring(0, 5000));
          assertTrue(left.await(10, TimeUnit.SECONDS));
          connection.send(html(FRESH, TAG).substring(5000));
        });
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(head("GET /x HTTP/1.1", "Host: a", GZIP));
      client.readHead();
      client.reset();
    }
    left.countDown();
    assertEncoded(ask(GZIP));
    assertAsked(1);
  }
}
