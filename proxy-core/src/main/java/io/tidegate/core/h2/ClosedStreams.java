package io.tidegate.core.h2;

import java.util.Arrays;

/**
 * How the streams that were closed last came to their end: late frames of some are no error. Odd
 * numbers only, as no server may push.
 */
final class ClosedStreams {
  /** What is known about a stream that is not open. */
  enum End {
    /** It was never opened, or that is long ago. */
    UNKNOWN(0),
    /** Both sides have ended it. */
    ENDED(1),
    /** The peer has reset it. */
    RESET_BY_PEER(2),
    /** We have reset it, and the peer may not know yet. */
    RESET_BY_US(3);

    private final int bits;

    End(int bits) {
      this.bits = bits;
    }
  }

  private static final End[] ENDS = End.values();
  private static final int FIRST_SIZE = 16;
  private static final int MOST = 512;

  /** Half the number, and in the two lowest bits the bits of the end. */
  private int[] entries = {};

  private int count;

  void add(int id, End end) {
    if (count >= entries.length && entries.length < MOST) {
      entries = Arrays.copyOf(entries, Math.max(FIRST_SIZE, 2 * entries.length));
    }
    entries[count++ & (entries.length - 1)] = ((id >>> 1) << 2) | end.bits;
    if (count == 2 * MOST) {
      count = MOST;
    }
  }

  End of(int id) {
    int known = Math.min(count, entries.length);
    for (int i = count - 1; i >= count - known; i--) {
      int entry = entries[i & (entries.length - 1)];
      if (entry >>> 2 == id >>> 1) {
        return ENDS[entry & 3];
      }
    }
    return End.UNKNOWN;
  }
}
