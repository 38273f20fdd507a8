package io.tidegate.core.exchange;

import java.nio.ByteBuffer;

/**
 * Octets that had come before a {@link Throttle} began to hold its side up, and may not pass yet:
 * no more than one read, as that side is not read meanwhile.
 */
final class HeldOctets {
  private static final byte[] NONE = {};

  private byte[] octets = NONE;
  private int start;
  private int end;

  /** Takes all of {@code data}. */
  void add(ByteBuffer data) {
    int length = data.remaining();
    if (octets.length - end < length) {
      int held = end - start;
      byte[] larger = new byte[Math.max(held + length, 2 * held)];
      System.arraycopy(octets, start, larger, 0, held);
      octets = larger;
      start = 0;
      end = held;
    }
    data.get(octets, end, length);
    end += length;
  }

  boolean isEmpty() {
    return start == end;
  }

  /** The next of them, at most {@code most}. */
  ByteBuffer next(int most) {
    ByteBuffer piece = ByteBuffer.wrap(octets, start, Math.min(most, end - start));
    start += piece.remaining();
    if (isEmpty()) {
      clear();
    }
    return piece;
  }

  /** Forgets them. */
  void clear() {
    octets = NONE;
    start = 0;
    end = 0;
  }
}
