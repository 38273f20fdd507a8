package io.tidegate.core.io;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Octets that cannot pass yet, in buffers of the pool. */
public final class KeptOctets {
  private final BufferPool pool;

  /**
   * Ready to be read; the last one is filled up before another one is taken. Most streams never
   * have any, and have no queue.
   */
  private @Nullable ArrayDeque<ByteBuffer> buffers;

  private long size;

  /** None so far. */
  public KeptOctets(BufferPool pool) {
    this.pool = pool;
  }

  /** Takes all of {@code data}. */
  public void add(ByteBuffer data) {
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

  /** Whether there are none. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** How many they are. */
  public long size() {
    return size;
  }

  /** The first of them, to be read and told by {@link #taken}; there are some. */
  public ByteBuffer first() {
    return queue().getFirst();
  }

  /** So many octets of {@link #first} have been read. */
  public void taken(int octets) {
    size -= octets;
    if (!first().hasRemaining()) {
      pool.give(queue().removeFirst());
    }
  }

  /** Copies as many as there is room for, and forgets those; how many that was. */
  public int moveTo(ByteBuffer to) {
    int room = to.remaining();
    while (size > 0 && to.hasRemaining()) {
      ByteBuffer first = first();
      int n = Math.min(first.remaining(), to.remaining());
      to.put(to.position(), first, first.position(), n).position(to.position() + n);
      first.position(first.position() + n);
      taken(n);
    }
    return room - to.remaining();
  }

  /** The first of them, to be given back by {@link #give}; there are some. */
  public ByteBuffer take() {
    ByteBuffer buffer = queue().removeFirst();
    size -= buffer.remaining();
    return buffer;
  }

  /** Gives back what {@link #take} has handed out. */
  public void give(ByteBuffer buffer) {
    pool.give(buffer);
  }

  /** Forgets them. */
  public void clear() {
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
