package io.tidegate.core.log;

/** Characters in octets that may be UTF-8 (RFC 3629 §4). */
final class Utf8 {
  private Utf8() {}

  /** How many octets the character at {@code at} has, which is not ASCII; 1 if it is none. */
  static int length(byte[] octets, int at) {
    int first = octets[at] & 0xff;
    int length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
    if (at + length > octets.length) {
      return 1;
    }
    for (int i = 1; i < length; i++) {
      if ((octets[at + i] & 0xc0) != 0x80) {
        return 1;
      }
    }
    return length == 1 || isShortest(character(octets, at, length), length) ? length : 1;
  }

  /** Neither a longer form than needed, nor half of a pair, nor beyond the last character. */
  private static boolean isShortest(int character, int length) {
    boolean surrogate = character >= 0xd800 && character <= 0xdfff;
    return length == 2
        || (length == 3 && character >= 0x800 && !surrogate)
        || (length == 4 && character >= 0x10000 && character <= 0x10ffff);
  }

  /** The character at {@code at}, which has {@code length} octets, more than one. */
  static int character(byte[] octets, int at, int length) {
    int character = octets[at] & (0x7f >> length);
    for (int i = 1; i < length; i++) {
      character = character << 6 | (octets[at + i] & 0x3f);
    }
    return character;
  }
}
