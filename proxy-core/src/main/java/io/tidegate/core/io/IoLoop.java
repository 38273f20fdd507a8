package io.tidegate.core.io;

import io.tidegate.core.http.HttpDate;
import io.tidegate.core.wire.HeadWriter;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/**
 * One IO thread as this proxy uses it: its timers, buffers, clock and chance. Everything that
 * belongs to an exchange happens on the thread of one loop.
 *
 * <p>Octets on their way out are gathered in one buffer and written when the event that caused them
 * has been handled: a head and the first of its body leave in one write. Every entry point
 * therefore ends with {@link #flush}.
 */
public final class IoLoop {
  /** The most that is read at once: a large transfer costs half as much as with 64 KiB. */
  static final int INPUT = 256 << 10;

  private static final int STAGE = 64 << 10;

  private final XnioIoThread thread;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final TimerWheel timers;
  private final XnioExecutor.Key ticker;
  private final BufferPool buffers = new BufferPool();
  private final Map<Integer, BufferPool> ofSize = new HashMap<>();
  private final HeadWriter heads = new HeadWriter();
  private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGE);
  private @Nullable ByteBuffer input = ByteBuffer.allocateDirect(INPUT);
  private final ByteBuffer probe = ByteBuffer.allocateDirect(1);
  private @Nullable MessageWriter stager;
  private long dateSecond = -1;
  private String date = "";
  private long now;

  /** A loop on {@code thread}; must be made on that thread. */
  public IoLoop(
      XnioIoThread thread, InstantSource clock, LongSupplier nanoTime, RandomGenerator random) {
    this.thread = thread;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.random = random;
    this.now = readClock();
    this.timers = new TimerWheel(now);
    this.ticker = thread.executeAtInterval(this::tick, TimerWheel.TICK, TimeUnit.MILLISECONDS);
  }

  /** The thread. */
  public XnioIoThread thread() {
    return thread;
  }

  /** Whether the caller runs on the thread of this loop. */
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  /** Runs {@code task} on the thread, now if this is it. */
  public void run(Runnable task) {
    if (inLoop()) {
      task.run();
    } else {
      later(task);
    }
  }

  /** Runs {@code task} on the thread as an event of its own. */
  public void later(Runnable task) {
    thread.execute(
        () -> {
          now = readClock();
          task.run();
          flush();
        });
  }

  /**
   * Runs {@code task} on the thread after so many milliseconds, to the millisecond: for what is too
   * fine for {@link #timers}, and seldom.
   *
   * @return takes it back
   */
  public Runnable after(long millis, Runnable task) {
    XnioExecutor.Key key =
        thread.executeAfter(
            () -> {
              now = readClock();
              task.run();
              flush();
            },
            millis,
            TimeUnit.MILLISECONDS);
    return key::remove;
  }

  /** Milliseconds since an arbitrary origin, never going back; read once for each event. */
  public long now() {
    return now;
  }

  private long readClock() {
    return nanoTime.getAsLong() / 1_000_000;
  }

  /** Milliseconds since the epoch. */
  public long wallClock() {
    return clock.millis();
  }

  /** Nanoseconds since an arbitrary origin. */
  public long nanos() {
    return nanoTime.getAsLong();
  }

  /** Chance that nobody's safety depends on. */
  public RandomGenerator random() {
    return random;
  }

  /** The deadlines of this thread. */
  public TimerWheel timers() {
    return timers;
  }

  /** Buffers for what peers do not take at once. */
  public BufferPool buffers() {
    return buffers;
  }

  /** Buffers of {@code size} octets, for who keeps what this gives. */
  public BufferPool buffers(int size) {
    return ofSize.computeIfAbsent(size, BufferPool::new);
  }

  /** The one writer of heads; what it holds is copied on before anything else is done. */
  public HeadWriter heads() {
    return heads;
  }

  /** The time as a Date field has it. */
  public String date() {
    long second = clock.millis() / 1000;
    if (second != dateSecond) {
      dateSecond = second;
      date = HttpDate.format(clock.instant());
    }
    return date;
  }

  /**
   * A cleared buffer to read into. It is given back before the event ends, and another one is lent
   * meanwhile.
   */
  public ByteBuffer takeInput() {
    ByteBuffer taken = input;
    input = null;
    now = readClock();
    return taken == null ? ByteBuffer.allocateDirect(INPUT) : taken.clear();
  }

  /** A cleared buffer of one octet, to find out whether there is anything to read. */
  public ByteBuffer probe() {
    return probe.clear();
  }

  /** Gives back what {@link #takeInput} lent. */
  public void giveInput(ByteBuffer buffer) {
    input = buffer;
  }

  /** Writes what the current event has caused to be sent. */
  public void flush() {
    while (stager != null) {
      stager.flush();
    }
  }

  /** The staging buffer, for {@code writer} alone until it says {@link #unstage}. */
  ByteBuffer stage(MessageWriter writer) {
    if (stager != writer) {
      flush();
      stager = writer;
      staging.clear();
    }
    return staging;
  }

  /** What {@code writer} has staged, ready to be read, or null; it is not staged any more. */
  @Nullable ByteBuffer unstage(MessageWriter writer) {
    if (stager != writer) {
      return null;
    }
    stager = null;
    return staging.flip();
  }

  /** Stops the timers. */
  public void close() {
    ticker.remove();
  }

  private void tick() {
    now = readClock();
    timers.advance(now);
    flush();
  }
}
