package io.tidegate.core.io;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Direct buffers of one size, for octets that a peer does not take at once or has not sent to their
 * end. For one IO thread.
 */
public final class BufferPool {
  /** The size of a buffer, unless said otherwise. */
  public static final int SIZE = 16 << 10;

  private static final int MAX_SPARE_OCTETS = 4 << 20;
  private static final int MAX_DIRECT_OCTETS = 32 << 20;

  private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();
  private final int size;
  private int direct;
  private int lent;

  /** Of buffers of {@link #SIZE}. */
  public BufferPool() {
    this(SIZE);
  }

  /** Of buffers of {@code size} octets. */
  public BufferPool(int size) {
    this.size = size;
  }

  /**
   * An empty buffer. Beyond 32 MiB in use they come from the heap, which is slower but has room.
   */
  public ByteBuffer take() {
    lent++;
    ByteBuffer buffer = spare.pollLast();
    if (buffer != null) {
      return buffer.clear();
    }
    if (direct < MAX_DIRECT_OCTETS / size) {
      direct++;
      return ByteBuffer.allocateDirect(size);
    }
    return ByteBuffer.allocate(size);
  }

  /** Gives back a buffer that was taken here. */
  public void give(ByteBuffer buffer) {
    lent--;
    if (spare.size() < MAX_SPARE_OCTETS / size) {
      spare.addLast(buffer);
    } else if (buffer.isDirect()) {
      direct--;
    }
  }

  /** How many buffers are in use. */
  public int lent() {
    return lent;
  }
}
