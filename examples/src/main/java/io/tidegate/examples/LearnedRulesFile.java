package io.tidegate.examples;

import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.access.AccessRuleList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Where {@code --learn} writes rules: every minute and at the end, so that a crash loses little.
 */
final class LearnedRulesFile {
  private final Path file;

  /**
   * This file, which may be there already and keeps what it says until the first minute is over.
   *
   * @throws IllegalArgumentException if it cannot be written
   */
  LearnedRulesFile(Path file) {
    this.file = file;
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--learn: " + file + " (expected: a file that can be written)", e);
    }
  }

  /** Writes what {@code proxy} learns from now on. */
  void keep(ForwardProxy proxy) {
    ScheduledExecutorService minutes =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tidegate-learn");
              thread.setDaemon(true);
              return thread;
            });
    ScheduledFuture<?> unused =
        minutes.scheduleWithFixedDelay(() -> write(proxy), 1, 1, TimeUnit.MINUTES);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> write(proxy), "tidegate-learned"));
  }

  /** Writes what {@code proxy} has learned so far. */
  synchronized void write(ForwardProxy proxy) {
    try {
      Files.writeString(file, new AccessRuleList(proxy.learnedRules()).toJson());
    } catch (IOException e) {
      System.err.println("tidegate: --learn: " + file + " cannot be written: " + e);
    }
  }
}
