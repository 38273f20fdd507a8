package io.tidegate.forward.auth;

import io.tidegate.core.http.Ascii;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A name and a password as Basic carries them (RFC 7617).
 *
 * @param name may be empty; holds no colon
 * @param password may be empty
 */
record BasicCredentials(String name, String password) {
  /** What {@code token} encodes, or null if that is no name and password. */
  static @Nullable BasicCredentials parse(String token) {
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return null;
    }
    String text = text(octets);
    int colon = text.indexOf(':');
    if (colon < 0 || text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      return null; // no control characters, says §2
    }
    return new BasicCredentials(text.substring(0, colon), text.substring(colon + 1));
  }

  /** UTF-8, as we ask for; what is none comes from a client that knows ISO-8859-1 only. */
  static String text(byte[] octets) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      return new String(octets, StandardCharsets.ISO_8859_1);
    }
  }

  /** The same for text that holds one character for each octet. */
  static String text(String octets) {
    return text(Ascii.octets(octets));
  }

  /** Tells nothing. */
  @Override
  public String toString() {
    return "a name and a password";
  }
}
