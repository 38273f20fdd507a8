package io.tidegate.core.wire;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.wire.Heads.LIMITS;
import static io.tidegate.core.wire.Heads.buffer;
import static io.tidegate.core.wire.Heads.lines;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.BadMessageException.Fault;
import io.tidegate.core.http.ResponseHead;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 §4 and §5. */
class ResponseHeadReaderTest {
  private final ResponseHeadReader reader = new ResponseHeadReader(LIMITS);

  private static String full(ResponseHead head) {
    return head.version() + "|" + head.status() + "|" + head.reason() + "|" + lines(head.fields());
  }

  private static String outcome(String text, int... cuts) {
    ResponseHeadReader fresh = new ResponseHeadReader(LIMITS);
    return Heads.outcome(
        in -> {
          ResponseHead head = fresh.read(in);
          return head == null ? null : full(head);
        },
        text,
        cuts);
  }

  private Fault fault(String text) {
    return assertThrows(BadMessageException.class, () -> reader.read(buffer(text))).fault();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HTTP/1.1 200 OK         | HTTP_1_1 | 200 | OK
          HTTP/1.0 404 Not Found  | HTTP_1_0 | 404 | Not Found
          HTTP/1.9 299 x          | HTTP_1_1 | 299 | x
          HTTP/1.1 100 Continue   | HTTP_1_1 | 100 | Continue
          HTTP/1.1 999 Odd        | HTTP_1_1 | 999 | Odd
          'HTTP/1.1 200 '         | HTTP_1_1 | 200 | ''
          HTTP/1.1 200            | HTTP_1_1 | 200 | ''
          'HTTP/1.1 200  a  b '   | HTTP_1_1 | 200 | ' a  b '
          """)
  void aStatusLineIsReadAsItStands(String line, String version, int status, String reason)
      throws Exception {
    ResponseHead head = reader.read(buffer(head(line, "A: b")));
    assertNotNull(head);
    assertEquals(version + "|" + status + "|" + reason + "|[A: b]", full(head));
  }

  @Test
  void aReasonMayHoldAnyText() throws Exception {
    ResponseHead head = reader.read(buffer(head("HTTP/1.1 200 \u00e9\t\u00ff")));
    assertNotNull(head);
    assertEquals("\u00e9\t\u00ff", head.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 \r\n\r\n",
        "HTTP/1.1 20\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 +20 OK\r\n\r\n",
        "HTTP/1.1 000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1\t200 OK\r\n\r\n",
        "http/1.1 200 OK\r\n\r\n",
        "HTTP 200 OK OK OK\r\n\r\n",
        "ICY 200 OK, all fine\r\n\r\n",
        "HTTP/1.1 200 O\u0000K\r\n\r\n",
        "HTTP/1.1 200 O\rK\r\n\r\n",
        "HTTP/1.1 200 OK\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "<html>"
      })
  void whatIsMalformedIsRefused(String text) {
    assertEquals(Fault.SYNTAX, fault(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/2.0 200 OK", "HTTP/0.9 200 OK", "HTTP/1x1 200 OK"})
  void onlyVersion1IsSpoken(String line) {
    assertEquals(Fault.VERSION, fault(head(line)));
  }

  @ParameterizedTest
  @CsvSource({
    "TARGET_TOO_LONG, 'HTTP/1.1 200 ', a, 300",
    "HEAD_TOO_LARGE, 'HTTP/1.1 200 OK\r\nA: ', b, 2000",
    "TOO_MANY_FIELDS, 'HTTP/1.1 200 OK\r\n', 'A: b\r\n', 11"
  })
  void limitsAreKept(Fault fault, String start, String repeated, int times) {
    assertEquals(fault, fault(start + repeated.repeat(times)));
  }

  @Test
  void interimHeadsComeOneByOne() throws Exception {
    ByteBuffer in = buffer(head("HTTP/1.1 103 E", "A: b") + head("HTTP/1.1 200 OK") + "body");
    ResponseHead interim = reader.read(in);
    ResponseHead last = reader.read(in);
    assertNotNull(interim);
    assertNotNull(last);
    assertTrue(interim.isInterim());
    assertFalse(last.isInterim());
    assertEquals(4, in.remaining());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A:  b c \r\n\r\nabc",
        "HTTP/1.0 404\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 20\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n"
      })
  void howTheOctetsArriveDoesNotMatter(String text) {
    String whole = outcome(text);
    for (int first = 1; first < text.length(); first++) {
      assertEquals(whole, outcome(text, first), "cut at " + first);
      for (int second = first; second < text.length(); second++) {
        assertEquals(whole, outcome(text, first, second), first + ", " + second);
      }
    }
  }

  @Test
  void whateverComesIsAHeadOrRefused() {
    List<String> seeds =
        List.of(
            head("HTTP/1.1 200 OK", "Content-Length: 3", "Set-Cookie: a=b; Path=/"),
            head("HTTP/1.0 404 Not Found", "A: b", "Connection: close"),
            head("HTTP/1.1 103", "Link: </a>"));
    Random random = new Random(2);
    int heads = 0;
    for (int i = 0; i < 20_000; i++) {
      String text = Heads.mutation(seeds, random);
      try {
        ResponseHead head = new ResponseHeadReader(LIMITS).read(buffer(text));
        if (head != null) {
          heads++;
          assertTrue(head.status() >= 100 && head.status() <= 999, text);
          assertTrue(Ascii.isFieldValue(head.reason()), text);
          for (int line = 0; line < head.fields().size(); line++) {
            assertTrue(Ascii.isToken(head.fields().name(line)), text);
            assertTrue(Ascii.isFieldValue(head.fields().value(line)), text);
          }
        }
      } catch (BadMessageException expected) {
        // refused, as it should be
      }
    }
    assertTrue(heads > 1000, heads + " heads");
  }
}
