package io.tidegate.core.io;

import java.nio.ByteBuffer;

/**
 * How much is read from one connection at a time. Large reads make large transfers cheap; but what
 * the other side does not take has to be kept, so a connection to a slow peer gets small ones.
 */
public final class ReadSize {
  private static final int SMALL = 32 << 10;

  private int size = 2 * SMALL;
  private int most = IoLoop.INPUT;

  /** Makes room in {@code input} for as much as may be read now. */
  public ByteBuffer limit(ByteBuffer input) {
    return input.limit(Math.min(input.capacity(), Math.min(size, most)));
  }

  /** So many octets came. */
  public void came(int octets) {
    if (octets == size) {
      size = Math.min(2 * size, IoLoop.INPUT);
    }
  }

  /** No more than this is read at a time from now on, whatever else would pay. */
  public void atMost(int octets) {
    most = octets;
  }

  /** Nothing limits a read any more. */
  public void unlimited() {
    most = IoLoop.INPUT;
  }

  /** The other side does not keep up. */
  public void slowDown() {
    size = SMALL;
  }
}
