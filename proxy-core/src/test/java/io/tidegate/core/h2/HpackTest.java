package io.tidegate.core.h2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.http.Ascii;
import io.undertow.protocols.http2.HpackEncoder;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7541. */
class HpackTest {
  private static final int NO_LIMIT = 1 << 20;

  private final HpackDecoder decoder = new HpackDecoder(4096, NO_LIMIT);

  private static List<String> decode(HpackDecoder decoder, byte[] block)
      throws ConnectionException {
    List<String> fields = new ArrayList<>();
    decoder.decode(
        block,
        0,
        block.length,
        new HpackDecoder.Sink() {
          @Override
          public boolean wants() {
            return true;
          }

          @Override
          public boolean field(byte[] octets, int name, int nameEnd, int value, int valueEnd) {
            fields.add(
                new String(octets, name, nameEnd - name, ISO_8859_1)
                    + ": "
                    + new String(octets, value, valueEnd - value, ISO_8859_1));
            return fields.size() % 2 == 0;
          }
        });
    return fields;
  }

  private String decode(String hex) throws ConnectionException {
    byte[] block = HexFormat.of().parseHex(hex.replace(" ", ""));
    return String.join(" | ", decode(decoder, block));
  }

  @Test
  void requestsOfAppendixC3AreDecoded() throws Exception {
    assertEquals(
        ":method: GET | :scheme: http | :path: / | :authority: www.example.com",
        decode("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"));
    assertEquals(
        ":method: GET | :scheme: http | :path: / | :authority: www.example.com"
            + " | cache-control: no-cache",
        decode("8286 84be 5808 6e6f 2d63 6163 6865"));
    assertEquals(
        ":method: GET | :scheme: https | :path: /index.html | :authority: www.example.com"
            + " | custom-key: custom-value",
        decode("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"));
  }

  @Test
  void requestsOfAppendixC4AreDecoded() throws Exception {
    assertEquals(
        ":method: GET | :scheme: http | :path: / | :authority: www.example.com",
        decode("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"));
    assertEquals(
        ":method: GET | :scheme: http | :path: / | :authority: www.example.com"
            + " | cache-control: no-cache",
        decode("8286 84be 5886 a8eb 1064 9cbf"));
    assertEquals(
        ":method: GET | :scheme: https | :path: /index.html | :authority: www.example.com"
            + " | custom-key: custom-value",
        decode("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"));
  }

  @Test
  void responsesOfAppendixC5AreDecodedWithEntriesEvicted() throws Exception {
    assertEquals("", decode("3f e101"));
    assertEquals(
        ":status: 302 | cache-control: private | date: Mon, 21 Oct 2013 20:13:21 GMT"
            + " | location: https://www.example.com",
        decode(
            "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133"
                + "2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861"
                + "6d70 6c65 2e63 6f6d"));
    assertEquals(
        ":status: 307 | cache-control: private | date: Mon, 21 Oct 2013 20:13:21 GMT"
            + " | location: https://www.example.com",
        decode("4803 3330 37c1 c0bf"));
    assertEquals(
        ":status: 200 | cache-control: private | date: Mon, 21 Oct 2013 20:13:22 GMT"
            + " | location: https://www.example.com | content-encoding: gzip"
            + " | set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
        decode(
            "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d"
                + "54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f"
                + "5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572"
                + "7369 6f6e 3d31"));
  }

  @Test
  void responsesOfAppendixC6AreDecodedWithEntriesEvicted() throws Exception {
    decode("3f e101");
    assertEquals(
        ":status: 302 | cache-control: private | date: Mon, 21 Oct 2013 20:13:21 GMT"
            + " | location: https://www.example.com",
        decode(
            "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
                + "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"));
    assertEquals(
        ":status: 307 | cache-control: private | date: Mon, 21 Oct 2013 20:13:21 GMT"
            + " | location: https://www.example.com",
        decode("4883 640e ffc1 c0bf"));
    assertEquals(
        ":status: 200 | cache-control: private | date: Mon, 21 Oct 2013 20:13:22 GMT"
            + " | location: https://www.example.com | content-encoding: gzip"
            + " | set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
        decode(
            "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab"
                + "77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5"
                + "291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          index 0                                 | 80
          index behind the table                  | be
          name of index behind the table          | 7f ff 01 61
          integer that ends early                 | ff
          integer of five octets more             | ff ff ff ff ff 00
          name that ends early                    | 40 02 61
          value that is missing                   | 40 01 61
          string longer than the block            | 40 01 61 7f ff 7f
          size update behind a field              | 82 20
          size update over the limit              | 3f e2 1f
          three size updates                      | 20 20 20 82
          end of string inside a string           | 40 01 61 84 ff ff ff ff
          padding of zeros                        | 40 01 61 81 00
          padding of eight bits                   | 40 01 61 82 1f ff
          """)
  void anInvalidBlockEndsTheConnection(String what, String hex) {
    ConnectionException e = assertThrows(ConnectionException.class, () -> decode(hex));
    assertEquals(ErrorCode.COMPRESSION_ERROR, e.code(), what);
  }

  @Test
  void aTableMayShrinkAndGrowBeforeABlock() throws Exception {
    assertEquals(":method: GET", decode("20 3f e1 1f 82"));
  }

  @Test
  void aTableOfWhichThePeerKnowsThatItIsSmallerMustBeShrunkFirst() throws Exception {
    decoder.limitTable(100);
    assertThrows(ConnectionException.class, () -> decode("82"));
    assertEquals(":method: GET", decode("3f 45 82"));
    assertEquals(":method: GET", decode("82"));
    assertThrows(ConnectionException.class, () -> decode("3f 46 82"));
  }

  @Test
  void blocksOfAnotherEncoderAreDecoded() throws Exception {
    Random random = new Random(7);
    HpackEncoder encoder = new HpackEncoder(4096);
    for (int i = 0; i < 3000; i++) {
      HeaderMap fields = new HeaderMap();
      List<String> expected = new ArrayList<>();
      for (int n = random.nextInt(12); n >= 0; n--) {
        String name = n + word(random, 1 + random.nextInt(20), "abcdefghij-xyz");
        String value = word(random, random.nextInt(60), "abc =;/,~|{}ABCZ\u00e4\u00ff0123456789");
        fields.add(new HttpString(name), value);
        expected.add(name + ": " + value);
      }
      ByteBuffer block = ByteBuffer.allocate(64 << 10);
      encoder.encode(fields, block);
      byte[] octets = new byte[block.flip().remaining()];
      block.get(octets);
      List<String> decoded = decode(decoder, octets);
      decoded.sort(null);
      expected.sort(null);
      assertEquals(expected, decoded);
    }
  }

  @Test
  void whatIsEncodedIsDecodedBySomebodyElse() throws Exception {
    Random random = new Random(8);
    var other = new io.undertow.protocols.http2.HpackDecoder();
    List<String> decoded = new ArrayList<>();
    other.setHeaderEmitter((name, value, never) -> decoded.add(name + ": " + value));
    HeadBlock block = new HeadBlock();
    for (int i = 0; i < 3000; i++) {
      block.clear().status(100 + random.nextInt(900));
      List<String> expected = new ArrayList<>();
      for (int n = random.nextInt(12); n >= 0; n--) {
        String name = random.nextBoolean() ? "Vary" : word(random, 1 + random.nextInt(200), "aBc-");
        String value = word(random, random.nextInt(400), "abc =;/,~|{}ABCZ\u00e4\u00ff0123456789");
        block.field(name, value);
        expected.add(name.toLowerCase(java.util.Locale.ROOT) + ": " + value);
      }
      decoded.clear();
      other.decode(ByteBuffer.wrap(block.octets(), 0, block.length()), false);
      assertEquals(expected, decoded.subList(1, decoded.size()));
    }
  }

  @Test
  void everyOctetSurvivesTheHuffmanCode() throws Exception {
    byte[] all = new byte[512];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i * 7);
    }
    byte[] coded = new byte[2048];
    int end = Huffman.encode(all, 0, all.length, coded, 0);
    assertEquals(Huffman.encodedLength(all, 0, all.length), end);
    byte[] decoded = new byte[all.length];
    assertEquals(all.length, Huffman.decode(coded, 0, end, decoded, 0));
    assertArrayEquals(all, decoded);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "authorization, abc, 1f08", "cookie, abc, 1f11", "set-cookie, abc, 1f28",
    "proxy-authorization, abc, 1f22", "user-agent, abc, 0f2b",
        "Accept-Encoding, 'gzip, deflate', 90"
  })
  void fieldsAreWrittenSoThatSecretsAreNeverIndexed(String name, String value, String start) {
    HeadBlock block = new HeadBlock().clear().field(name, value);
    String hex = HexFormat.of().formatHex(block.octets(), 0, start.length() / 2);
    assertEquals(start, hex);
  }

  @Test
  void aSmallerTableIsConfirmedInTheNextBlockThatIsSent() {
    HeadBlock block = new HeadBlock();
    block.tellThatTableIsEmpty();
    assertEquals(0x20, block.clear().status(200).octets()[0]);
    assertEquals(0x20, block.clear().status(200).octets()[0]);
    block.sent();
    assertEquals((byte) 0x88, block.clear().status(200).octets()[0]);
  }

  @Test
  void aBlockWhoseFieldsAreFarOverTheLimitEndsTheConnection() throws Exception {
    HpackDecoder limited = new HpackDecoder(4096, 1000);
    byte[] block = new byte[24];
    java.util.Arrays.fill(block, (byte) 0x82); // ":method: GET", 42 each
    assertEquals(23, decode(limited, java.util.Arrays.copyOf(block, 23)).size());
    ConnectionException e = assertThrows(ConnectionException.class, () -> decode(limited, block));
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, e.code());
  }

  private static String word(Random random, int length, String alphabet) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return new String(Ascii.octets(word.toString()), ISO_8859_1);
  }
}
