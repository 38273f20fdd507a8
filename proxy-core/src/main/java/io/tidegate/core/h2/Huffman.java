package io.tidegate.core.h2;

/**
 * The code of RFC 7541 Appendix B. It is canonical: codes of one length follow each other in the
 * order of their symbols, shorter ones first, so that the lengths say it all.
 */
final class Huffman {
  private static final int EOS = 256;
  private static final int LONGEST = 30;

  private static final byte[] LENGTHS = {
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, //
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, //
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, //
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, //
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, //
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, //
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, //
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, //
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, //
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, //
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, //
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, //
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, //
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, //
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, //
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, //
    30
  };

  private static final int[] CODES = new int[257];

  /** The symbols in the order of their codes. */
  private static final short[] SYMBOLS = new short[257];

  /** For each length: where its codes end, left-aligned in 32 bits. */
  private static final long[] ENDS = new long[LONGEST + 1];

  /** For each length: what to add to a code for the index of its symbol. */
  private static final int[] OFFSETS = new int[LONGEST + 1];

  /** For each octet that starts with a code of at most 8 bits: symbol and length; else 0. */
  private static final short[] SHORT = new short[256];

  static {
    int code = 0;
    int index = 0;
    for (int length = 1; length <= LONGEST; length++) {
      OFFSETS[length] = index - code;
      for (int symbol = 0; symbol <= EOS; symbol++) {
        if (LENGTHS[symbol] == length) {
          CODES[symbol] = code++;
          SYMBOLS[index++] = (short) symbol;
        }
      }
      ENDS[length] = (long) code << (32 - length);
      code <<= 1;
    }
    for (int symbol = 0; symbol < EOS; symbol++) {
      int spare = 8 - LENGTHS[symbol];
      for (int rest = 0; spare >= 0 && rest < 1 << spare; rest++) {
        SHORT[(CODES[symbol] << spare) | rest] = (short) ((symbol << 4) | LENGTHS[symbol]);
      }
    }
  }

  private Huffman() {}

  /** How many octets these become. */
  static int encodedLength(byte[] octets, int from, int to) {
    long bits = 0;
    for (int i = from; i < to; i++) {
      bits += LENGTHS[octets[i] & 0xff];
    }
    return (int) ((bits + 7) >>> 3);
  }

  /**
   * Encodes them to {@code out}, which has room.
   *
   * @return the position after them
   */
  static int encode(byte[] octets, int from, int to, byte[] out, int at) {
    long bits = 0;
    int count = 0;
    int end = at;
    for (int i = from; i < to; i++) {
      int symbol = octets[i] & 0xff;
      bits = (bits << LENGTHS[symbol]) | CODES[symbol];
      count += LENGTHS[symbol];
      while (count >= 8) {
        count -= 8;
        out[end++] = (byte) (bits >>> count);
      }
    }
    if (count > 0) {
      out[end++] = (byte) ((bits << (8 - count)) | (0xff >>> count));
    }
    return end;
  }

  /**
   * Decodes them to {@code out}, which has room for 8/5 of them.
   *
   * @return the position after what was decoded
   */
  static int decode(byte[] octets, int from, int to, byte[] out, int at)
      throws ConnectionException {
    long bits = 0;
    int count = 0;
    int next = from;
    int end = at;
    while (true) {
      while (count < 32 && next < to) {
        bits = (bits << 8) | (octets[next++] & 0xff);
        count += 8;
      }
      long code = aligned(bits, count);
      int known = SHORT[(int) (code >>> 24)];
      int length = known == 0 ? longLength(code) : known & 0xf;
      if (length > count) {
        requirePadding(code, count);
        return end;
      }
      int symbol = known == 0 ? symbol(code, length) : known >> 4;
      if (symbol == EOS) {
        throw ConnectionException.compression("end of string inside a string");
      }
      out[end++] = (byte) symbol;
      count -= length;
    }
  }

  /** The next 32 bits, ones after the last. */
  private static long aligned(long bits, int count) {
    if (count >= 32) {
      return (bits >>> (count - 32)) & 0xffffffffL;
    }
    int missing = 32 - count;
    return ((bits << missing) | ((1L << missing) - 1)) & 0xffffffffL;
  }

  private static int longLength(long code) {
    int length = 9;
    while (code >= ENDS[length]) {
      length++;
    }
    return length;
  }

  private static int symbol(long code, int length) {
    return SYMBOLS[(int) (code >>> (32 - length)) + OFFSETS[length]];
  }

  private static void requirePadding(long code, int count) throws ConnectionException {
    if (count > 7 || code != 0xffffffffL) {
      throw ConnectionException.compression("invalid padding of a string");
    }
  }
}
