package io.tidegate.core.log;

import io.tidegate.core.spi.RareMessage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is in a queue. If it cannot, it tries again every second, and says so once; what is
 * dropped for whatever reason is told once a minute, while that lasts too.
 */
final class LogWriter implements Runnable {
  private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());

  private static final long RETRY_MILLIS = 1000;
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final String name;
  private final LineQueue queue;
  private final LineOutput output;
  private final DropWatch drops;
  private final LongSupplier nanos;
  private final RareMessage notStarted;
  private volatile boolean reopening;
  private boolean failing;

  /** Whether it has been {@link #failing} since it was last told what was dropped. */
  private boolean failed;

  private long droppedTold;
  private long toldAt;

  /**
   * Writes what {@code queue} has to {@code output}, which our own log calls {@code name}; {@code
   * drops} is shown how that goes.
   */
  LogWriter(String name, LineQueue queue, LineOutput output, DropWatch drops, LongSupplier nanos) {
    this.name = name;
    this.queue = queue;
    this.output = output;
    this.drops = drops;
    this.nanos = nanos;
    this.toldAt = nanos.getAsLong() - MINUTE;
    this.notStarted =
        new RareMessage(LOG, Level.WARNING, "the access log " + name + " gets no thread", nanos);
  }

  /** There is no thread to write on. */
  void notStarted(Throwable reason) {
    notStarted.log(reason);
  }

  /** Has the output begun anew. */
  void reopen() {
    reopening = true;
    queue.nudge();
  }

  /** However it ends, the next line finds that somebody is needed. */
  @Override
  public void run() {
    boolean left = false;
    try {
      do {
        writeAll();
      } while (!queue.leave());
      left = true;
    } catch (InterruptedException e) {
      LOG.log(Level.WARNING, "the thread of the access log {0} was interrupted", name);
      close();
    } finally {
      if (!left) {
        queue.desert();
      }
      drops.end();
    }
  }

  private void writeAll() throws InterruptedException {
    for (ByteBuffer lines = next(); lines != null; lines = next()) {
      write(lines);
      queue.done();
      tellDropped();
    }
    close();
  }

  private @Nullable ByteBuffer next() throws InterruptedException {
    drops.look();
    return queue.take(drops.isOn() ? DropWatch.QUIET_MILLIS : 0);
  }

  private void write(ByteBuffer lines) throws InterruptedException {
    while (!written(lines)) {
      tellDropped();
      if (!queue.pause(RETRY_MILLIS)) {
        written(lines); // the last chance
        queue.lost(lines);
        return;
      }
    }
  }

  private boolean written(ByteBuffer lines) {
    try {
      if (reopening) {
        reopening = false;
        output.reopen();
      }
      output.write(lines);
      if (failing) {
        failing = false;
        LOG.log(Level.INFO, "the access log {0} can be written again", name);
      }
    } catch (IOException | RuntimeException | Error e) { // memory may be short for a while, too
      failed(e);
    } finally {
      Thread.interrupted(); // an interrupt has closed the file, which is opened anew
    }
    return !lines.hasRemaining();
  }

  private void failed(Throwable reason) {
    failed = true;
    if (!failing) {
      failing = true;
      LOG.log(Level.WARNING, "the access log " + name + " cannot be written", reason);
    }
    close(); // what it leads to may be another file by now
  }

  private void close() {
    try {
      output.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the access log " + name + " cannot be closed", e);
    }
  }

  private void tellDropped() {
    long dropped = queue.dropped();
    long now = nanos.getAsLong();
    if (dropped > droppedTold && now - toldAt >= MINUTE) {
      LOG.log(
          Level.WARNING,
          "the access log {0} {1}: {2} lines were dropped",
          name,
          failed ? "could not be written" : "is too slow",
          dropped - droppedTold);
      failed = failing;
      droppedTold = dropped;
      toldAt = now;
    }
  }
}
