package io.tidegate.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.testkit.Logged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is written when, and what of that our own log is told. */
class LogWriterTest {
  /** A line of six octets, with its end: there is room for one. */
  private static final String LINE = "12345";

  @RegisterExtension private final Logged logged = Logged.by(LogWriter.class);

  private final LineQueue queue = new LineQueue(10);
  private final List<String> done = new ArrayList<>();
  private boolean broken;
  private long now = Long.MAX_VALUE; // such times pass from positive to negative
  private final DropWatch drops = new DropWatch("x.log", queue::dropped, event -> {}, () -> now);
  private final LogWriter writer = new LogWriter("x.log", queue, new Output(), drops, () -> now);

  private final class Output implements LineOutput {
    @Override
    public void write(ByteBuffer lines) throws IOException {
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

  /** Writes one line, while others have no room. */
  private void write(int others) {
    for (int i = 0; i <= others; i++) {
      Line line = new Line(Escape.HEX, new LogTime(ZoneOffset.UTC));
      line.start(0);
      queue.put(line.raw(LINE));
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
    now += Duration.ofMinutes(1).toNanos();
    write(0);
    assertEquals(List.of(first), logged.lines(), "there is nothing new");
    write(1);
    String second = "WARNING the access log x.log is too slow: 1 lines were dropped";
    assertEquals(List.of(first, second), logged.lines());
    now += Duration.ofMinutes(1).toNanos() - 1;
    write(3);
    assertEquals(List.of(first, second), logged.lines());
    now++;
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
            "WARNING the access log x.log is too slow: 1 lines were dropped",
            "INFO the access log x.log can be written again"),
        logged.lines());
  }
}
