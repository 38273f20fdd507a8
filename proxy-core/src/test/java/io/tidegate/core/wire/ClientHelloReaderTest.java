package io.tidegate.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.testkit.Hellos;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloReaderTest {
  private static ClientHello read(byte[] octets) throws BadMessageException {
    ByteBuffer in = ByteBuffer.wrap(octets);
    ClientHello hello = new ClientHelloReader().read(in);
    assertEquals(0, in.remaining());
    return hello;
  }

  private static String refusal(byte[] octets) {
    return assertThrows(
            BadMessageException.class, () -> new ClientHelloReader().read(ByteBuffer.wrap(octets)))
        .detail();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theHelloOfThePlatformIsRead(String protocol) throws Exception {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {protocol});
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(java.util.List.of(new SNIHostName("www.example.com")));
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    byte[] octets = Arrays.copyOf(out.array(), out.position());
    assertEquals(new ClientHello("www.example.com", List.of()), read(octets));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          www.example.com,   www.example.com,  true
          WWW.Example.COM,   www.example.com,  true
          www.example.com.,  www.example.com,  true
          www.example.com,   WWW.EXAMPLE.com., true
          example.com,       www.example.com,  false
          www.example.com,   example.com,      false
          www.example.com,   www.example.co,   false
          """)
  void theNameCountsInAnyCaseAndWithOrWithoutADotAtItsEnd(String sent, String asked, boolean agrees)
      throws Exception {
    assertEquals(agrees, read(Hellos.hello(sent)).isFor(asked));
  }

  @Test
  void aHelloNeedNotNameAServer() throws Exception {
    ClientHello hello = read(Hellos.hello(null));
    assertNull(hello.serverName());
    assertFalse(hello.isFor("www.example.com"));
    assertNull(
        read(Hellos.records(Hellos.message(Hellos.body(new byte[0])), 1 << 14)).serverName());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 50, 16384})
  void itMayComeInManyRecordsAndPieces(int size) throws Exception {
    byte[] octets = Hellos.records(Hellos.message("www.example.com"), size);
    assertTrue(read(octets).isFor("www.example.com"));
    ClientHelloReader reader = new ClientHelloReader();
    for (int i = 0; i < octets.length - 1; i++) {
      assertNull(reader.read(ByteBuffer.wrap(octets, i, 1)));
    }
    assertNotNull(reader.read(ByteBuffer.wrap(octets, octets.length - 1, 1)));
  }

  @Test
  void whatFollowsItsRecordIsLeft() throws Exception {
    byte[] octets = concat(Hellos.hello("a.example"), new byte[] {20, 3, 3, 0, 1, 1});
    ByteBuffer in = ByteBuffer.wrap(octets);
    assertNotNull(new ClientHelloReader().read(in));
    assertEquals(6, in.remaining());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "SSH-2.0-x\r\n",
        "\u0017\u0003\u0003\u0000\u0001x",
        "\u0016\u0002",
        "\u0016\u0003\u0001\u0000\u0000",
        "\u0016\u0003\u0001\u0040\u0001",
        "\u0016\u0003\u0001\u0000\u0001\u0002",
        "\u0080\u002e\u0001\u0003\u0001"
      })
  void whatIsNotTheBeginningOfTlsIsRefused(String text) {
    assertEquals(
        "not the beginning of TLS",
        refusal(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
  }

  @Test
  void nothingElseMayBeInItsRecordsOrBetweenThem() {
    byte[] message = Hellos.message("a.example");
    byte[] twice = Hellos.records(concat(message, message), 1 << 14);
    assertEquals("more than a TLS ClientHello in its record", refusal(twice));
    byte[] first = Arrays.copyOf(Hellos.records(message, 20), 25);
    assertEquals(
        "not the beginning of TLS", refusal(concat(first, new byte[] {20, 3, 3, 0, 1, 1})));
  }

  @Test
  void itHasAGreatestLength() throws Exception {
    int extensions = ClientHelloReader.MAX - 9 - 41 - 2 - 4 - 10; // two more records than one
    assertNull(
        read(Hellos.records(Hellos.message(Hellos.body(Hellos.extension(9, extensions))), 1 << 14))
            .serverName());
    assertEquals(
        "TLS ClientHello too long",
        refusal(Hellos.records(Hellos.message(Hellos.body(Hellos.extension(9, 40_000))), 1 << 14)));
    assertEquals(
        "TLS ClientHello too long",
        refusal(Hellos.records(Hellos.message(Hellos.body(Hellos.extension(9, 20_000))), 1)));
  }

  @Test
  void noTypeOfExtensionMayComeTwice() {
    byte[] name = Hellos.serverName("a.example");
    byte[] body = Hellos.body(concat(name, Hellos.serverName("b.example")));
    assertEquals(
        "malformed TLS ClientHello", refusal(Hellos.records(Hellos.message(body), 1 << 14)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\u0000b", "b\u00fccher.example"})
  void aNameIsOfVisibleAscii(String name) {
    assertEquals("malformed TLS ClientHello", refusal(Hellos.hello(name)));
  }

  @Test
  void everyShorterMessageIsMalformed() throws Exception {
    byte[] whole = Hellos.message("a.example");
    byte[] body = Arrays.copyOfRange(whole, 4, whole.length);
    for (int length = 0; length < body.length; length++) {
      byte[] cut = Arrays.copyOf(body, length);
      byte[] octets = Hellos.records(Hellos.message(cut), 1 << 14);
      if (length == 41) {
        assertNull(read(octets).serverName()); // what is cut off is just the extensions
      } else {
        assertEquals("malformed TLS ClientHello", refusal(octets), "length " + length);
      }
    }
  }

  @Test
  void randomChangesDoNoHarm() {
    Random random = new Random(5);
    byte[] good = Hellos.hello("www.example.com");
    int read = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] octets = good.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
      }
      try {
        read += new ClientHelloReader().read(ByteBuffer.wrap(octets)) == null ? 0 : 1;
      } catch (BadMessageException e) {
        assertNotNull(e.detail());
      }
    }
    assertTrue(read > 10_000, "changes in the random octets are not seen: " + read);
  }
}
