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
    reload(() -> proxy.change(described.get()));
  }

  /**
   * The same by what {@code said} reads in JSON, where it stands at {@code path}: that is in front
   * of what turns out to be wrong when it is put to use.
   */
  <S> void reload(String path, Supplier<S> said, Function<S, Proxy.Parts> described) {
    reload(
        () -> {
          S settings = said.get();
          try {
            proxy.change(described.apply(settings));
          } catch (InvalidSettingsException e) {
            throw e.at(path);
          }
        });
  }

  private void reload(Runnable change) {
    try {
      synchronized (turn) {
        proxy.requireNotStopped();
        tried(change);
      }
    } finally {
      proxy.deliver();
    }
  }

  private void tried(Runnable change) {
    try {
      change.run();
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
   * @param path where in it the settings stand
   * @param worker reads it: it may block
   */
  <S extends Record> SettingsWatch<S> watch(
      Path file,
      String path,
      Supplier<S> said,
      Supplier<S> served,
      Function<S, Proxy.Parts> described,
      Executor worker) {
    Consumer<Supplier<S>> reload = read -> reload(path, read, described);
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
