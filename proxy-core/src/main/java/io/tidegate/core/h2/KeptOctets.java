package io.tidegate.core.h2;

import io.tidegate.core.io.BufferPool;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Octets that cannot pass yet, in buffers of the pool. */
final class KeptOctets {
  private final BufferPool pool;

  /**
   * Ready to be read; the last one is filled up before another one is taken. Most streams never
   * have any, and have no queue.
   */
  private @Nullable ArrayDeque<ByteBuffer> buffers;

  private long size;

  KeptOctets(BufferPool pool) {
    this.pool = pool;
  }

  /** Takes all of {@code data}. */
  void add(ByteBuffer data) {
    size += data.remaining();
    ArrayDeque<ByteBuffer> queue = queue();
    while (data.hasRemaining()) {
      ByteBuffer last = queue.peekLast();
      if (last == null || last.limit() == last.capacity()) {
        last = pool.take().limit(0);
        queue.addLast(last);
      }
      int at = last.limit();
      int n = Math.min(data.remaining(), last.capacity() - at);
      last.limit(at + n);
      last.put(at, data, data.position(), n);
      data.position(data.position() + n);
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  long size() {
    return size;
  }

  /** The first of them, to be read and told by {@link #taken}; there are some. */
  ByteBuffer first() {
    return queue().getFirst();
  }

  /** So many octets of {@link #first} have been read. */
  void taken(int octets) {
    size -= octets;
    if (!first().hasRemaining()) {
      pool.give(queue().removeFirst());
    }
  }

  /** The first of them, to be given back by {@link #give}; there are some. */
  ByteBuffer take() {
    ByteBuffer buffer = queue().removeFirst();
    size -= buffer.remaining();
    return buffer;
  }

  /** Gives back what {@link #take} has handed out. */
  void give(ByteBuffer buffer) {
    pool.give(buffer);
  }

  /** Forgets them. */
  void clear() {
    size = 0;
    ArrayDeque<ByteBuffer> queue = buffers;
    while (queue != null && !queue.isEmpty()) {
      pool.give(queue.removeFirst());
    }
  }

  private ArrayDeque<ByteBuffer> queue() {
    ArrayDeque<ByteBuffer> queue = buffers;
    if (queue == null) {
      queue = new ArrayDeque<>(2);
      buffers = queue;
    }
    return queue;
  }
}
