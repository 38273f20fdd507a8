package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of a response in the cache, and how they become more (RFC 9111 §3.3, §3.4). */
public abstract class PartialSuite extends ProxyWireSuite {
  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String ALL = "0123456789";
  private static final String TAG = "ETag: \"1\"";

  private final CountDownLatch release = new CountDownLatch(1);

  /** The suite for one direction. */
  protected PartialSuite(Side side) {
    super(side);
  }

  @BeforeEach
  void startWithCache() {
    start(p -> p.cache(cache -> {}));
  }

  private static String part(int first, int last, String... fields) {
    return partHead(first, last, fields) + ALL.substring(first, last + 1);
  }

  private static String partHead(int first, int last, String... fields) {
    List<String> lines = new ArrayList<>(List.of("HTTP/1.1 206 Partial Content", FRESH));
    lines.addAll(List.of(fields));
    lines.add("Content-Range: bytes " + first + "-" + last + "/10");
    lines.add("Content-Length: " + (last - first + 1));
    return head(lines.toArray(String[]::new));
  }

  private static String whole(String content) {
    return "HTTP/1.1 200 OK\r\n" + FRESH + "\r\n" + ok(content).split("\r\n", 2)[1];
  }

  private RawResponse range(String range) throws Exception {
    return ask(request("GET", "/", "Range: bytes=" + range));
  }

  private void assertAsked(String... ranges) {
    List<String> asked =
        origin().heads().stream()
            .map(head -> String.valueOf(RawHead.parse(head).field("Range")))
            .toList();
    assertEquals(List.of(ranges), asked);
  }

  private static void assertPart(int first, int last, RawResponse response) {
    assertEquals(206, response.status());
    assertEquals("bytes " + first + "-" + last + "/10", response.field("Content-Range"));
    assertEquals(ALL.substring(first, last + 1), response.text());
    assertTrue(response.complete());
  }

  @ParameterizedTest
  @CsvSource({"0, 4, bytes=5-, 5, 9", "5, 9, bytes=0-4, 0, 4", "0, 4, bytes=5-, 3, 9"})
  void aPartIsMadeCompleteForOneWhoWantsTheWhole(
      int first, int last, String asked, int firstSent, int lastSent) throws Exception {
    origin().respond(part(first, last, TAG, "A: 1"), part(firstSent, lastSent, TAG, "A: 2"));
    assertPart(first, last, range(first + "-" + last));
    RawResponse made = ask(get("/"));
    assertAnswer(ALL, made);
    assertEquals("2", made.field("A"));
    assertNull(made.field("Content-Range"));
    assertEquals(NAME + ";fwd=partial;stored;fwd-status=206", made.field("Cache-Status"));
    assertAnswer(ALL, ask(get("/")));
    assertPart(2, 6, range("2-6"));
    assertAsked("bytes=" + first + "-" + last, asked);
    assertEquals("\"1\"", origin().lastRequest().field("If-Range"));
  }

  @Test
  void aPartGrowsByWhatIsWantedNextToIt() throws Exception {
    origin().respond(part(2, 4, TAG), part(5, 7, TAG), part(1, 1, TAG), part(0, 0, TAG));
    assertPart(2, 4, range("2-4"));
    assertPart(3, 7, range("3-7"));
    assertPart(1, 6, range("1-6"));
    assertPart(1, 7, range("1-7"));
    assertPart(0, 0, range("0-0"));
    assertAsked("bytes=2-4", "bytes=5-7", "bytes=1-1", "bytes=0-0");
  }

  @Test
  void aPartOtherThanTheOneThatWasAskedForIsOfUseAllTheSame() throws Exception {
    origin().respond(part(0, 4, TAG), part(5, 9, TAG));
    assertPart(0, 4, range("-5"));
    assertPart(2, 4, range("2-4"));
    assertAnswer(ALL, ask(get("/")));
    assertAsked("bytes=-5", "bytes=5-");
  }

  @Test
  void aPartFarFromWhatIsStoredIsPassedOn() throws Exception {
    origin().respond(part(0, 2, TAG), part(6, 8, TAG));
    range("0-2");
    assertPart(6, 8, range("6-8"));
    assertPart(0, 2, range("0-2"));
    assertPart(6, 8, range("6-8"));
    assertAsked("bytes=0-2", "bytes=6-8", "bytes=6-8");
  }

  @Test
  void aNewRepresentationTakesThePlaceOfAPart() throws Exception {
    origin().respond(part(0, 4, TAG), whole("something new"));
    range("0-4");
    assertAnswer("something new", ask(get("/")));
    assertAnswer("something new", ask(get("/")));
    assertAsked("bytes=0-4", "bytes=5-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ETag: \"2\"", "A: b", "ETag: W/\"1\""})
  void partsOfDifferentRepresentationsAreNotPutTogether(String validator) throws Exception {
    origin().respond(part(0, 4, TAG), part(5, 9, validator), whole("something new"));
    range("0-4");
    assertAnswer("something new", ask(get("/")));
    assertAnswer("something new", ask(get("/")));
    assertAsked("bytes=0-4", "bytes=5-", "null");
  }

  @Test
  void aPartThatCannotBePutToAnotherIsPassedOnIfItIsWhatIsWanted() throws Exception {
    origin().respond(part(0, 4), part(5, 9));
    range("0-4");
    assertPart(5, 9, range("5-9"));
    assertAsked("bytes=0-4", "bytes=5-");
    assertNull(origin().lastRequest().field("If-Range"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0-", "2-7"})
  void lessThanWhatIsMissingAnswersNobodyWhoWantsAll(String wanted) throws Exception {
    origin().respond(part(0, 4, TAG), part(5, 6, TAG), whole(ALL));
    range("0-4");
    boolean all = wanted.equals("0-");
    RawResponse response = all ? ask(get("/")) : range(wanted);
    if (all) {
      assertAnswer(ALL, response);
    } else {
      assertPart(2, 7, response);
    }
    assertAsked("bytes=0-4", all ? "bytes=5-" : "bytes=5-7", all ? "null" : "bytes=2-7");
  }

  @Test
  void aRepresentationThatHasGrownShorterIsAskedForAgain() throws Exception {
    String gone = head("HTTP/1.1 416 Range Not Satisfiable", "Content-Length: 0");
    origin().respond(part(0, 4, TAG), gone, whole("short"));
    range("0-4");
    assertAnswer("short", ask(get("/")));
    assertAsked("bytes=0-4", "bytes=5-", "null");
  }

  @Test
  void anErrorInPlaceOfTheRestIsPassedOn() throws Exception {
    origin().respond(part(0, 4, TAG), head("HTTP/1.1 500 Oops", "Content-Length: 0"));
    range("0-4");
    assertEquals(500, ask(get("/")).status());
    assertPart(1, 3, range("1-3"));
  }

  @Test
  void theRestIsReadAsItComes() throws Exception {
    origin()
        .onRequest(
            c -> c.send(part(0, 4, TAG)),
            c -> {
              c.send(partHead(5, 9, TAG) + "56");
              await(release);
              c.send("789");
            });
    range("0-4");
    try (RawClient client = client()) {
      client.send(get("/"));
      assertTrue(client.readHead().startsWith("HTTP/1.1 200"));
      assertEquals("0123456", client.readText(7));
      release.countDown();
      assertEquals("789", client.readText(3));
    }
  }

  @Test
  void aRestThatBreaksOffIsNotStored() throws Exception {
    origin()
        .onRequest(
            c -> c.send(part(5, 9, TAG)),
            c -> {
              c.send(partHead(0, 4, TAG) + "01");
              c.close();
            },
            c -> c.send(whole(ALL)));
    range("5-9");
    RawResponse broken = ask(get("/"));
    assertEquals("01", broken.text());
    assertEquals(false, broken.complete());
    assertAnswer(ALL, ask(get("/")));
  }

  @Test
  void aPartShorterThanItSaysEndsWhereItsContentDoes() throws Exception {
    String shorter =
        head(
                "HTTP/1.1 206 Partial Content",
                FRESH,
                "Content-Range: bytes 4-9/10",
                "Content-Length: 5")
            + "45678";
    origin().respond(shorter, whole(ALL));
    for (int i = 0; i < 2; i++) {
      RawResponse all = range("-5");
      assertEquals("bytes 4-9/10", all.field("Content-Range"));
      assertEquals("45678", all.text());
    }
    RawResponse last = range("-2");
    assertEquals("bytes 7-8/9", last.field("Content-Range"));
    assertEquals("78", last.text());
    assertAnswer(ALL, ask(get("/")));
    assertAsked("bytes=-5", "null");
  }
}
