package io.tidegate.core.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Waits for what another thread does in its own time, and fails if it does not. */
public final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Eventually() {}

  /** Returns when {@code condition} holds, which is asked again and again. */
  public static void holds(Callable<Boolean> condition) throws Exception {
    assertTrue(met(condition), "still waiting");
  }

  /** Returns when {@code actual} is {@code expected}; else says what it was in the end. */
  public static <T> void equal(T expected, Callable<? extends T> actual) throws Exception {
    if (!met(() -> Objects.equals(expected, actual.call()))) {
      assertEquals(expected, actual.call());
    }
  }

  private static boolean met(Callable<Boolean> condition) throws Exception {
    long began = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        return false;
      }
      Thread.yield();
    }
    return true;
  }
}
