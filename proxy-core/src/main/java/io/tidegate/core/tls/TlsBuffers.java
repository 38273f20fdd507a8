package io.tidegate.core.tls;

import io.tidegate.core.io.BufferPool;
import io.tidegate.core.io.IoLoop;
import java.nio.ByteBuffer;

/**
 * Buffers of two sizes for the records of all connections of one IO thread. The large ones are for
 * the time of a call, or for what a peer does not take; the small ones for what is to wait.
 */
final class TlsBuffers {
  /** The longest record: the header, and what RFC 5246 §6.2.3 permits to follow. */
  static final int RECORD = 5 + (1 << 14) + 2048;

  /** Room for alerts and updates of keys behind what a peer does not take. */
  static final int SPARE = 4096;

  /** Four records, and room to spare. */
  static final int LARGE = 4 * RECORD + SPARE;

  private final BufferPool small;
  private final BufferPool large;

  TlsBuffers(IoLoop loop) {
    this.small = loop.buffers(RECORD);
    this.large = loop.buffers(LARGE);
  }

  ByteBuffer small() {
    return small.take();
  }

  ByteBuffer large() {
    return large.take();
  }

  /** Gives either back. */
  void give(ByteBuffer buffer) {
    (buffer.capacity() == LARGE ? large : small).give(buffer);
  }

  /** {@code buffer} if it is small; else a small one with what remains in it, if that fits. */
  ByteBuffer shrink(ByteBuffer buffer) {
    if (buffer.capacity() != LARGE || buffer.remaining() > RECORD) {
      return buffer;
    }
    ByteBuffer rest = small().put(buffer).flip();
    give(buffer);
    return rest;
  }
}
