package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How often a message is written that somebody may cause as often as they like. */
class RareMessageTest {
  private final List<String> written = new ArrayList<>();
  private long seconds = 5;

  private final RareMessage message =
      new RareMessage(
          new System.Logger() {
            @Override
            public String getName() {
              return "test";
            }

            @Override
            public boolean isLoggable(Level level) {
              return true;
            }

            @Override
            public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
              written.add(level + " " + text + " " + thrown.getMessage());
            }

            @Override
            public void log(Level level, ResourceBundle bundle, String text, Object... values) {
              written.add("without a reason");
            }
          },
          System.Logger.Level.WARNING,
          "it failed",
          () -> TimeUnit.SECONDS.toNanos(seconds));

  @Test
  void itIsWrittenOnceAMinuteAndSaysHowOftenItWasNot() {
    message.log(new IllegalStateException("a"));
    message.log(new IllegalStateException("b"));
    seconds += 59;
    message.log(new IllegalStateException("c"));
    seconds += 1;
    message.log(new IllegalStateException("d"));
    seconds += 60;
    message.log(new IllegalStateException("e"));
    assertEquals(
        List.of(
            "WARNING it failed a",
            "WARNING it failed, and 2 times before d",
            "WARNING it failed e"),
        written);
  }
}
