package io.tidegate.core.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * What a client's opening handshake of a WebSocket shows, and a server has to know to answer it
 * (RFC 6455 §4.1). It proves that the server has understood, and keeps no secret.
 *
 * @param text as it stands in Sec-WebSocket-Key
 */
public record WebSocketKey(String text) {
  private static final String SERVER_TEXT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int OCTETS = 16;

  /** A new one. */
  public static WebSocketKey random(RandomGenerator random) {
    byte[] octets = new byte[OCTETS];
    random.nextBytes(octets);
    return new WebSocketKey(Base64.getEncoder().encodeToString(octets));
  }

  /** The one value of Sec-WebSocket-Accept that answers this key (RFC 6455 §4.2.2). */
  public String accept() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      byte[] both = (text + SERVER_TEXT).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(digest.digest(both));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every platform has it
    }
  }
}
