package io.tidegate.core.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 1928, RFC 1929, and versions 4 and 4a. */
class SocksReaderTest {
  /** Octets in hexadecimal, and text between quotes. */
  private static byte[] octets(String notation) {
    StringBuilder hex = new StringBuilder();
    String[] parts = notation.split("'", -1);
    for (int i = 0; i < parts.length; i++) {
      hex.append(
          i % 2 == 0
              ? parts[i].replace(" ", "")
              : HexFormat.of().formatHex(parts[i].getBytes(ISO_8859_1)));
    }
    return HexFormat.of().parseHex(hex);
  }

  /** What the reader makes of the octets, when so many come at a time. */
  private static String outcome(byte[] octets, int atATime) {
    SocksReader reader = new SocksReader();
    StringBuilder outcome = new StringBuilder();
    ByteBuffer in = ByteBuffer.wrap(octets);
    try {
      while (in.position() < octets.length) {
        in.limit(Math.min(octets.length, in.position() + atATime));
        SocksMessage message = reader.read(in);
        outcome.append(message == null ? "" : text(message, reader) + "; ");
        if (message instanceof SocksMessage.Request) {
          in.limit(octets.length);
          return outcome + "rest " + in.remaining();
        }
      }
      return outcome + "more";
    } catch (BadSocksException e) {
      return outcome + e.reply().name() + ": " + e.detail();
    }
  }

  private static String text(SocksMessage message, SocksReader reader) {
    if (message instanceof SocksMessage.Greeting greeting) {
      if (greeting.password()) {
        reader.expectCredentials();
      } else {
        reader.expectRequest();
      }
      return "greeting" + (greeting.none() ? " none" : "") + (greeting.password() ? " pass" : "");
    }
    if (message instanceof SocksMessage.Credentials shown) {
      reader.expectRequest();
      return new String(Base64.getDecoder().decode(shown.basic().substring(6)), ISO_8859_1);
    }
    return reader.version() + " " + ((SocksMessage.Request) message).authority();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "an IPv4 address | 05 01 00 05 01 00 01 c0 00 02 01 01 bb"
            + " | greeting none; 5 192.0.2.1:443; rest 0",
        "an IPv6 address | 05 01 00 05 01 00 04 2001 0db8 0000 0000 0000 0000 0000 0001 0050"
            + " | greeting none; 5 [2001:db8:0:0:0:0:0:1]:80; rest 0",
        "an IPv4 address in IPv6 is IPv4"
            + " | 05 01 00 05 01 00 04 0000 0000 0000 0000 0000 ffff 7f00 0001 0050"
            + " | greeting none; 5 127.0.0.1:80; rest 0",
        "a name | 05 01 00 05 01 00 03 0b 'Example.COM' 01bb"
            + " | greeting none; 5 example.com:443; rest 0",
        "an IPv4 address as a name | 05 01 00 05 01 00 03 09 '127.0.0.1' 01bb"
            + " | greeting none; 5 127.0.0.1:443; rest 0",
        "an IPv6 address as a name | 05 01 00 05 01 00 03 03 '::1' 01bb"
            + " | greeting none; 5 [0:0:0:0:0:0:0:1]:443; rest 0",
        "the highest port | 05 01 00 05 01 00 03 01 'a' ffff | greeting none; 5 a:65535; rest 0",
        "what follows is left | 05 01 00 05 01 00 03 01 'a' 0050 'hasty'"
            + " | greeting none; 5 a:80; rest 5",
        "several ways of authentication | 05 04 01 00 80 02 | greeting none pass; more",
        "only ways we do not know | 05 02 01 03 | greeting; more",
        "no way at all | 05 00 | greeting; more",
        "credentials | 05 01 02 01 03 'ann' 06 'secret' 05 01 00 03 01 'a' 0050"
            + " | greeting pass; ann:secret; 5 a:80; rest 0",
        "a password with colons | 05 01 02 01 03 'ann' 03 ':b:' | greeting pass; ann::b:; more",
        "an empty password | 05 01 02 01 03 'ann' 00 | greeting pass; ann:; more",
        "no name | 05 01 02 01 00 00 | greeting pass; :; more",
        "version 4 | 04 01 01bb c0 00 02 01 'ann' 00 'hasty' | 4 192.0.2.1:443; rest 5",
        "version 4 without a user | 04 01 01bb c0 00 02 01 00 | 4 192.0.2.1:443; rest 0",
        "version 4a | 04 01 0050 00 00 00 01 'ann' 00 'example.com' 00 'x' | 4 example.com:80; rest 1",
        "version 4 to no address | 04 01 0050 00 00 00 00 00 | 4 0.0.0.0:80; rest 0",
      },
      delimiter = '|')
  void whatAClientSaysIsUnderstood(String what, String said, String understood) {
    byte[] octets = octets(said);
    for (int atATime = 1; atATime <= octets.length; atATime++) {
      assertEquals(understood, outcome(octets, atATime), what + " by " + atATime);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "HTTP | 'GET / HTTP/1.1' | GENERAL_FAILURE: this is not SOCKS 4 or 5",
        "version 6 | 06 | GENERAL_FAILURE: this is not SOCKS 4 or 5",
        "another version later | 05 01 00 04"
            + " | greeting none; GENERAL_FAILURE: this is not SOCKS 4 or 5",
        "credentials of another version | 05 01 02 05"
            + " | greeting pass; GENERAL_FAILURE: an unknown version of the credentials",
        "a user with a colon | 05 01 02 01 03 'a:n' 00"
            + " | greeting pass; GENERAL_FAILURE: a user name with a colon",
        "BIND | 05 01 00 05 02 | greeting none; COMMAND_NOT_SUPPORTED:"
            + " of the commands of SOCKS, only CONNECT is offered",
        "UDP ASSOCIATE | 05 01 00 05 03 | greeting none; COMMAND_NOT_SUPPORTED:"
            + " of the commands of SOCKS, only CONNECT is offered",
        "BIND of version 4"
            + " | 04 02 | COMMAND_NOT_SUPPORTED: of the commands of SOCKS, only CONNECT is offered",
        "a reserved octet | 05 01 00 05 01 01"
            + " | greeting none; GENERAL_FAILURE: a reserved octet that is not zero",
        "a type of address | 05 01 00 05 01 00 02"
            + " | greeting none; ADDRESS_TYPE_NOT_SUPPORTED: an unknown type of address",
        "a name with a line break | 05 01 00 05 01 00 03 04 'a' 0d0a 'b' 0050"
            + " | greeting none; GENERAL_FAILURE: invalid host",
        "a name with a zero octet | 05 01 00 05 01 00 03 03 'a' 00 'b' 0050"
            + " | greeting none; GENERAL_FAILURE: invalid host",
        "a name with a space | 05 01 00 05 01 00 03 03 'a b' 0050"
            + " | greeting none; GENERAL_FAILURE: invalid host",
        "a name not in ASCII | 05 01 00 05 01 00 03 02 c3a9 0050"
            + " | greeting none; GENERAL_FAILURE: invalid host",
        "a name with a port | 05 01 00 05 01 00 03 04 'a:80' 0050"
            + " | greeting none; GENERAL_FAILURE: invalid port",
        "a name with user information | 05 01 00 05 01 00 03 03 'a@b' 0050"
            + " | greeting none; GENERAL_FAILURE: invalid host",
        "a name of version 4a with a tab | 04 01 0050 00 00 00 01 00 'a' 09 00"
            + " | GENERAL_FAILURE: invalid host",
      },
      delimiter = '|')
  void whatIsWrongIsToldAtTheFirstOctetThatTellsIt(String what, String said, String fault) {
    byte[] octets = octets(said);
    for (int atATime = 1; atATime <= octets.length; atATime++) {
      assertEquals(fault, outcome(octets, atATime), what + " by " + atATime);
    }
  }

  @Test
  void theLongestOfEverythingIsTaken() {
    String longest = "a".repeat(255);
    String v5 = "05 01 02 01 ff '" + longest + "' ff '" + longest + "'";
    assertEquals(
        "greeting pass; " + longest + ":" + longest + "; 5 " + longest + ":80; rest 0",
        outcome(octets(v5 + " 05 01 00 03 ff '" + longest + "' 0050"), 1000));
    String v4a = "04 01 0050 00 00 00 01 '" + longest + "' 00 '" + longest + "' 00";
    assertEquals("4 " + longest + ":80; rest 0", outcome(octets(v4a), 1000));
  }

  @ParameterizedTest
  @CsvSource({"''", "'61 00'"})
  void textWithoutAnEndIsNotKept(String before) {
    String endless = "04 01 0050 00 00 00 01 " + before + " '" + "a".repeat(256) + "'";
    assertEquals(
        "GENERAL_FAILURE: a user or host that is too long", outcome(octets(endless), 1000));
  }

  @Test
  void theVersionIsKnownFromTheFirstOctetOn() throws Exception {
    SocksReader reader = new SocksReader();
    assertFalse(reader.hasBegun());
    assertEquals(0, reader.version());
    reader.read(ByteBuffer.wrap(new byte[] {4}));
    assertTrue(reader.hasBegun());
    assertEquals(4, reader.version());
  }

  @Test
  void credentialsAreNotPrinted() {
    assertEquals("credentials", new SocksMessage.Credentials("Basic eA==").toString());
  }

  @Test
  void anyOctetsAreUnderstoodOrRefusedTheSameWayHoweverTheyArrive() {
    Random random = new Random(1928);
    byte[][] good = {
      octets("05 02 00 02 01 03 'ann' 06 'secret' 05 01 00 03 0b 'example.com' 01bb 'x'"),
      octets("05 01 00 05 01 00 04 2001 0db8 0000 0000 0000 0000 0000 0001 0050"),
      octets("04 01 0050 00 00 00 01 'ann' 00 'example.com' 00 'x'"),
    };
    for (int i = 0; i < 30_000; i++) {
      byte[] octets = good[i % good.length].clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt(i % 2 == 0 ? 256 : 8);
      }
      String whole = outcome(octets, octets.length);
      assertEquals(whole, outcome(octets, 1));
      assertEquals(whole, outcome(octets, 1 + random.nextInt(octets.length)));
    }
  }
}
