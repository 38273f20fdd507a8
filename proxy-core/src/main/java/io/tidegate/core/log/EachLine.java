package io.tidegate.core.log;

import io.tidegate.core.spi.RareMessage;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Gives each line, without its end, to somebody else. */
final class EachLine implements LineOutput {
  private static final System.Logger LOG = System.getLogger(EachLine.class.getName());

  private final Consumer<String> consumer;
  private final RareMessage failed;

  /** Gives the lines of the log that our own log calls {@code name} to {@code consumer}. */
  EachLine(String name, Consumer<String> consumer, LongSupplier nanos) {
    this.consumer = consumer;
    this.failed =
        new RareMessage(
            LOG,
            Level.WARNING,
            "the access log " + name + ": whoever gets its lines failed at one",
            nanos);
  }

  /** A line that the consumer fails at is not given to it again, and the next one is. */
  @Override
  public void write(ByteBuffer lines) {
    while (lines.hasRemaining()) {
      int start = lines.position();
      int end = start;
      while (lines.get(end) != '\n') {
        end++;
      }
      lines.position(end + 1);
      give(
          new String(
              lines.array(), lines.arrayOffset() + start, end - start, StandardCharsets.UTF_8));
    }
  }

  private void give(String line) {
    try {
      consumer.accept(line);
    } catch (RuntimeException | Error e) {
      failed.log(e);
    } finally {
      Thread.interrupted(); // a flag that a consumer has left is not meant for the next line
    }
  }
}
