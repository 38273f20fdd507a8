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
    /** The peer has ended it. */
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

  /** What may still be on its way, for each of them. */
  private int[] windows = {};

  private int count;

  /** A stream has been closed; what it takes is {@code window} octets at the most. */
  void add(int id, End end, int window) {
    if (count >= entries.length && entries.length < MOST) {
      int size = Math.max(FIRST_SIZE, 2 * entries.length);
      entries = Arrays.copyOf(entries, size);
      windows = Arrays.copyOf(windows, size);
    }
    int slot = count++ & (entries.length - 1);
    entries[slot] = entry(id, end);
    windows[slot] = window;
    if (count == 2 * MOST) {
      count = MOST;
    }
  }

  private static int entry(int id, End end) {
    return ((id >>> 1) << 2) | end.bits;
  }

  End of(int id) {
    int slot = slot(id);
    return slot < 0 ? End.UNKNOWN : ENDS[entries[slot] & 3];
  }

  /** Late content takes so much of the window of a stream that is known; false if that is less. */
  boolean take(int id, int octets) {
    int slot = slot(id);
    windows[slot] -= octets;
    return windows[slot] >= 0;
  }

  /** The peer has ended a stream that may be known. */
  void ended(int id) {
    int slot = slot(id);
    if (slot >= 0) {
      entries[slot] = entry(id, End.ENDED);
    }
  }

  private int slot(int id) {
    int known = Math.min(count, entries.length);
    for (int i = count - 1; i >= count - known; i--) {
      int slot = i & (entries.length - 1);
      if (entries[slot] >>> 2 == id >>> 1) {
        return slot;
      }
    }
    return -1;
  }
}
