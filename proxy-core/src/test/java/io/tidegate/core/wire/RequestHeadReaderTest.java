package io.tidegate.core.wire;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.wire.Heads.LIMITS;
import static io.tidegate.core.wire.Heads.buffer;
import static io.tidegate.core.wire.Heads.lines;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.BadMessageException.Fault;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 §2, §3 and §5. */
class RequestHeadReaderTest {
  private final RequestHeadReader reader = new RequestHeadReader(LIMITS);

  private static String full(RequestHead head) {
    return head == null
        ? "null"
        : head.method() + "|" + head.target() + "|" + head.version() + "|" + lines(head.fields());
  }

  private static String outcome(String text, int... cuts) {
    RequestHeadReader fresh = new RequestHeadReader(LIMITS);
    return Heads.outcome(
        in -> {
          RequestHead head = fresh.read(in);
          return head == null ? null : full(head);
        },
        text,
        cuts);
  }

  private RequestHead read(String text) throws BadMessageException {
    RequestHead head = reader.read(buffer(text));
    assertNotNull(head);
    return head;
  }

  private Fault fault(String text) {
    return assertThrows(BadMessageException.class, () -> reader.read(buffer(text))).fault();
  }

  @Test
  void aHeadIsReadAsItStands() throws Exception {
    RequestHead head = read(head("GET /a?b HTTP/1.1", "Host: a.example", "x-A:\t b c \t", "E:"));
    assertEquals("GET|/a?b|HTTP_1_1|[Host: a.example, x-A: b c, E: ]", full(head));
  }

  @Test
  void octetsBehindTheHeadAreLeft() throws Exception {
    ByteBuffer in = buffer(head("GET / HTTP/1.1") + "GET /next");
    assertNotNull(reader.read(in));
    assertEquals("GET /next".length(), in.remaining());
    assertFalse(reader.inHead());
    assertNull(reader.read(in));
    assertTrue(reader.inHead());
  }

  @Test
  void manyHeadsFollowEachOther() throws Exception {
    ByteBuffer in = buffer(head("GET /1 HTTP/1.1", "A: b").repeat(50));
    for (int i = 0; i < 50; i++) {
      RequestHead head = reader.read(in);
      assertNotNull(head);
      assertEquals("GET|/1|HTTP_1_1|[A: b]", full(head));
    }
    assertFalse(in.hasRemaining());
  }

  @Test
  void theFieldsOfAHeadOutliveTheNextOne() throws Exception {
    RequestHead first = read(head("GET /1 HTTP/1.1", "A: first"));
    read(head("GET /2 HTTP/1.1", "B: second", "C: third"));
    assertEquals(List.of("A: first"), lines(first.fields()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "get", "QUERY", "M-SEARCH", "X", "!#$%&'*+-.^_`|~0aZ"})
  void aMethodIsAToken(String method) throws Exception {
    assertEquals(method, read(head(method + " / HTTP/1.1")).method());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " GET / HTTP/1.1\r\n\r\n",
        "G(T / HTTP/1.1\r\n\r\n",
        "GET: / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1 \r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET /  HTTP/1.1\r\n\r\n",
        "GET\t/\tHTTP/1.1\r\n\r\n",
        "GET /\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/11\r\n\r\n",
        "GET / HTTP/1.10\r\n\r\n",
        "GET / HTTP/1.x\r\n\r\n",
        "GET / http/1.1\r\n\r\n",
        "GET / HTTPS/1.1\r\n\r\n",
        "GET /a b HTTP/1.1\r\n\r\n",
        "GET /a#b HTTP/1.1\r\n\r\n",
        "GET /a\u0000 HTTP/1.1\r\n\r\n",
        "GET /a\u007f HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\n\r\n",
        "GET / HTTP/1.1\r\n\n",
        "GET / HTTP/1.1\r\nA: b\n\r\n",
        "GET / HTTP/1.1\rA: b\r\n\r\n",
        "GET / HTTP/1.1\r\n A: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA\r\n\r\n",
        "GET / HTTP/1.1\r\nA(: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA\u00e9: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \u0000\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \r\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \u007f\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \u001f\r\n\r\n",
        "\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.1\r\n\r\n"
      })
  void whatIsMalformedIsRefused(String text) {
    assertEquals(Fault.SYNTAX, fault(text));
  }

  @Test
  void whatCannotBecomeARequestIsRefusedAtItsFirstOctet() {
    assertEquals(Fault.SYNTAX, fault("\u0016"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/2.0", "HTTP/0.9", "HTTP/3.0", "HTTP/9.9"})
  void onlyVersion1IsSpoken(String version) {
    assertEquals(Fault.VERSION, fault(head("GET / " + version)));
  }

  @Test
  void minorVersionsBeyondOneAreOne() throws Exception {
    assertEquals(HttpVersion.HTTP_1_0, read(head("GET / HTTP/1.0")).version());
    assertEquals(HttpVersion.HTTP_1_1, read(head("GET / HTTP/1.7")).version());
  }

  @Test
  void twoEmptyLinesMayComeBefore() throws Exception {
    assertEquals("/", read("\r\n\r\n" + head("GET / HTTP/1.1")).target());
  }

  @Test
  void octetsOfATargetThatAreNotAsciiAreEscaped() throws Exception {
    assertEquals("/a%E9%FF%2f|x", read(head("GET /a\u00e9\u00ff%2f|x HTTP/1.1")).target());
  }

  @Test
  void limitsAreMetExactly() throws Exception {
    String line = "GET /" + "a".repeat(200 - "GET / HTTP/1.1\r\n".length()) + " HTTP/1.1";
    assertEquals(200, line.length() + 2);
    assertNotNull(read(head(line)));
    assertEquals(Fault.TARGET_TOO_LONG, fault(head(line.replace("/a", "/aa"))));
  }

  @Test
  void aHeadMayBeSoLong() throws Exception {
    String shortest = head("GET / HTTP/1.1", "A: ");
    assertNotNull(read(head("GET / HTTP/1.1", "A: " + "b".repeat(1000 - shortest.length()))));
    RequestHeadReader other = new RequestHeadReader(LIMITS);
    String longer = head("GET / HTTP/1.1", "A: " + "b".repeat(1003 - shortest.length()));
    BadMessageException refused =
        assertThrows(BadMessageException.class, () -> other.read(buffer(longer)));
    assertEquals(Fault.HEAD_TOO_LARGE, refused.fault());
  }

  @Test
  void aHeadThatNeverEndsIsRefused() {
    assertEquals(Fault.HEAD_TOO_LARGE, fault("GET / HTTP/1.1\r\nA: " + "b".repeat(2000)));
    assertEquals(
        Fault.TARGET_TOO_LONG,
        assertThrows(
                BadMessageException.class,
                () -> new RequestHeadReader(LIMITS).read(buffer("GET /" + "b".repeat(500))))
            .fault());
  }

  @Test
  void aHeadMayHaveSoManyFields() throws Exception {
    assertEquals(
        10, read("GET / HTTP/1.1\r\n" + head("A: b\r\n".repeat(9) + "A: b")).fields().size());
    assertEquals(
        Fault.TOO_MANY_FIELDS, fault("GET / HTTP/1.1\r\n" + head("A: b\r\n".repeat(10) + "A: b")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a?b HTTP/1.1\r\nHost: a\r\nX-A:  b c \r\n\r\nrest",
        "\r\nPOST * HTTP/1.0\r\nA:\r\n\r\n",
        "GET / HTTP/1.1\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\nA: b\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"
      })
  void howTheOctetsArriveDoesNotMatter(String text) {
    String whole = outcome(text);
    for (int first = 1; first < text.length(); first++) {
      assertEquals(whole, outcome(text, first), "cut at " + first);
      for (int second = first; second < text.length(); second++) {
        assertEquals(whole, outcome(text, first, second), first + ", " + second);
      }
    }
    int[] each = new int[text.length()];
    for (int i = 0; i < each.length; i++) {
      each[i] = i;
    }
    assertEquals(whole, outcome(text, each), "octet by octet");
  }

  @Test
  void whateverComesIsAHeadOrRefused() {
    List<String> seeds =
        List.of(
            head("GET /a?b HTTP/1.1", "Host: a.example", "Accept: */*", "X: y"),
            head("POST http://a.example:80/ HTTP/1.0", "Content-Length: 3", "Connection: close"),
            "\r\n" + head("OPTIONS * HTTP/1.1", "Host: [::1]:8080", "Transfer-Encoding: chunked"));
    Random random = new Random(1);
    int heads = 0;
    for (int i = 0; i < 20_000; i++) {
      String text = Heads.mutation(seeds, random);
      try {
        RequestHead head = new RequestHeadReader(LIMITS).read(buffer(text));
        if (head != null) {
          heads++;
          assertSound(head, text);
        }
      } catch (BadMessageException expected) {
        // refused, as it should be
      }
    }
    assertTrue(heads > 1000, heads + " heads");
  }

  private static void assertSound(RequestHead head, String text) {
    assertTrue(Ascii.isToken(head.method()), text);
    assertTrue(head.target().matches("[\\x21-\\x7e]+"), text);
    for (int i = 0; i < head.fields().size(); i++) {
      assertTrue(Ascii.isToken(head.fields().name(i)), text);
      assertTrue(Ascii.isFieldValue(head.fields().value(i)), text);
    }
  }
}
