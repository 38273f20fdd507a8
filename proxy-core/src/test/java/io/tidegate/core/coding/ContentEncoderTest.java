package io.tidegate.core.coding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** That what encoders make is read by the decoders of others. */
class ContentEncoderTest {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  @ParameterizedTest
  @EnumSource(ContentCoding.class)
  void anyContentInAnyPiecesIsDecodedToItself(ContentCoding coding) throws IOException {
    Encoders encoders = new Encoders();
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      byte[] content = content(random, random.nextInt(seed < 190 ? 5000 : 500_000));
      int level = coding.leastLevel() + seed % 4;
      ContentEncoder encoder = encoders.take(coding, level);
      byte[] encoded = encode(encoder, content, random);
      encoders.give(coding, level, encoder);
      assertArrayEquals(content, decode(coding, encoded), "seed " + seed);
    }
  }

  @ParameterizedTest
  @EnumSource(ContentCoding.class)
  void whatHasGoneInCanBeDecodedAfterAFlush(ContentCoding coding) throws IOException {
    try (ContentEncoder encoder = new Encoders().take(coding, 1)) {
      ByteBuffer out = ByteBuffer.allocateDirect(1000);
      assertTrue(encoder.encode(direct("data: 1\n\n"), out, ContentEncoder.Mode.GO_ON));
      assertTrue(encoder.encode(NOTHING, out, ContentEncoder.Mode.FLUSH));
      InputStream decoder = decoder(coding, octets(out));
      assertEquals("data: 1\n\n", new String(decoder.readNBytes(9), StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @EnumSource(ContentCoding.class)
  void noContentIsAValidBodyToo(ContentCoding coding) throws IOException {
    try (ContentEncoder encoder = new Encoders().take(coding, 1)) {
      ByteBuffer out = ByteBuffer.allocateDirect(1000);
      assertTrue(encoder.encode(NOTHING, out, ContentEncoder.Mode.END));
      assertEquals(0, decode(coding, octets(out)).length);
    }
  }

  @Test
  void gzipTellsNothingAboutTheServer() {
    try (ContentEncoder encoder = new Encoders().take(ContentCoding.GZIP, 1)) {
      ByteBuffer out = ByteBuffer.allocateDirect(1000);
      encoder.encode(direct("a"), out, ContentEncoder.Mode.END);
      assertArrayEquals(
          new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff},
          java.util.Arrays.copyOf(octets(out), 10));
    }
  }

  @ParameterizedTest
  @CsvSource({"GZIP, 1, 6", "ZSTD, 1, 9"})
  void aHigherLevelSavesMore(ContentCoding coding, int low, int high) {
    byte[] content = content(new Random(1), 200_000);
    assertTrue(
        encode(new Encoders().take(coding, high), content, new Random(2)).length
            < encode(new Encoders().take(coding, low), content, new Random(2)).length);
  }

  @ParameterizedTest
  @EnumSource(ContentCoding.class)
  void anEncoderForgetsNoSettingWithItsContent(ContentCoding coding) {
    byte[] content = content(new Random(1), 400_000);
    Encoders encoders = new Encoders();
    ContentEncoder encoder = encoders.take(coding, 9);
    byte[] first = encode(encoder, content, new Random(2));
    encoders.give(coding, 9, encoder);
    assertEquals(encoder, encoders.take(coding, 9));
    assertArrayEquals(first, encode(encoder, content, new Random(2)));
    encoder.close();
  }

  @Test
  void encodersAreLentUpToALimit() {
    Encoders encoders = new Encoders();
    ContentEncoder first = encoders.take(ContentCoding.GZIP, 1);
    for (int i = 1; i < Encoders.MOST_LENT; i++) {
      assertTrue(encoders.isAvailable());
      encoders.take(ContentCoding.GZIP, 1).close();
    }
    assertFalse(encoders.isAvailable());
    encoders.give(ContentCoding.GZIP, 1, first);
    assertTrue(encoders.isAvailable());
    assertEquals(first, encoders.take(ContentCoding.GZIP, 1));
    first.close();
  }

  @Test
  void nothingIsLentAfterTheEnd() {
    Encoders encoders = new Encoders();
    ContentEncoder lent = encoders.take(ContentCoding.GZIP, 1);
    encoders.close();
    assertFalse(encoders.isAvailable());
    encoders.give(ContentCoding.GZIP, 1, lent);
    org.junit.jupiter.api.Assertions.assertThrows(
        RuntimeException.class,
        () -> lent.encode(NOTHING, ByteBuffer.allocate(100), ContentEncoder.Mode.END));
  }

  /** In pieces of any length, now and then flushed, into buffers of any size. */
  private static byte[] encode(ContentEncoder encoder, byte[] content, Random random) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    int at = 0;
    while (at < content.length) {
      int n = Math.min(content.length - at, 1 + random.nextInt(1 << random.nextInt(18)));
      ByteBuffer piece = ByteBuffer.allocateDirect(n).put(content, at, n).flip();
      pass(encoder, piece, ContentEncoder.Mode.GO_ON, encoded, random);
      assertFalse(piece.hasRemaining());
      at += n;
      if (random.nextInt(4) == 0) {
        pass(encoder, NOTHING, ContentEncoder.Mode.FLUSH, encoded, random);
      }
    }
    pass(encoder, NOTHING, ContentEncoder.Mode.END, encoded, random);
    return encoded.toByteArray();
  }

  private static void pass(
      ContentEncoder encoder,
      ByteBuffer content,
      ContentEncoder.Mode mode,
      ByteArrayOutputStream encoded,
      Random random) {
    boolean all;
    do {
      int room = 16 + random.nextInt(3000);
      ByteBuffer out =
          random.nextBoolean() ? ByteBuffer.allocateDirect(room) : ByteBuffer.allocate(room);
      all = encoder.encode(content, out, mode);
      encoded.writeBytes(octets(out));
    } while (!all);
  }

  private static byte[] content(Random random, int length) {
    byte[] content = new byte[length];
    int variety = 1 + random.nextInt(256);
    for (int i = 0; i < length; i++) {
      content[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(variety) : i / 7);
    }
    return content;
  }

  private static ByteBuffer direct(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocateDirect(octets.length).put(octets).flip();
  }

  private static byte[] octets(ByteBuffer out) {
    byte[] octets = new byte[out.flip().remaining()];
    out.get(octets);
    return octets;
  }

  private static byte[] decode(ContentCoding coding, byte[] encoded) throws IOException {
    return decoder(coding, encoded).readAllBytes();
  }

  private static InputStream decoder(ContentCoding coding, byte[] encoded) throws IOException {
    InputStream in = new ByteArrayInputStream(encoded);
    return switch (coding) {
      case GZIP -> new GZIPInputStream(in);
      case ZSTD -> new ZstdInputStream(in);
    };
  }
}
