package io.tidegate.core.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Ip;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderReaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String ADDRESSES_4 = "c0000201c6336407d4311f90";
  private static final String CLIENT_4 = "192.0.2.1:54321";
  private static final String LOCAL_4 = "198.51.100.7:8080";
  private static final String ADDRESSES_6 =
      "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "d4311f90";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  /** A header of version 2 with this command, family and block. */
  private static byte[] block(String commandAndFamily, String block) {
    return hex(SIGNATURE + commandAndFamily + "%04x".formatted(hex(block).length) + block);
  }

  private static String tlv(int type, String value) {
    return "%02x%04x".formatted(type, hex(value).length) + value;
  }

  private static ProxyHeader read(byte[] octets) throws BadMessageException {
    ByteBuffer in = ByteBuffer.wrap(octets);
    ProxyHeader header = new ProxyHeaderReader().read(in);
    assertNotNull(header);
    assertEquals(0, in.remaining());
    return header;
  }

  private static String refusal(byte[] octets) {
    return assertThrows(
            BadMessageException.class, () -> new ProxyHeaderReader().read(ByteBuffer.wrap(octets)))
        .detail();
  }

  private static @Nullable String text(@Nullable InetSocketAddress address) {
    return address == null ? null : address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static InetSocketAddress address(String host, int port) {
    return new InetSocketAddress(Objects.requireNonNull(Ip.parse(host)), port);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          TCP4 192.0.2.1 198.51.100.7 54321 8080,       192.0.2.1:54321,             198.51.100.7:8080
          TCP4 0.0.0.0 255.255.255.255 0 65535,         0.0.0.0:0,                   255.255.255.255:65535
          TCP6 2001:db8::1 2001:DB8:0:0:0:0:0:2 1 10,   2001:db8:0:0:0:0:0:1:1,      2001:db8:0:0:0:0:0:2:10
          TCP6 ::ffff:192.0.2.1 ::1 1 2,                192.0.2.1:1,                 0:0:0:0:0:0:0:1:2
          """)
  void aLineTellsBothEnds(String line, String client, String local) throws Exception {
    ProxyHeader header = read(("PROXY " + line + "\r\n").getBytes(ISO_8859_1));
    assertEquals(client, text(header.client()));
    assertEquals(local, text(header.local()));
    assertEquals(List.of(), header.tlvs());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNKNOWN", "UNKNOWN ", "UNKNOWN 192.0.2.1 junk"})
  void aLineMayTellNobody(String line) throws Exception {
    assertEquals(ProxyHeader.OF_NOBODY, read(("PROXY " + line + "\r\n").getBytes(ISO_8859_1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TCP4 192.0.2.1 198.51.100.7 54321 8080\n",
        "TCP4 192.0.2.1 198.51.100.7 54321 8080\rx",
        "TCP4 192.0.2.1 198.51.100.7 54321\r\n",
        "TCP4 192.0.2.1 198.51.100.7 54321 8080 \r\n",
        "TCP4 192.0.2.1 198.51.100.7 54321 8080 1\r\n",
        "TCP4  192.0.2.1 198.51.100.7 54321 8080\r\n",
        " TCP4 192.0.2.1 198.51.100.7 54321 8080\r\n",
        "tcp4 192.0.2.1 198.51.100.7 54321 8080\r\n",
        "TCP4 192.0.2.1 198.51.100.7 54321 65536\r\n",
        "TCP4 192.0.2.1 198.51.100.7 54321 -1\r\n",
        "TCP4 192.0.2.1 198.51.100.7 54321 080\r\n",
        "TCP4 192.0.2.1 198.51.100.7 54321 \r\n",
        "TCP4 192.0.2.01 198.51.100.7 54321 8080\r\n",
        "TCP4 192.0.2 198.51.100.7 54321 8080\r\n",
        "TCP4 ::1 ::2 54321 8080\r\n",
        "TCP4 ::ffff:192.0.2.1 198.51.100.7 54321 8080\r\n",
        "TCP6 192.0.2.1 198.51.100.7 54321 8080\r\n",
        "TCP6 [::1] ::2 54321 8080\r\n",
        "TCP6 fe80::1%eth0 ::2 54321 8080\r\n",
        "TCP4 localhost 198.51.100.7 54321 8080\r\n",
        "UDP4 192.0.2.1 198.51.100.7 54321 8080\r\n",
        "UNKNOWNX\r\n",
        "\r\n",
      })
  void aLineIsReadStrictly(String line) {
    assertEquals("malformed PROXY header", refusal(("PROXY " + line).getBytes(ISO_8859_1)));
  }

  @Test
  void aLineIsNotLongerThanTheLongestThereCanBe() throws Exception {
    String most = "PROXY UNKNOWN " + "x".repeat(ProxyHeaderReader.MAX_LINE - 16) + "\r\n";
    assertEquals(107, most.length());
    assertEquals(ProxyHeader.OF_NOBODY, read(most.getBytes(ISO_8859_1)));
    assertEquals(
        "malformed PROXY header",
        refusal(most.replace("UNKNOWN ", "UNKNOWN  ").getBytes(ISO_8859_1)));
  }

  @Test
  void aBlockTellsBothEnds() throws Exception {
    ProxyHeader four = read(block("2111", ADDRESSES_4));
    assertEquals(CLIENT_4, text(four.client()));
    assertEquals(LOCAL_4, text(four.local()));
    ProxyHeader six = read(block("2121", ADDRESSES_6));
    assertEquals("2001:db8:0:0:0:0:0:1:54321", text(six.client()));
    assertEquals("2001:db8:0:0:0:0:0:2:8080", text(six.local()));
  }

  @Test
  void aBlockMayTellNobody() throws Exception {
    assertEquals(ProxyHeader.OF_NOBODY, read(block("2000", "")));
    assertEquals(ProxyHeader.OF_NOBODY, read(block("2011", ADDRESSES_4)));
    assertEquals(ProxyHeader.OF_NOBODY, read(block("20ff", "ffff")));
    assertEquals(ProxyHeader.OF_NOBODY, read(block("2100", "")));
    assertEquals(ProxyHeader.OF_NOBODY, read(block("2131", "00".repeat(216))));
  }

  @ParameterizedTest(name = "command and family {0}, a block of {1}")
  @CsvSource({
    "1111, 12",
    "3111, 12",
    "2211, 12",
    "2111, 11",
    "2121, 35",
    "2131, 215",
    "2112, 12",
    "2122, 36",
    "2132, 216",
    "2110, 12",
    "2101, 12",
    "2141, 36",
    "2113, 12",
    "21ff, 216"
  })
  void aBlockIsOfAStreamAndWhole(String commandAndFamily, int size) {
    assertEquals("malformed PROXY header", refusal(block(commandAndFamily, "00".repeat(size))));
  }

  @Test
  void aBlockIsNotLongerThanIsRead() throws Exception {
    int room = ProxyHeaderReader.MAX_BLOCK - 12 - 3;
    ProxyHeader most = read(block("2111", ADDRESSES_4 + tlv(0xe0, "00".repeat(room))));
    assertEquals(room, most.tlvs().get(0).value().remaining());
    assertEquals(
        "PROXY header too long",
        refusal(block("2111", ADDRESSES_4 + tlv(0xe0, "00".repeat(room + 1)))));
    assertEquals("PROXY header too long", refusal(hex(SIGNATURE + "2000" + "1001")));
  }

  @Test
  void whatIsSaidBesidesIsKept() throws Exception {
    String more = tlv(1, "6832") + tlv(4, "000000") + tlv(2, "61") + tlv(5, "0102") + tlv(0x30, "");
    List<ProxyHeader.Tlv> expected =
        List.of(
            new ProxyHeader.Tlv(1, ByteBuffer.wrap(hex("6832"))),
            new ProxyHeader.Tlv(2, ByteBuffer.wrap(hex("61"))),
            new ProxyHeader.Tlv(5, ByteBuffer.wrap(hex("0102"))),
            new ProxyHeader.Tlv(0x30, ByteBuffer.allocate(0)));
    assertEquals(expected, read(block("2111", ADDRESSES_4 + more)).tlvs());
    assertEquals(expected, read(block("2100", more)).tlvs());
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "0100", "010001", "0100020a", "050081"})
  void whatIsSaidBesidesIsWhole(String tail) {
    String block = tail.equals("050081") ? tail + "00".repeat(0x81) : tail;
    assertEquals("malformed PROXY header", refusal(block("2111", ADDRESSES_4 + block)));
  }

  /** A whole header whose last TLV but one is the sum, made as the receiver has to check it. */
  private static byte[] summed(String before, String after) {
    String start = ADDRESSES_4 + before;
    byte[] octets = block("2111", start + tlv(3, "00000000") + after);
    CRC32C sum = new CRC32C();
    sum.update(octets);
    ByteBuffer.wrap(octets).putInt(16 + hex(start).length + 3, (int) sum.getValue());
    return octets;
  }

  @Test
  void aSumIsChecked() throws Exception {
    byte[] good = summed(tlv(2, "61"), tlv(0xe0, "0102"));
    assertEquals(2, read(good).tlvs().size());
    int typeOfSum = 16 + 12 + 4;
    for (int at = 16; at < good.length; at++) {
      if (at == typeOfSum) {
        continue; // it would be no sum any more
      }
      byte[] bad = good.clone();
      bad[at] ^= 1;
      assertThrows(
          BadMessageException.class, () -> new ProxyHeaderReader().read(ByteBuffer.wrap(bad)));
    }
    byte[] bad = good.clone();
    bad[bad.length - 1] ^= 1;
    assertEquals("PROXY header with a wrong checksum", refusal(bad));
    assertEquals("malformed PROXY header", refusal(block("2111", ADDRESSES_4 + tlv(3, "0000"))));
  }

  private static List<byte[]> samples() {
    return List.of(
        "PROXY TCP4 192.0.2.1 198.51.100.7 54321 8080\r\n".getBytes(ISO_8859_1),
        "PROXY UNKNOWN\r\n".getBytes(ISO_8859_1),
        block("2111", ADDRESSES_4 + tlv(2, "61")),
        block("2121", ADDRESSES_6),
        block("2000", ""),
        summed("", tlv(5, "01")));
  }

  @Test
  void itMayComeInPiecesAndNothingBeyondItIsTaken() throws Exception {
    for (byte[] whole : samples()) {
      ProxyHeader expected = read(whole);
      ProxyHeaderReader reader = new ProxyHeaderReader();
      for (int i = 0; i < whole.length - 1; i++) {
        assertNull(reader.read(ByteBuffer.wrap(whole, i, 1)));
      }
      ByteBuffer last = ByteBuffer.wrap(new byte[] {whole[whole.length - 1], 'G', 'E'});
      assertEquals(expected, reader.read(last));
      assertEquals(2, last.remaining());
    }
  }

  @ParameterizedTest
  @CsvSource({"GET / HTTP/1.1, 1", "PROPFIND / HTTP/1.1, 4", "PROXYX, 6", "'\r\n\r\nGET', 5"})
  void whatIsNoHeaderIsKnownByItsFirstOctetThatDoesNotFit(String octets, int taken) {
    ProxyHeaderReader reader = new ProxyHeaderReader();
    ByteBuffer in = ByteBuffer.wrap(octets.getBytes(ISO_8859_1));
    BadMessageException e = assertThrows(BadMessageException.class, () -> reader.read(in));
    assertEquals("not a PROXY header", e.detail());
    assertFalse(reader.isHeader());
    assertEquals(octets.substring(0, taken), ISO_8859_1.decode(reader.taken()).toString());
    assertEquals(taken, in.position());
  }

  @Test
  void whatBeginsAsAHeaderIsOne() throws Exception {
    ProxyHeaderReader line = new ProxyHeaderReader();
    line.read(ByteBuffer.wrap("PROXY".getBytes(ISO_8859_1)));
    assertFalse(line.isHeader());
    line.read(ByteBuffer.wrap(" ".getBytes(ISO_8859_1)));
    assertTrue(line.isHeader());
    ProxyHeaderReader block = new ProxyHeaderReader();
    block.read(ByteBuffer.wrap(hex(SIGNATURE), 0, 11));
    assertFalse(block.isHeader());
    block.read(ByteBuffer.wrap(hex(SIGNATURE), 11, 1));
    assertTrue(block.isHeader());
  }

  /** Octets changed, lost and doubled: a header, more to come, or one of three refusals. */
  @Test
  void damagedHeadersAreReadOrRefused() {
    Random random = new Random(6);
    List<String> refusals = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      byte[] sample = samples().get(i % samples().size());
      byte[] damaged = damaged(sample, random);
      ProxyHeaderReader reader = new ProxyHeaderReader();
      try {
        ByteBuffer in = ByteBuffer.wrap(damaged);
        ProxyHeader header = reader.read(in);
        assertTrue(header != null || !in.hasRemaining());
        assertEquals(in.position(), reader.taken().remaining());
        assertTrue(header == null || (header.client() == null) == (header.local() == null));
      } catch (BadMessageException e) {
        refusals.add(e.detail());
      }
    }
    assertEquals(
        List.of(
            "PROXY header too long",
            "PROXY header with a wrong checksum",
            "malformed PROXY header",
            "not a PROXY header"),
        refusals.stream().distinct().sorted().toList());
  }

  private static byte[] damaged(byte[] sample, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte octet : sample) {
      switch (random.nextInt(60)) {
        case 0 -> out.write(random.nextInt(256));
        case 1 -> {}
        case 2 -> {
          out.write(octet);
          out.write(octet);
        }
        default -> out.write(octet);
      }
    }
    return out.toByteArray();
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    InetSocketAddress four = address("192.0.2.1", 54321);
    InetSocketAddress six = address("2001:db8::1", 443);
    for (InetSocketAddress client : List.of(four, six)) {
      for (InetSocketAddress local : List.of(four, six)) {
        ProxyHeader told = new ProxyHeader(client, local, List.of());
        assertEquals(told, read(ProxyHeaderWriter.version1(client, local)));
        assertEquals(told, read(ProxyHeaderWriter.version2(client, local)));
      }
    }
    assertEquals(ProxyHeader.OF_NOBODY, read(ProxyHeaderWriter.version1(null, four)));
    assertEquals(ProxyHeader.OF_NOBODY, read(ProxyHeaderWriter.version2(four, null)));
  }

  @Test
  void whatIsWrittenIsWhatIsExpectedOfIt() {
    InetSocketAddress client = address("192.0.2.1", 54321);
    InetSocketAddress local = address("198.51.100.7", 8080);
    assertEquals(
        "PROXY TCP4 192.0.2.1 198.51.100.7 54321 8080\r\n",
        new String(ProxyHeaderWriter.version1(client, local), ISO_8859_1));
    assertEquals(
        "PROXY TCP6 0:0:0:0:0:ffff:c000:201 2001:db8:0:0:0:0:0:1 54321 443\r\n",
        new String(ProxyHeaderWriter.version1(client, address("2001:db8::1", 443)), ISO_8859_1));
    assertEquals(
        "PROXY UNKNOWN\r\n", new String(ProxyHeaderWriter.version1(null, null), ISO_8859_1));
    assertArrayEquals(block("2111", ADDRESSES_4), ProxyHeaderWriter.version2(client, local));
    assertArrayEquals(block("2000", ""), ProxyHeaderWriter.version2(null, null));
    assertTrue(Arrays.equals(hex(SIGNATURE + "20000000"), ProxyHeaderWriter.version2(null, null)));
  }
}
