package io.tidegate.core.log;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way from many threads to the one that writes them: while what was taken is being
 * written, others put more beside it. Both together have a limit; what finds no room is dropped.
 *
 * <p>Whoever puts a line holds the lock for as long as copying it takes.
 */
final class LineQueue {
  private static final int FIRST_SIZE = 64 << 10;

  /** As much as this is written at once; less waits a little for more. */
  private static final int ENOUGH = 128 << 10;

  private static final long PATIENCE_MILLIS = 200;

  private final int limit;
  private byte[] filling = new byte[FIRST_SIZE];
  private byte[] taken = new byte[FIRST_SIZE];
  private int length;
  private int takenLength;
  private long dropped;
  private boolean nudged;
  private boolean closed;

  /** Whether somebody is there who writes. */
  private boolean manned;

  LineQueue(int limit) {
    this.limit = limit;
  }

  /**
   * Puts {@code line} and the end of it, or drops it.
   *
   * @return whether somebody is needed who writes
   */
  synchronized boolean put(Line line) {
    int more = line.length() + 1;
    if (length + takenLength + more > limit) {
      dropped++;
      return false;
    }
    if (length + more > filling.length) {
      filling = Arrays.copyOf(filling, Math.max(length + more, filling.length * 2));
    }
    System.arraycopy(line.octets(), 0, filling, length, more - 1);
    filling[length + more - 1] = '\n';
    boolean wanted = length == 0 || (length < ENOUGH && length + more >= ENOUGH);
    length += more;
    if (wanted) {
      notifyAll();
    }
    boolean first = !manned;
    manned = true;
    return first;
  }

  /** Nobody writes any more, until somebody is needed again; false if that is now. */
  synchronized boolean leave() {
    manned = length > 0;
    return !manned;
  }

  /**
   * Waits until there is something to write, and a little for more of it.
   *
   * @return whole lines, none of them after a {@link #nudge}; null if nothing more will come
   */
  synchronized @Nullable ByteBuffer take() throws InterruptedException {
    while (length == 0 && !nudged && !closed) {
      wait();
    }
    waitUntil(() -> length >= ENOUGH || nudged || closed, PATIENCE_MILLIS);
    if (length == 0 && !nudged) {
      return null;
    }
    nudged = false;
    byte[] full = filling;
    filling = taken.length > ENOUGH * 2 ? new byte[FIRST_SIZE] : taken;
    taken = full;
    takenLength = length;
    length = 0;
    return ByteBuffer.wrap(taken, 0, takenLength);
  }

  /** What was taken is written, or lost. */
  synchronized void done() {
    takenLength = 0;
  }

  /** Waits before another try; false if there is no time left for one. */
  synchronized boolean pause(long millis) throws InterruptedException {
    waitUntil(() -> closed, millis);
    return !closed;
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

  /** Has nobody wait for lines any more; those that come all the same can be taken. */
  synchronized void close() {
    closed = true;
    notifyAll();
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
  synchronized long dropped() {
    return dropped;
  }
}
