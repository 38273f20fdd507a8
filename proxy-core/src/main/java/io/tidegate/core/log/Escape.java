package io.tidegate.core.log;

/**
 * How octets that mean something to a line, or to a terminal that shows it, are written: lines
 * consist of printable ASCII, whoever made up their values.
 */
enum Escape {
  /** As {@code \xHH}: control octets, quotes, backslashes, and what is not ASCII. */
  HEX("\"\\"),
  /** As a string of JSON has it (RFC 8259 §7); UTF-8 as the characters it stands for. */
  JSON("\"\\"),
  /** As {@code %HH}, white space too. */
  PERCENT(" \"\\");

  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  /** What stands for itself, by octet. */
  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
  final boolean[] plain = new boolean[128];

  Escape(String special) {
    for (int c = ' '; c < 0x7f; c++) {
      plain[c] = special.indexOf(c) < 0;
    }
  }

  /** Writes {@code octets}, which may be anything. */
  void write(byte[] octets, Line line) {
    int at = 0;
    while (at < octets.length) {
      int octet = octets[at] & 0xff;
      int length = this == JSON && octet >= 128 ? Utf8.length(octets, at) : 1;
      if (octet < 128 && plain[octet]) {
        line.octet(octet);
      } else if (length > 1) {
        character(Utf8.character(octets, at, length), line);
      } else {
        special(octet, line);
      }
      at += length;
    }
  }

  private static void character(int character, Line line) {
    if (character > 0xffff) {
      unit(Character.highSurrogate(character), line);
      unit(Character.lowSurrogate(character), line);
    } else {
      unit(character, line);
    }
  }

  /** An octet that is no part of UTF-8 is told as the character of that number. */
  private void special(int octet, Line line) {
    if (this != JSON) {
      line.raw(this == HEX ? "\\x" : "%").octet(DIGITS[octet >> 4]).octet(DIGITS[octet & 15]);
    } else if (octet == '"' || octet == '\\') {
      line.octet('\\').octet(octet);
    } else {
      unit(octet, line);
    }
  }

  private static void unit(int unit, Line line) {
    line.raw("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      line.octet(DIGITS[unit >> shift & 15]);
    }
  }
}
