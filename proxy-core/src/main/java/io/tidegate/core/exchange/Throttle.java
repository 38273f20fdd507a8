package io.tidegate.core.exchange;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Pace;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds up one side of an exchange as its {@link Pace} says. Whoever reads that side tells what has
 * come, and reads no more while {@link #isHolding}.
 *
 * <p>How much is read at a time decides how many timers there are, and how much is under way
 * unpaid. So the size of reads goes after the waits they cause: it grows by a constant while these
 * are short and shrinks in proportion when they are long, by which those that share a rate come to
 * have equal sizes, and equal parts.
 */
final class Throttle {
  /** What is held up. */
  interface Side {
    /** It may go on. */
    void goOn();

    /** It may never go on. */
    void cut(Failure reason);
  }

  /** What says how long to wait. */
  interface Meter {
    long passed(int octets);
  }

  /** The least that is read at a time, and what is read first. */
  static final int SMALLEST = 2 << 10;

  private static final int LARGEST = 256 << 10;
  private static final int STEP = 2 << 10;
  private static final long MILLI = 1_000_000;

  /** A shorter wait is put on the next one. */
  private static final long SHORTEST_WAIT = 20 * MILLI;

  private static final long LONG_WAIT = 40 * MILLI;

  private final IoLoop loop;
  private final Pace pace;
  private final Meter meter;
  private final IntConsumer readAtMost;
  private final Side side;
  private int size = SMALLEST;
  private long until;
  private @Nullable Runnable alarm;
  private boolean closed;

  private Throttle(IoLoop loop, Pace pace, Meter meter, IntConsumer readAtMost, Side side) {
    this.loop = loop;
    this.pace = pace;
    this.meter = meter;
    this.readAtMost = readAtMost;
    this.side = side;
  }

  /** For what the client sends, which {@code readAtMost} is told how to read. */
  static Throttle fromClient(IoLoop loop, Pace pace, IntConsumer readAtMost, Side side) {
    return new Throttle(loop, pace, pace::fromClient, readAtMost, side);
  }

  /** For what the client gets. */
  static Throttle toClient(IoLoop loop, Pace pace, IntConsumer readAtMost, Side side) {
    return new Throttle(loop, pace, pace::toClient, readAtMost, side);
  }

  /** Begins; others may have left debts. Whether nothing may be read for now. */
  boolean start() {
    readAtMost.accept(size);
    pay(meter.passed(0));
    return isHolding();
  }

  /** So much has come. Whether no more may be read for now. */
  boolean passed(int octets) {
    long wait = closed ? 0 : meter.passed(octets);
    adapt(wait);
    pay(wait);
    return isHolding();
  }

  /** Whether no more may be read for now. */
  boolean isHolding() {
    return alarm != null;
  }

  /** The most to be read at a time. */
  int size() {
    return size;
  }

  private void adapt(long wait) {
    int next =
        wait > LONG_WAIT ? Math.max(SMALLEST, size - size / 4) : Math.min(LARGEST, size + STEP);
    if (next != size) {
      size = next;
      readAtMost.accept(size);
    }
  }

  private void pay(long wait) {
    if (wait < 0) {
      close();
      side.cut(pace.exhausted());
    } else if (wait >= SHORTEST_WAIT && !closed) {
      until = Math.max(until, loop.nanos() + wait);
      if (alarm == null) {
        await(wait);
      }
    }
  }

  private void await(long nanos) {
    alarm = loop.after((nanos + MILLI - 1) / MILLI, this::awake);
  }

  private void awake() {
    alarm = null;
    long left = until - loop.nanos();
    if (left >= MILLI) { // more had come with what was read already
      await(left);
    } else if (!closed) {
      side.goOn();
    }
  }

  /** Nothing more passes. */
  void close() {
    closed = true;
    if (alarm != null) {
      alarm.run();
      alarm = null;
    }
  }
}
