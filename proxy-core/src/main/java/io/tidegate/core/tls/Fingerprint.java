package io.tidegate.core.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A SHA-256 digest of a certificate or a key.
 *
 * @param hex its 32 octets in lower case
 */
record Fingerprint(String hex) {
  static final String EXPECTED = "a SHA-256 digest, in base64 or hexadecimal";

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /**
   * What {@code text} spells: base64 as in RFC 7469 §2.4, or 64 hexadecimal digits in any case with
   * or without colons; null if it is neither.
   */
  static @Nullable Fingerprint parse(String text) {
    String hex = text.replace(":", "").toLowerCase(Locale.ROOT);
    if (HEX.matcher(hex).matches()) {
      return new Fingerprint(hex);
    }
    try {
      byte[] octets = Base64.getDecoder().decode(text);
      return octets.length == 32 ? new Fingerprint(HexFormat.of().formatHex(octets)) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The one of these octets. */
  static Fingerprint of(byte[] octets) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
      return new Fingerprint(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every platform has it", e);
    }
  }
}
