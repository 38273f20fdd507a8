package io.tidegate.core;

import io.tidegate.core.spi.InvalidSettingsException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The reloads of a proxy, by whoever asks for one and by files that are watched: one after the
 * other, and each is told of when it is over. What a reload changes is told in {@link
 * Proxy#change}.
 */
final class Reloads {
  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

  private final Proxy proxy;
  private final List<SettingsWatch<?>> watches = new CopyOnWriteArrayList<>();

  /** Held by whoever reloads, one at a time. */
  private final Object turn = new Object();

  Reloads(Proxy proxy) {
    this.proxy = proxy;
  }

  /** As {@link Proxy#reload(Supplier)}. */
  void reload(Supplier<Proxy.Parts> described) {
    try {
      synchronized (turn) {
        proxy.requireNotStopped();
        change(described);
      }
    } finally {
      proxy.deliver();
    }
  }

  private void change(Supplier<Proxy.Parts> described) {
    try {
      proxy.change(described.get());
    } catch (RuntimeException | Error e) {
      proxy.refused(problems(e));
      throw e;
    }
  }

  private static List<String> problems(Throwable refusal) {
    if (refusal instanceof InvalidSettingsException several) {
      return several.problems();
    }
    boolean plain = refusal instanceof UncheckedIOException;
    return List.of(plain ? String.valueOf(refusal.getMessage()) : refusal.toString());
  }

  /**
   * Looks at {@code file} as {@link Proxy#watch} says, once it has been {@linkplain #add added} and
   * started.
   *
   * @param worker reads it: it may block
   */
  <S extends Record> SettingsWatch<S> watch(
      Path file,
      Supplier<S> said,
      Supplier<S> served,
      Function<S, Proxy.Parts> described,
      Executor worker) {
    Consumer<Supplier<S>> reload = read -> reload(() -> described.apply(read.get()));
    return new SettingsWatch<>(file, WATCH_INTERVAL, said, served, reload, worker);
  }

  /** Has {@link #reloadWatched} reload this file too. */
  void add(SettingsWatch<?> watch) {
    watches.add(watch);
  }

  /** As {@link Proxy#reloadWatched}. */
  void reloadWatched() {
    if (watches.isEmpty()) {
      throw new IllegalStateException("no file is watched (expected: settings)");
    }
    watches.forEach(SettingsWatch::reloadNow);
  }
}
