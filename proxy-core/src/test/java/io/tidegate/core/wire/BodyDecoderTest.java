package io.tidegate.core.wire;

import static io.tidegate.core.wire.Heads.buffer;
import static io.tidegate.core.wire.Heads.lines;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.BadMessageException.Fault;
import io.tidegate.core.http.Framing;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 §6 and §7.1. */
class BodyDecoderTest {
  private static final HeadLimits TRAILERS = new HeadLimits(200, 16, 3);

  private final BodyDecoder decoder = new BodyDecoder(TRAILERS);

  /** Content, end, trailers and rest of a body that arrives in pieces that end at {@code cuts}. */
  private static String outcome(Framing framing, String text, int... cuts) {
    BodyDecoder fresh = new BodyDecoder(TRAILERS);
    fresh.start(framing);
    StringBuilder content = new StringBuilder();
    ByteBuffer in = buffer(text);
    try {
      for (int cut : cuts) {
        in.limit(cut);
        take(fresh, in, content);
      }
      in.limit(text.length());
      take(fresh, in, content);
    } catch (BadMessageException e) {
      return content + " " + e.fault() + ": " + e.detail();
    }
    String end = fresh.ended() ? " ended " + lines(fresh.trailers()) : " goes on";
    return content + end + " rest " + in.remaining();
  }

  private static void take(BodyDecoder decoder, ByteBuffer in, StringBuilder content)
      throws BadMessageException {
    int n;
    while ((n = decoder.next(in)) > 0) {
      byte[] octets = new byte[n];
      in.get(octets);
      content.append(new String(octets, ISO_8859_1));
    }
  }

  private static String chunked(String text) {
    return outcome(Framing.CHUNKED, text.replace("|", "\r\n"));
  }

  @Test
  void noContentEndsAtOnce() {
    assertEquals(" ended [] rest 3", outcome(Framing.NONE, "abc"));
    assertEquals(" ended [] rest 3", outcome(Framing.fixed(0), "abc"));
  }

  @Test
  void fixedContentEndsAtItsLength() {
    assertEquals("abc ended [] rest 2", outcome(Framing.fixed(3), "abcde"));
    assertEquals("abc goes on rest 0", outcome(Framing.fixed(4), "abc"));
    assertEquals("abc goes on rest 0", outcome(Framing.fixed(Long.MAX_VALUE), "abc"));
  }

  @Test
  void contentUntilCloseEndsAtClose() throws Exception {
    decoder.start(Framing.UNTIL_CLOSE);
    assertEquals(3, decoder.next(buffer("abc")));
    assertFalse(decoder.ended());
    assertTrue(decoder.endsAtClose());
    assertTrue(decoder.ended());
  }

  @Test
  void otherContentDoesNotEndAtClose() {
    decoder.start(Framing.fixed(3));
    assertFalse(decoder.endsAtClose());
    decoder.start(Framing.CHUNKED);
    assertFalse(decoder.endsAtClose());
    decoder.start(Framing.NONE);
    assertTrue(decoder.endsAtClose());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          0||                              ! ' ended [] rest 0'
          000||                            ! ' ended [] rest 0'
          3|abc|0||                        ! 'abc ended [] rest 0'
          1|a|2|bc|0||next                 ! 'abc ended [] rest 4'
          A|0123456789|0||                 ! '0123456789 ended [] rest 0'
          a|0123456789|0||                 ! '0123456789 ended [] rest 0'
          00000000000000000003|abc|0||     ! 'abc ended [] rest 0'
          3;a|abc|0||                      ! 'abc ended [] rest 0'
          3;a=b;c="d;e\\"|abc|0||          ! ' FRAMING: invalid chunk extension'
          3 ; a = b ;c="d\\"e" |abc|0;x||  ! 'abc ended [] rest 0'
          3|abc|0|A: b|C: d||              ! 'abc ended [A: b, C: d] rest 0'
          3|ab                             ! 'ab goes on rest 0'
          3|abc                            ! 'abc goes on rest 0'
          3|abc|0|                         ! 'abc goes on rest 0'
          3|abc|0|A: b|                    ! 'abc goes on rest 0'
          fffffffffffffff|abc              ! 'abc goes on rest 0'
          """)
  void chunksAreDecoded(String text, String expected) {
    assertEquals(expected, chunked(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "|",
        "x|",
        "-3|",
        "+3|",
        "0x3|",
        " 3|",
        "3 |abc",
        "3 3|",
        "3\n",
        "3\r3",
        "g|",
        "1g|",
        "3;|",
        "3; |",
        "3;=|",
        "3;a=|",
        "3;a b|",
        "3;a=b c|",
        "3;a=\"b|",
        "3;a=\"b\"c|",
        "3;;|",
        "3,a|",
        "3;a\n",
        "3;a=\u0000|",
        "3;\u00e9|",
        "10000000000000000|",
        "fffffffffffffffff|",
        "3|abcd",
        "3|abc\n",
        "3|abc\r0",
        "3|abc0|",
        "3|abc||",
        "0|A : b||",
        "0| A: b||",
        "0|A: b\n",
        "0|A||",
        "0|: b||",
        "0|A: \u0000||",
        "0\n",
        "0|\n"
      })
  void whatIsMalformedIsRefused(String text) {
    String outcome = chunked(text);
    assertTrue(outcome.contains("FRAMING: ") || outcome.contains("SYNTAX: "), outcome);
  }

  @Test
  void trailersHaveLimits() {
    assertTrue(chunked("0|" + "A: b|".repeat(4) + "|").contains(Fault.TRAILERS_TOO_LARGE.name()));
    assertTrue(chunked("0|A: " + "b".repeat(300)).contains(Fault.TRAILERS_TOO_LARGE.name()));
    assertEquals(" ended [A: b, A: b, A: b] rest 0", chunked("0|" + "A: b|".repeat(3) + "|"));
  }

  @Test
  void extensionsHaveLimits() {
    assertTrue(chunked("1;" + "a".repeat(10_000)).contains("FRAMING"));
    String line = "1;" + "a".repeat(1000) + "|x|";
    assertTrue(chunked(line.repeat(10) + "0||").startsWith("xxxxxxxxxx ended"));
    assertTrue(chunked(line.repeat(100)).contains("FRAMING"));
    assertTrue(chunked("0".repeat(10_000)).contains("FRAMING"));
  }

  @Test
  void aDecoderIsUsedForOneBodyAfterTheOther() throws Exception {
    for (int i = 0; i < 3; i++) {
      decoder.start(Framing.CHUNKED);
      StringBuilder content = new StringBuilder();
      String trailer = i == 1 ? "A: b\r\n" : "";
      take(decoder, buffer("3\r\nabc\r\n0\r\n" + trailer + "\r\n"), content);
      assertEquals("abc", content.toString());
      assertTrue(decoder.ended());
      assertEquals(i == 1 ? 1 : 0, decoder.trailers().size());
    }
  }

  @Test
  void aDecoderIsAsGoodAsNewAfterAFault() throws Exception {
    decoder.start(Framing.CHUNKED);
    assertThrows(
        BadMessageException.class, () -> decoder.next(buffer("0\r\nA: b\r\nC : d\r\n\r\n")));
    decoder.start(Framing.CHUNKED);
    assertEquals(0, decoder.next(buffer("0\r\nE: f\r\n\r\n")));
    assertTrue(decoder.ended());
    assertEquals(List.of("E: f"), lines(decoder.trailers()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3;a=\"b\"|abc|5|01234|0|A: b||rest",
        "0||",
        "3|abcd",
        "3;a=|",
        "0|A : b||",
        "00a|0123456789|0;x||"
      })
  void howTheOctetsArriveDoesNotMatter(String compact) {
    String text = compact.replace("|", "\r\n");
    String whole = outcome(Framing.CHUNKED, text);
    for (int first = 1; first < text.length(); first++) {
      assertEquals(whole, outcome(Framing.CHUNKED, text, first), "cut at " + first);
      for (int second = first; second < text.length(); second++) {
        assertEquals(whole, outcome(Framing.CHUNKED, text, first, second), first + ", " + second);
      }
    }
  }

  @Test
  void whateverComesIsContentOrRefused() {
    List<String> seeds =
        List.of(
            "3\r\nabc\r\n0\r\n\r\n",
            "3;a=b;c=\"d\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nA: b\r\nC: d\r\n\r\n",
            "000f;x\r\n0123456789abcde\r\n0\r\n\r\n");
    Random random = new Random(3);
    int ended = 0;
    for (int i = 0; i < 20_000; i++) {
      String text = Heads.mutation(seeds, random);
      int cut = random.nextInt(text.length() + 1);
      String whole = outcome(Framing.CHUNKED, text);
      assertEquals(whole, outcome(Framing.CHUNKED, text, cut), () -> text + " cut at " + cut);
      ended += whole.contains(" ended ") ? 1 : 0;
    }
    assertTrue(ended > 1000, ended + " bodies");
  }
}
