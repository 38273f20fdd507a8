package io.tidegate.core.connect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.Parent.Kind;
import io.tidegate.core.spi.ParentUnavailableException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said to parent proxies, octet by octet, and how their answers are understood. */
class ParentDialogueTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Parent.Credentials USER = new Parent.Credentials("us", "pw");

  private static ParentDialogue dialogue(
      Kind kind, Parent.@Nullable Credentials credentials, String host, @Nullable String address) {
    return ParentDialogue.with(
        new Parent(kind, "parent.example", 3128, null, credentials),
        new Destination(false, host, 443, null),
        address == null ? null : Ip.parse(address),
        "1.1 gate");
  }

  private static ParentDialogue dialogue(Kind kind) {
    return dialogue(kind, null, "a.example", null);
  }

  private static String hex(@Nullable ByteBuffer octets) {
    return octets == null
        ? "nothing"
        : HEX.formatHex(octets.array(), octets.position(), octets.limit());
  }

  private static ByteBuffer octets(String hex) {
    return ByteBuffer.wrap(HEX.parseHex(hex));
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }

  private static String said(ByteBuffer octets) {
    return ISO_8859_1.decode(octets).toString();
  }

  private static Failure refusal(ParentDialogue dialogue, ByteBuffer answer) {
    return assertThrows(ParentDialogue.RefusedException.class, () -> dialogue.take(answer))
        .failure();
  }

  // CONNECT

  @Test
  void anHttpProxyIsAskedForATunnelByName() {
    assertEquals(
        "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nVia: 1.1 gate\r\n\r\n",
        said(dialogue(Kind.HTTP).opening()));
  }

  @Test
  void anHttpProxyNeedNotBeToldOfUs() {
    ParentDialogue hidden =
        ParentDialogue.with(
            new Parent(Kind.HTTP, "parent.example", 3128, null, null),
            new Destination(false, "a.example", 443, null),
            null,
            null);
    assertEquals(
        "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n", said(hidden.opening()));
  }

  @Test
  void credentialsAreSentToAnHttpProxyAtOnce() {
    assertEquals(
        "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nVia: 1.1 gate\r\n"
            + "Proxy-Authorization: Basic dXM6cHc=\r\n\r\n",
        said(dialogue(Kind.HTTPS, USER, "a.example", null).opening()));
  }

  @Test
  void anHttpProxyIsAskedForTheAddressThatWasChecked() {
    String request = said(dialogue(Kind.HTTP, null, "a.example", "2001:db8::1").opening());
    assertTrue(request.startsWith("CONNECT [2001:db8:0:0:0:0:0:1]:443 HTTP/1.1\r\n"), request);
  }

  @Test
  void whatFollowsTheAnswerOfAnHttpProxyIsLeft() throws Exception {
    ParentDialogue dialogue = dialogue(Kind.HTTP);
    assertNull(
        dialogue.take(text("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Le")));
    assertFalse(dialogue.isOpen());
    ByteBuffer rest = text("ngth: 5\r\n\r\nhello");
    assertNull(dialogue.take(rest));
    assertTrue(dialogue.isOpen());
    assertEquals("hello", said(rest));
  }

  @ParameterizedTest
  @CsvSource({
    "301, 502, DESTINATION_UNAVAILABLE, false",
    "403, 403, HTTP_REQUEST_DENIED, false",
    "404, 502, DESTINATION_UNAVAILABLE, false",
    "407, 502, PROXY_CONFIGURATION_ERROR, true",
    "502, 502, DESTINATION_UNAVAILABLE, false",
    "504, 502, DESTINATION_UNAVAILABLE, false",
    "199, 502, '', true"
  })
  void anHttpProxyThatOpensNoTunnelIsABadGateway(
      int answered, int status, String error, boolean unavailable) throws Exception {
    ParentDialogue dialogue = dialogue(Kind.HTTP);
    String answer = "HTTP/1.1 " + answered + " X\r\nProxy-Authenticate: Basic\r\n\r\n";
    if (answered < 200) {
      assertNull(dialogue.take(text(answer)));
      assertFalse(dialogue.isOpen());
      return;
    }
    Failure failure = refusal(dialogue, text(answer));
    assertEquals(status, failure.status());
    assertEquals(error, failure.error().name());
    assertEquals(unavailable, ParentUnavailableException.isCauseOf(failure));
    assertEquals(0, failure.fields().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-x\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbad line\r\n\r\n"
      })
  void whatIsNoAnswerOfAnHttpProxyIsGarbage(String answer) {
    assertEquals(
        "the parent proxy cannot be used: what it says is not its protocol",
        refusal(dialogue(Kind.HTTP), text(answer)).detail());
  }

  @Test
  void anHttpProxyDoesNotKeepUsWaitingWithInterimResponses() {
    assertTrue(
        ParentUnavailableException.isCauseOf(
            refusal(dialogue(Kind.HTTP), text("HTTP/1.1 102 Processing\r\n\r\n".repeat(9)))));
  }

  // SOCKS 5

  @Test
  void aSocks5ProxyIsGivenTheName() throws Exception {
    ParentDialogue dialogue = dialogue(Kind.SOCKS5);
    assertEquals("050100", hex(dialogue.opening()));
    assertEquals(
        "0501000309" + HEX.formatHex("a.example".getBytes(ISO_8859_1)) + "01bb",
        hex(dialogue.take(octets("0500"))));
    ByteBuffer reply = octets("0500000100000000000068");
    assertNull(dialogue.take(reply));
    assertTrue(dialogue.isOpen());
    assertEquals("68", hex(reply));
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, 01c0000201", "2001:db8::1, 0420010db8000000000000000000000001"})
  void aSocks5ProxyIsGivenAddressesAsAddresses(String address, String told) throws Exception {
    for (ParentDialogue dialogue :
        new ParentDialogue[] {
          dialogue(Kind.SOCKS5, null, address, null),
          dialogue(Kind.SOCKS5, null, "a.example", address)
        }) {
      assertEquals("050100" + told + "01bb", hex(dialogue.take(octets("0500"))));
    }
  }

  @Test
  void aSocks5ProxyIsTakenThePasswordThatItAsksFor() throws Exception {
    ParentDialogue dialogue = dialogue(Kind.SOCKS5, USER, "192.0.2.1", null);
    assertEquals("05020002", hex(dialogue.opening()));
    assertEquals("0102757302" + "7077", hex(dialogue.take(octets("0502"))));
    assertEquals("05010001c000020101bb", hex(dialogue.take(octets("0100"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01c000020101bb",
        "0303612e62" + "01bb",
        "04" + "00000000000000000000000000000001" + "01bb"
      })
  void theBoundAddressOfASocks5ProxyIsSkipped(String bound) throws Exception {
    ParentDialogue dialogue = dialogue(Kind.SOCKS5);
    dialogue.take(octets("0500"));
    for (byte octet : HEX.parseHex("050000" + bound)) { // in the smallest pieces
      assertFalse(dialogue.isOpen());
      assertNull(dialogue.take(ByteBuffer.wrap(new byte[] {octet})));
    }
    assertTrue(dialogue.isOpen());
  }

  @ParameterizedTest
  @CsvSource({
    "01, 502, DESTINATION_UNAVAILABLE",
    "02, 403, HTTP_REQUEST_DENIED",
    "03, 502, DESTINATION_IP_UNROUTABLE",
    "04, 502, DESTINATION_IP_UNROUTABLE",
    "05, 502, CONNECTION_REFUSED",
    "06, 504, CONNECTION_TIMEOUT",
    "07, 502, PROXY_CONFIGURATION_ERROR",
    "08, 502, PROXY_CONFIGURATION_ERROR",
    "09, 502, HTTP_PROTOCOL_ERROR"
  })
  void aReplyOfASocks5ProxyTellsWhatWentWrong(String code, int status, String error)
      throws Exception {
    ParentDialogue dialogue = dialogue(Kind.SOCKS5);
    dialogue.take(octets("0500"));
    Failure failure = refusal(dialogue, octets("05" + code + "0001000000000000"));
    assertEquals(status, failure.status());
    assertEquals(error, failure.error().name());
    assertEquals(code.equals("09"), ParentUnavailableException.isCauseOf(failure));
  }

  @ParameterizedTest
  @CsvSource({
    "05ff, PROXY_CONFIGURATION_ERROR",
    "0502, HTTP_PROTOCOL_ERROR",
    "0501, HTTP_PROTOCOL_ERROR",
    "0400, HTTP_PROTOCOL_ERROR",
    "4854, HTTP_PROTOCOL_ERROR"
  })
  void aSocks5ProxyMayOnlyChooseWhatWasOffered(String method, String error) {
    Failure failure = refusal(dialogue(Kind.SOCKS5), octets(method));
    assertEquals(error, failure.error().name());
    assertTrue(ParentUnavailableException.isCauseOf(failure));
  }

  @Test
  void aSocks5ProxyMayRefuseThePassword() throws Exception {
    ParentDialogue dialogue = dialogue(Kind.SOCKS5, USER, "a.example", null);
    dialogue.take(octets("0502"));
    assertEquals("PROXY_CONFIGURATION_ERROR", refusal(dialogue, octets("0101")).error().name());
  }

  // SOCKS 4

  @ParameterizedTest
  @CsvSource({
    "a.example, , 040101bb00000001757300612e6578616d706c6500",
    "192.0.2.1, , 040101bbc0000201757300",
    "a.example, 192.0.2.1, 040101bbc0000201757300"
  })
  void aSocks4ProxyIsGivenTheNameOrTheAddress(String host, @Nullable String address, String told) {
    assertEquals(told, hex(dialogue(Kind.SOCKS4A, USER, host, address).opening()));
  }

  @Test
  void aSocks4ProxyOpensTheWayInEightOctets() throws Exception {
    ParentDialogue dialogue = dialogue(Kind.SOCKS4A);
    assertNull(dialogue.take(octets("005a0000000000")));
    assertFalse(dialogue.isOpen());
    ByteBuffer rest = octets("0068");
    assertNull(dialogue.take(rest));
    assertTrue(dialogue.isOpen());
    assertEquals("68", hex(rest));
  }

  @ParameterizedTest
  @CsvSource({
    "005b, DESTINATION_UNAVAILABLE, false",
    "005c, PROXY_CONFIGURATION_ERROR, true",
    "005d, PROXY_CONFIGURATION_ERROR, true",
    "005e, HTTP_PROTOCOL_ERROR, true",
    "045a, HTTP_PROTOCOL_ERROR, true"
  })
  void aSocks4ProxyMayRefuse(String start, String error, boolean unavailable) {
    Failure failure = refusal(dialogue(Kind.SOCKS4A), octets(start + "000000000000"));
    assertEquals(error, failure.error().name());
    assertEquals(502, failure.status());
    assertEquals(unavailable, ParentUnavailableException.isCauseOf(failure));
  }

  // All

  @ParameterizedTest
  @EnumSource(Kind.class)
  void noAnswerBreaksADialogueOrGoesOnForEver(Kind kind) {
    Random random = new Random(42);
    for (int round = 0; round < 20_000; round++) {
      ParentDialogue dialogue = dialogue(kind, USER, "a.example", null);
      int taken = 0;
      try {
        while (!dialogue.isOpen()) {
          byte[] octets = new byte[1 + random.nextInt(300)];
          random.nextBytes(octets);
          for (int i = 0; i < octets.length && random.nextInt(4) > 0; i++) {
            octets[i] = (byte) random.nextInt(6); // what may mean something
          }
          ByteBuffer in = ByteBuffer.wrap(octets);
          dialogue.take(in);
          taken += in.position();
          assertTrue(taken <= 64 << 10, "so much was taken");
        }
      } catch (ParentDialogue.RefusedException e) {
        assertFalse(e.failure().detail().isEmpty());
      }
    }
  }

  @Test
  void credentialsAreNotPrinted() {
    Parent parent = new Parent(Kind.SOCKS5, "2001:db8::1", 1080, null, USER);
    assertEquals("socks5://[2001:db8::1]:1080", parent.toString());
    assertEquals("credentials", USER.toString());
  }
}
