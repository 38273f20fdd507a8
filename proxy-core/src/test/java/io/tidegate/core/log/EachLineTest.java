package io.tidegate.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tidegate.core.testkit.Logged;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What somebody who is given lines one by one can do to those that follow: nothing. */
class EachLineTest {
  private static final String TOLD =
      "WARNING the access log x: whoever gets its lines failed at one";

  @RegisterExtension private final Logged logged = Logged.by(EachLine.class);

  private final List<String> got = new ArrayList<>();
  private long now;

  private static void write(EachLine output, String... lines) {
    ByteBuffer octets =
        ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    output.write(octets);
    assertFalse(octets.hasRemaining(), "all have been given");
  }

  private EachLine to(Consumer<String> consumer) {
    return new EachLine("x", consumer, () -> now);
  }

  @Test
  void aLineThatTheConsumerFailsAtCostsNoOther() {
    EachLine output =
        to(
            line -> {
              got.add(line);
              if (line.startsWith("bad")) {
                throw new IllegalStateException("on purpose");
              } else if (line.startsWith("worse")) {
                throw new StackOverflowError("on purpose");
              }
            });
    write(output, "bad 1", "good 2", "worse 3", "bad 4", "good 5");
    assertEquals(List.of("bad 1", "good 2", "worse 3", "bad 4", "good 5"), got, "each once");
  }

  @Test
  void thatItFailsIsToldOnceAMinute() {
    EachLine output =
        to(
            line -> {
              throw new IllegalStateException("on purpose");
            });
    write(output, "1", "2", "3");
    assertEquals(List.of(TOLD), logged.lines());
    now += Duration.ofMinutes(1).toNanos() - 1;
    write(output, "4");
    assertEquals(List.of(TOLD), logged.lines());
    now++;
    write(output, "5");
    assertEquals(List.of(TOLD, TOLD + ", and 3 times before"), logged.lines());
  }

  @Test
  void aFlagThatItLeavesIsNotMeantForTheNextLine() {
    EachLine output =
        to(
            line -> {
              got.add(line + " " + Thread.currentThread().isInterrupted());
              Thread.currentThread().interrupt();
            });
    write(output, "1", "2");
    assertEquals(List.of("1 false", "2 false"), got);
    assertFalse(Thread.interrupted(), "nor for whoever writes");
  }
}
