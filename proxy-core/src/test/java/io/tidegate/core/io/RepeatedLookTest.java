package io.tidegate.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.testkit.Looks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatedLookTest {
  private final Looks time = new Looks();
  private final Queue<RepeatedLook.Look> seen = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private Executor worker = Runnable::run;
  private RepeatedLook look;

  @BeforeEach
  void start() {
    look =
        new RepeatedLook(
            Duration.ofSeconds(3),
            task -> worker.execute(task),
            () -> seen.remove().look(),
            told::add);
    look.start(time);
  }

  private void looks(RepeatedLook.Look... several) {
    for (RepeatedLook.Look one : several) {
      seen.add(one);
      assertEquals(Duration.ofSeconds(3), time.next());
    }
  }

  private static boolean refused(String... problems) {
    throw new InvalidSettingsException(List.of(problems));
  }

  @Test
  void whatIsWrongIsToldOnceHoweverManyLooksFindIt() {
    looks(() -> refused("a", "b"), () -> refused("a", "b"), () -> false, () -> refused("a", "b"));
    assertEquals(List.of("a; b"), told);
  }

  @Test
  void whatElseIsWrongIsTold() {
    looks(() -> refused("a"), () -> refused("b"), () -> refused("a"));
    assertEquals(List.of("a", "b", "a"), told);
  }

  @Test
  void whatHasBeenReadMeanwhileIsToldAgain() {
    looks(() -> refused("a"), () -> true, () -> refused("a"));
    look.allIsWell();
    looks(() -> refused("a"));
    assertEquals(List.of("a", "a", "a"), told);
  }

  @Test
  void whateverALookThrowsThereIsAnother() {
    looks(
        () -> {
          throw new UncheckedIOException("no room", new IOException());
        },
        () -> {
          throw new IllegalStateException("stopped");
        },
        () -> {
          throw new StackOverflowError();
        },
        () -> refused("a"));
    assertEquals(
        List.of(
            "no room",
            "java.lang.IllegalStateException: stopped",
            "java.lang.StackOverflowError",
            "a"),
        told);
  }

  @Test
  void whateverTheWorkerThrowsThereIsAnother() {
    worker =
        task -> {
          throw new OutOfMemoryError("no thread");
        };
    time.next();
    worker =
        task -> {
          throw new RejectedExecutionException("too much to do");
        };
    time.next();
    worker = Runnable::run;
    looks(() -> refused("a"));
    assertEquals(List.of("a"), told);
  }
}
