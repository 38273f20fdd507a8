package io.tidegate.core.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Gives each line, without its end, to somebody else. */
final class EachLine implements LineOutput {
  private final Consumer<String> consumer;

  EachLine(Consumer<String> consumer) {
    this.consumer = consumer;
  }

  /** A line that the consumer fails at is not given to it again. */
  @Override
  public void write(ByteBuffer lines) {
    while (lines.hasRemaining()) {
      int start = lines.position();
      int end = start;
      while (lines.get(end) != '\n') {
        end++;
      }
      lines.position(end + 1);
      consumer.accept(
          new String(
              lines.array(), lines.arrayOffset() + start, end - start, StandardCharsets.UTF_8));
    }
  }
}
