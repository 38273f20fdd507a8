package io.tidegate.core.io;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Direct buffers for octets that a peer does not take at once. For one IO thread. */
public final class BufferPool {
  /** The size of a buffer. */
  public static final int SIZE = 16 << 10;

  private static final int MAX_SPARE = 256;
  private static final int MAX_DIRECT = 2048;

  private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();
  private int direct;

  /**
   * An empty buffer. Beyond 32 MiB in use they come from the heap, which is slower but has room.
   */
  public ByteBuffer take() {
    ByteBuffer buffer = spare.pollLast();
    if (buffer != null) {
      return buffer.clear();
    }
    if (direct < MAX_DIRECT) {
      direct++;
      return ByteBuffer.allocateDirect(SIZE);
    }
    return ByteBuffer.allocate(SIZE);
  }

  /** Gives back a buffer that was taken here. */
  public void give(ByteBuffer buffer) {
    if (spare.size() < MAX_SPARE) {
      spare.addLast(buffer);
    } else if (buffer.isDirect()) {
      direct--;
    }
  }
}
