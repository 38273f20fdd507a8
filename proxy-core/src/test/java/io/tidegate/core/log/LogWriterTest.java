package io.tidegate.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tidegate.core.testkit.Eventually;
import io.tidegate.core.testkit.Logged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is written when, and what of that our own log is told. */
class LogWriterTest {
  /** A line of six octets, with its end: there is room for one. */
  private static final String LINE = "12345";

  @RegisterExtension private final Logged logged = Logged.by(LogWriter.class);

  private final List<String> done = new CopyOnWriteArrayList<>();
  private volatile boolean broken;
  private final AtomicInteger tries = new AtomicInteger();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE); // they pass to negative ones
  private final LineQueue queue = new LineQueue(10, now::get);
  private final DropWatch drops = new DropWatch("x.log", queue::dropped, event -> {}, now::get);
  private final LogWriter writer = new LogWriter("x.log", queue, new Output(), drops, now::get);

  private final class Output implements LineOutput {
    @Override
    public void write(ByteBuffer lines) throws IOException {
      tries.incrementAndGet();
      if (broken) {
        throw new IOException("on purpose");
      }
      done.add(StandardCharsets.US_ASCII.decode(lines).toString());
    }

    @Override
    public void reopen() {
      done.add("reopen");
    }
  }

  private static void put(LineQueue queue) {
    Line line = new Line(Escape.HEX, new LogTime(ZoneOffset.UTC));
    line.start(0);
    queue.put(line.raw(LINE));
  }

  /** Writes one line, while others have no room. */
  private void write(int others) {
    for (int i = 0; i <= others; i++) {
      put(queue);
    }
    queue.close(); // so that nobody waits for more
    writer.run();
  }

  @Test
  void whatHasNoRoomIsToldOnceAMinute() {
    write(0);
    assertEquals(List.of(), logged.lines());
    write(2);
    String first = "WARNING the access log x.log is too slow: 2 lines were dropped";
    assertEquals(List.of(first), logged.lines());
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    write(0);
    assertEquals(List.of(first), logged.lines(), "there is nothing new");
    write(1);
    String second = "WARNING the access log x.log is too slow: 1 lines were dropped";
    assertEquals(List.of(first, second), logged.lines());
    now.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
    write(3);
    assertEquals(List.of(first, second), logged.lines());
    now.incrementAndGet();
    write(0);
    assertEquals(
        List.of(first, second, "WARNING the access log x.log is too slow: 3 lines were dropped"),
        logged.lines());
  }

  @Test
  void whatIsReopenedIsReopenedOnce() {
    write(0);
    writer.reopen();
    write(0);
    write(0);
    assertEquals(List.of(LINE + "\n", "reopen", LINE + "\n", LINE + "\n"), done);
  }

  @Test
  void thatItCannotBeWrittenIsToldOnceAndThatItCanAgain() {
    broken = true;
    write(0);
    write(0);
    broken = false;
    write(0);
    write(0);
    assertEquals(List.of(LINE + "\n", LINE + "\n"), done);
    assertEquals(2, queue.dropped());
    assertEquals(
        List.of(
            "WARNING the access log x.log cannot be written",
            "WARNING the access log x.log could not be written: 1 lines were dropped",
            "INFO the access log x.log can be written again"),
        logged.lines());
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    write(0);
    String later = "WARNING the access log x.log could not be written: 1 lines were dropped";
    assertEquals(later, logged.lines().get(3), "it could not when they were dropped");
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    write(1);
    String slow = "WARNING the access log x.log is too slow: 1 lines were dropped";
    assertEquals(List.of(later, slow), logged.lines().subList(3, 5));
  }

  @Test
  void whatIsDroppedIsToldWhileItCannotBeWritten() throws Exception {
    broken = true;
    put(queue);
    put(queue);
    put(queue);
    Thread writing = new Thread(writer);
    writing.start();
    String cannot = "WARNING the access log x.log cannot be written";
    String dropped = "WARNING the access log x.log could not be written: 2 lines were dropped";
    Eventually.equal(List.of(cannot, dropped), logged::lines);
    assertEquals(2, queue.dropped(), "the third waits");
    queue.close();
    writing.join(20_000);
    assertFalse(writing.isAlive());
  }

  @Test
  void whatIsRetiredIsTriedForTenSecondsMore() throws Exception {
    LineQueue retired = new LineQueue(100, now::get);
    LogWriter late = new LogWriter("x.log", retired, new Output(), drops, now::get);
    broken = true;
    put(retired);
    retired.retire();
    now.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
    Thread writing = new Thread(late);
    writing.start();
    Eventually.holds(() -> tries.get() == 2);
    assertEquals(0, retired.dropped());
    now.incrementAndGet();
    retired.retire(); // once more counts for nothing
    Eventually.holds(() -> retired.dropped() == 1);
    assertEquals(3, tries.get(), "there is a last chance");
    put(retired);
    Eventually.holds(() -> retired.dropped() == 2);
    broken = false;
    put(retired);
    Eventually.holds(() -> done.equals(List.of(LINE + "\n")));
    retired.close();
    writing.join(20_000);
    assertFalse(writing.isAlive());
    assertEquals(2, retired.dropped());
  }
}
