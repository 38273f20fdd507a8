package io.tidegate.core.log;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way from many threads to the one that writes them, in chunks: while one is being
 * written, others fill. All together have a limit; what finds no room is dropped.
 *
 * <p>Whoever puts a line holds the lock for as long as copying that line takes.
 */
final class LineQueue {
  private static final int LARGEST_CHUNK = 256 << 10;

  private static final byte[] NONE = {};
  private static final long PATIENCE_MILLIS = 200;

  /** So long something that is retired waits for another line, or for being able to write. */
  private static final long LINGER_MILLIS = 10_000;

  private final int limit;

  /** As much as this is written at once; less waits a little for more, while others fill. */
  private final int chunk;

  private final LongSupplier nanos;
  private final Deque<ByteBuffer> full = new ArrayDeque<>();
  private byte[] filling = NONE;
  private int filled;
  private byte @Nullable [] spare;
  private @Nullable ByteBuffer taken;
  private int takenOctets;

  /** Of all lines that wait or are being written. */
  private int octets;

  private volatile long dropped;
  private boolean nudged;
  private boolean retired;
  private long retiredAt;
  private boolean closed;

  /** Whether somebody is there who writes. */
  private boolean manned;

  /**
   * An empty queue.
   *
   * @param limit how many octets there may be in it
   * @param nanos the time in nanoseconds
   */
  LineQueue(int limit, LongSupplier nanos) {
    this.limit = limit;
    this.chunk = Math.min(limit / 4, LARGEST_CHUNK);
    this.nanos = nanos;
  }

  /**
   * Puts {@code line} and the end of it, or drops it.
   *
   * @return whether somebody is needed who writes
   */
  synchronized boolean put(Line line) {
    int more = line.length() + 1;
    if (octets + more > limit) {
      dropped++;
      return man();
    }
    boolean wanted = octets == takenOctets;
    if (filled + more > filling.length) {
      wanted |= filled > 0;
      nextChunk(more);
    }
    System.arraycopy(line.octets(), 0, filling, filled, more - 1);
    filling[filled + more - 1] = '\n';
    filled += more;
    octets += more;
    if (wanted) {
      notifyAll();
    }
    return man();
  }

  private void nextChunk(int atLeast) {
    if (filled > 0) {
      full.add(ByteBuffer.wrap(filling, 0, filled));
    }
    byte[] next = spare;
    spare = null;
    filling = next != null && atLeast <= chunk ? next : new byte[Math.max(chunk, atLeast)];
    filled = 0;
  }

  private boolean man() {
    boolean first = !manned;
    manned = true;
    return first;
  }

  /** Nobody writes any more, until somebody is needed again; false if that is now. */
  synchronized boolean leave() {
    manned = octets > 0;
    return !manned;
  }

  /** Whoever should write does not: what was taken is lost, and the next line finds nobody. */
  synchronized void desert() {
    manned = false;
    if (taken != null) {
      lost(taken);
      done();
    }
  }

  /**
   * Waits until there is something to write, and a little for more of it.
   *
   * @param mostMillis after that long it comes back with nothing; 0 for never
   * @return whole lines; null if nothing more will come
   */
  synchronized @Nullable ByteBuffer take(long mostMillis) throws InterruptedException {
    if (mostMillis > 0) {
      waitUntil(() -> isWanted() || retired, mostMillis);
      nudged |= !retired;
    }
    while (!isWanted() && !retired) {
      wait();
    }
    waitUntil(this::isWanted, LINGER_MILLIS); // once retired: late lines come one by one
    waitUntil(() -> !full.isEmpty() || nudged || closed || octets == 0, PATIENCE_MILLIS);
    if (octets == 0 && !nudged) {
      return null;
    }
    nudged = false;
    ByteBuffer next = full.isEmpty() ? rest() : full.remove();
    taken = next;
    takenOctets = next.remaining();
    return next;
  }

  private boolean isWanted() {
    return octets > 0 || nudged || closed;
  }

  private ByteBuffer rest() {
    ByteBuffer rest = ByteBuffer.wrap(filling, 0, filled);
    filling = NONE;
    filled = 0;
    return rest;
  }

  /** What was taken is written, or lost. */
  @SuppressWarnings("ByteBufferBackingArray") // we have wrapped it
  synchronized void done() {
    octets -= takenOctets;
    takenOctets = 0;
    if (taken != null && taken.capacity() == chunk) {
      spare = taken.array();
    }
    taken = null;
  }

  /** Waits before another try; false if there is no time left for one. */
  synchronized boolean pause(long millis) throws InterruptedException {
    if (!isOver()) {
      waitUntil(() -> closed, millis);
    }
    return !isOver();
  }

  /** Whether it was closed, or retired long ago. */
  private boolean isOver() {
    long linger = TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
    return closed || (retired && nanos.getAsLong() - retiredAt >= linger);
  }

  private void waitUntil(BooleanSupplier condition, long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long left = millis;
    while (left > 0 && !condition.getAsBoolean()) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
  }

  /** Has whoever takes come back at once. */
  synchronized void nudge() {
    nudged = true;
    notifyAll();
  }

  /**
   * Has nobody wait much longer, for lines or for another try to write them; lines that come all
   * the same can be taken.
   */
  synchronized void retire() {
    if (!retired) {
      retired = true;
      retiredAt = nanos.getAsLong();
    }
    notifyAll();
  }

  /**
   * The same at once.
   *
   * @return whether somebody is needed who writes what there is
   */
  synchronized boolean close() {
    retired = true;
    closed = true;
    notifyAll();
    return octets > 0 && man();
  }

  /** Counts lines that were taken, but not written. */
  synchronized void lost(ByteBuffer rest) {
    while (rest.hasRemaining()) {
      if (rest.get() == '\n') {
        dropped++;
      }
    }
  }

  /** How many lines were dropped. */
  long dropped() {
    return dropped;
  }
}
