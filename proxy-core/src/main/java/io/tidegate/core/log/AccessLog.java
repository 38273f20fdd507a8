package io.tidegate.core.log;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.ExchangeListener;
import java.io.FileDescriptor;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a line for each exchange with a client, when it has ended. Lines are made on the threads
 * of the exchanges, and written by a thread of the log's own, within a second; it begins with the
 * first line. Nobody waits for it: lines for which there is no room are dropped, and counted.
 * Thread-safe.
 */
public final class AccessLog implements ExchangeListener, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final AccessLogSettings settings;
  private final LineFormat format;
  private final InstantSource clock;
  private final ThreadLocal<Line> lines;
  private final LineQueue queue;
  private final DropWatch drops;
  private final LogWriter writer;
  private final ThreadFactory threads;

  /** The last thread that writes; null until there is something to write. */
  private volatile @Nullable Thread thread;

  AccessLog(
      AccessLogSettings settings,
      String name,
      LineOutput output,
      InstantSource clock,
      EventListener events,
      ThreadFactory threads) {
    this.settings = settings;
    this.clock = clock;
    this.format = settings.lineFormat();
    this.lines =
        ThreadLocal.withInitial(() -> new Line(format.escape(), new LogTime(settings.zoneId())));
    this.queue = new LineQueue(settings.maxQueueBytes(), System::nanoTime);
    this.drops = new DropWatch(name, queue::dropped, events, System::nanoTime);
    this.writer = new LogWriter(name, queue, output, drops, System::nanoTime);
    this.threads = threads;
  }

  /** The log that {@code settings} describe; {@code events} is told if it does not keep up. */
  public static AccessLog of(
      AccessLogSettings settings, InstantSource clock, EventListener events) {
    LineOutput output = output(settings, clock);
    return new AccessLog(settings, settings.target(), output, clock, events, AccessLog::thread);
  }

  /** The same, which gives its lines to {@code sink} instead, one after another. */
  public static AccessLog to(
      Consumer<String> sink,
      AccessLogSettings settings,
      InstantSource clock,
      EventListener events) {
    String name = "of the application";
    LineOutput output = new EachLine(name, sink, System::nanoTime);
    return new AccessLog(settings, name, output, clock, events, AccessLog::thread);
  }

  private static Thread thread(Runnable writer) {
    Thread made = new Thread(writer, "tidegate-access-log");
    made.setDaemon(true);
    return made;
  }

  private static LineOutput output(AccessLogSettings settings, InstantSource clock) {
    if (settings.file().isPresent()) {
      Path file = Path.of(settings.file().get());
      return new LogFile(file, settings.rotation(), settings.zoneId(), clock);
    }
    if (settings.logger().isPresent()) {
      System.Logger logger = System.getLogger(settings.logger().get());
      return new EachLine(
          settings.target(), line -> logger.log(Level.INFO, line), System::nanoTime);
    }
    return new StreamOutput(settings.standardError() ? FileDescriptor.err : FileDescriptor.out);
  }

  /** Notes in {@code checks} if nothing could be written to the file of {@code settings}. */
  public static void check(AccessLogSettings settings, Checks checks) {
    settings.file().ifPresent(name -> check(name, checks));
  }

  private static void check(String name, Checks checks) {
    Path file = Path.of(name).toAbsolutePath();
    Path directory = file.getParent();
    if (Files.isDirectory(file) || directory == null) {
      checks.reject("file", name, "a file, not a directory");
    } else if (!Files.isDirectory(directory)) {
      checks.reject("file", name, "a file in a directory that is there");
    } else if (!Files.isWritable(Files.exists(file) ? file : directory)) {
      checks.reject("file", name, "a file that can be written");
    }
  }

  /** What it was made of. */
  public AccessLogSettings settings() {
    return settings;
  }

  @Override
  public long dropped() {
    return queue.dropped();
  }

  /** Our own requests are not logged: no client has asked for them. */
  @Override
  public void completed(Outcome outcome) {
    if (outcome.client() == null) {
      return;
    }
    Line line = lines.get();
    line.start(clock.millis());
    format.write(outcome, line);
    if (queue.put(line)) {
      start();
    }
    drops.put();
  }

  /** Without a thread lines wait: the next one tries to have one again. */
  private void start() {
    Thread made = threads.newThread(writer);
    try {
      made.start();
      thread = made;
    } catch (OutOfMemoryError e) { // there is room for no more threads
      queue.desert();
      writer.notStarted(e);
    }
  }

  /** Closes the file and opens it anew by its name: it may have been moved away. */
  public void reopen() {
    if (thread != null) {
      writer.reopen();
    }
  }

  /**
   * Has the thread end and the file closed when no line has come for ten seconds, or nothing could
   * be written for as long. Lines of exchanges that end later still are written, if they can be at
   * once.
   */
  public void retire() {
    queue.retire();
  }

  /** Writes what there is, and waits for that for two seconds at most. */
  @Override
  public void close() {
    closeAll(List.of(this));
  }

  /** Closes {@code logs}, and waits for all of them together for two seconds at most. */
  public static void closeAll(Collection<AccessLog> logs) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    logs.forEach(AccessLog::end);
    try {
      for (AccessLog log : logs) {
        Thread writing = log.thread;
        if (writing != null) {
          TimeUnit.NANOSECONDS.timedJoin(writing, end - System.nanoTime());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has what there is written, if it can be at once, and waits for nothing. */
  public void end() {
    if (queue.close()) {
      start();
    }
  }
}
