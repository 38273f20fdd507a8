package io.tidegate.core.json;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.InvalidSettingsException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tries settings that can be read, though somebody has spoilt them. */
public final class DamagedTrials {
  private final Supplier<String> texts;
  private int taken;
  private int refused;

  /** Tries {@code texts}, one after the other. */
  public DamagedTrials(Supplier<String> texts) {
    this.texts = texts;
  }

  /**
   * Gives the next {@code count} that {@code reader} can read to {@code user}, who takes each or
   * refuses it with sentences.
   */
  public <S> void run(int count, Function<String, S> reader, Consumer<S> user) {
    for (int tried = 0; tried < count; ) {
      String text = texts.get();
      S settings = read(text, reader);
      if (settings != null) {
        tried++;
        tryOne(text, settings, user);
      }
    }
  }

  private static <S> @Nullable S read(String text, Function<String, S> reader) {
    try {
      return reader.apply(text);
    } catch (InvalidSettingsException e) {
      return null;
    }
  }

  private <S> void tryOne(String text, S settings, Consumer<S> user) {
    try {
      user.accept(settings);
      taken++;
    } catch (InvalidSettingsException e) {
      refused++;
      e.problems().forEach(DamagedTrials::assertSentence);
    } catch (UncheckedIOException e) {
      refused++;
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("cannot listen on "), message);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("neither taken nor refused: " + text, e);
    }
  }

  private static void assertSentence(String problem) {
    assertTrue(problem.matches("(?s).+: .*\\(expected: .+\\)"), problem);
  }

  /** How many were taken. */
  public int taken() {
    return taken;
  }

  /** How many were refused. */
  public int refused() {
    return refused;
  }
}
