package io.tidegate.forward.auth;

import java.util.Base64;

/** The octets in the text of a hash. */
final class HashText {
  private HashText() {}

  /**
   * What {@code text} encodes in Base64, padded or not, with {@code .} for {@code +} or without.
   *
   * @throws IllegalArgumentException unless that is from {@code least} to {@code most} octets
   */
  static byte[] octets(String text, int least, int most, String kind) {
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(text.replace('.', '+'));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(kind + " hash that is malformed", e);
    }
    if (octets.length < least || octets.length > most) {
      throw new IllegalArgumentException(kind + " hash or salt of unusual length");
    }
    return octets;
  }
}
