package io.tidegate.reverse.balance;

/** A hash that is the same in every process: well spread, but no secret. */
public final class Hash {
  private static final long START = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Hash() {}

  /** The hash of {@code text} from {@code from} to {@code to}. */
  public static long of(CharSequence text, int from, int to) {
    long hash = START;
    for (int i = from; i < to; i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return mix(hash);
  }

  /** The hash of {@code octets}. */
  public static long of(byte[] octets) {
    long hash = START;
    for (byte octet : octets) {
      hash = (hash ^ (octet & 0xff)) * PRIME;
    }
    return mix(hash);
  }

  /** Spreads {@code value} over all bits; no two values become the same. */
  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** {@code hash} as a number between 0 and 1, neither included. */
  static double fraction(long hash) {
    return ((hash >>> 12) + 0.5) * 0x1p-52;
  }
}
