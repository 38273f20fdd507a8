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
 * unpaid. So the size of reads goes after the waits they cause: the longer those are, the smaller
 * it is. Those that share a rate wait in one line, for the same time; so they come to read the same
 * sizes, and have equal parts.
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

  /** Tells the time, and when a time has come: an {@link IoLoop}. */
  interface Clock {
    long nanos();

    Runnable after(long millis, Runnable task);
  }

  /** The least that is read at a time, and what is read first. */
  static final int SMALLEST = 2 << 10;

  private static final long MILLI = 1_000_000;

  /** A shorter wait is put on the next one. */
  private static final long SHORTEST_WAIT = 20 * MILLI;

  /**
   * Sizes as powers of two: that of reads which cause no wait, and that of which cause a long one.
   */
  private static final double LARGEST_BITS = 18;

  private static final double SMALLEST_BITS = 11;
  private static final double LONG_WAIT = 60.0 * MILLI;

  /** How fast the size goes where it should be: less would be slow, more would make it swing. */
  private static final double STEP = 0.25;

  private final Clock clock;
  private final Pace pace;
  private final Meter meter;
  private final IntConsumer readAtMost;
  private final Side side;
  private final HeldOctets held = new HeldOctets();
  private double bits = SMALLEST_BITS;
  private int size = SMALLEST;
  private long until;
  private @Nullable Runnable alarm;
  private boolean closed;

  Throttle(Clock clock, Pace pace, Meter meter, IntConsumer readAtMost, Side side) {
    this.clock = clock;
    this.pace = pace;
    this.meter = meter;
    this.readAtMost = readAtMost;
    this.side = side;
  }

  /** What has come and may not pass yet. */
  HeldOctets held() {
    return held;
  }

  /** For what the client sends, which {@code readAtMost} is told how to read. */
  static Throttle fromClient(IoLoop loop, Pace pace, IntConsumer readAtMost, Side side) {
    return new Throttle(clock(loop), pace, pace::fromClient, readAtMost, side);
  }

  /** For what the client gets. */
  static Throttle toClient(IoLoop loop, Pace pace, IntConsumer readAtMost, Side side) {
    return new Throttle(clock(loop), pace, pace::toClient, readAtMost, side);
  }

  private static Clock clock(IoLoop loop) {
    return new Clock() {
      @Override
      public long nanos() {
        return loop.nanos();
      }

      @Override
      public Runnable after(long millis, Runnable task) {
        return loop.after(millis, task);
      }
    };
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
    double length = Math.min(1, Math.max(0, wait) / LONG_WAIT);
    double aim = LARGEST_BITS - (LARGEST_BITS - SMALLEST_BITS) * length;
    bits += (aim - bits) * STEP;
    size = (int) Math.round(Math.pow(2, bits));
    readAtMost.accept(size);
  }

  private void pay(long wait) {
    if (wait < 0) {
      close();
      side.cut(pace.exhausted());
    } else if (wait >= SHORTEST_WAIT && !closed) {
      until = Math.max(until, clock.nanos() + wait);
      if (alarm == null) {
        await(wait);
      }
    }
  }

  private void await(long nanos) {
    alarm = clock.after((nanos + MILLI - 1) / MILLI, this::awake);
  }

  private void awake() {
    alarm = null;
    long left = until - clock.nanos();
    if (left >= MILLI) { // more had come with what was read already
      await(left);
    } else if (!closed) {
      side.goOn();
    }
  }

  /** Nothing more passes. */
  void close() {
    closed = true;
    held.clear();
    if (alarm != null) {
      alarm.run();
      alarm = null;
    }
  }
}
