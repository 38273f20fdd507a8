package io.tidegate.core.http;

import java.nio.charset.StandardCharsets;

/** Character classes of RFC 9110 §5.6 and RFC 3986, looked up by byte. */
public final class Ascii {
  private static final byte TOKEN = 1;
  private static final byte FIELD_VALUE = 2;
  private static final byte TARGET = 4;
  private static final byte REG_NAME = 8;
  private static final byte[] CLASSES = new byte[256];

  static {
    mark(TOKEN, "!#$%&'*+-.^_`|~0123456789");
    mark(TOKEN, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    mark(REG_NAME, "-._~!$&'()*+;=0123456789");
    mark(REG_NAME, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    for (int c = 0x21; c < 0x7f; c++) {
      CLASSES[c] |= FIELD_VALUE;
      CLASSES[c] |= c == '#' ? 0 : TARGET;
    }
    CLASSES[' '] |= FIELD_VALUE;
    CLASSES['\t'] |= FIELD_VALUE;
    for (int c = 0x80; c < 0x100; c++) {
      CLASSES[c] |= FIELD_VALUE;
    }
  }

  private Ascii() {}

  private static void mark(byte kind, String characters) {
    for (int i = 0; i < characters.length(); i++) {
      CLASSES[characters.charAt(i)] |= kind;
    }
  }

  /** A {@code tchar} of RFC 9110 §5.6.2. */
  public static boolean isToken(int octet) {
    return is(TOKEN, octet);
  }

  /** An octet of a field value (RFC 9110 §5.5): VCHAR, SP, HTAB or obs-text. */
  public static boolean isFieldValue(int octet) {
    return is(FIELD_VALUE, octet);
  }

  /** An octet of a request target: any VCHAR but the fragment delimiter (RFC 9112 §3.2). */
  public static boolean isTarget(int octet) {
    return is(TARGET, octet);
  }

  /**
   * An octet of a registered name (RFC 3986 §3.2.2) other than a percent sign; a comma is list
   * syntax and refused.
   */
  public static boolean isRegName(int octet) {
    return is(REG_NAME, octet);
  }

  /** Whether {@code text} could be a request target. */
  public static boolean isTarget(String text) {
    return !text.isEmpty() && all(TARGET, text);
  }

  /** Whether {@code text} is a non-empty token. */
  public static boolean isToken(String text) {
    return !text.isEmpty() && all(TOKEN, text);
  }

  /** Whether every character of {@code text} may stand in a field value. */
  public static boolean isFieldValue(String text) {
    return all(FIELD_VALUE, text);
  }

  /** Whether it is one of the digits 0 to 9. */
  public static boolean isDigit(int octet) {
    return octet >= '0' && octet <= '9';
  }

  /** Whether it is a letter, in either case. */
  public static boolean isLetter(int octet) {
    int lower = lower(octet);
    return lower >= 'a' && lower <= 'z';
  }

  /** The octets of {@code text}, which holds one character an octet, as every field value does. */
  public static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The lower-case form of an ASCII letter, anything else unchanged. */
  public static int lower(int octet) {
    return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
  }

  /** The value of a hexadecimal digit, or -1. */
  public static int hex(int octet) {
    if (octet >= '0' && octet <= '9') {
      return octet - '0';
    }
    int letter = octet | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }

  private static boolean is(byte kind, int octet) {
    return octet >= 0 && octet < 256 && (CLASSES[octet] & kind) != 0;
  }

  private static boolean all(byte kind, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!is(kind, text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
