package io.tidegate.core;

import io.tidegate.core.io.FileWatch;
import io.tidegate.core.io.RepeatedLook;
import io.tidegate.core.json.SecretFiles;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Upstreams;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Has a file of settings reloaded at the first look if it is not what is served by, and whenever it
 * or a file of a secret that it names has been written, or touched, and rests: a file that changes
 * from one look to the next is being written. What will not do is not tried again before one of
 * them changes.
 */
final class SettingsWatch<S extends Record> implements Background {
  private static final System.Logger LOG = System.getLogger(SettingsWatch.class.getName());

  private final Path file;
  private final Supplier<S> said;
  private final Supplier<S> served;
  private final Consumer<Supplier<S>> reload;
  private final RepeatedLook looks;

  // Guarded by this, which nobody holds while settings are read or reloaded:
  private FileWatch settings;
  private FileWatch secrets;

  /** Whether the file may be what is served by although it has not been read here. */
  private volatile boolean atFirst = true;

  /**
   * Watches {@code file}.
   *
   * @param interval from one look to the next
   * @param said what stands in the file, read each time; throws what is wrong with it
   * @param served what the proxy serves by
   * @param reload reloads the settings that it asks for, or throws what is wrong with them
   * @param worker looks at the file and reloads it: it may block
   */
  SettingsWatch(
      Path file,
      Duration interval,
      Supplier<S> said,
      Supplier<S> served,
      Consumer<Supplier<S>> reload,
      Executor worker) {
    this.file = file;
    this.said = said;
    this.served = served;
    this.reload = reload;
    this.looks = new RepeatedLook(interval, worker, this::look, this::warn);
    this.settings = new FileWatch(List.of(file));
    settings.forget();
    this.secrets = new FileWatch(SecretFiles.of(served.get()));
  }

  @Override
  public void start(Upstreams upstreams) {
    looks.start(upstreams);
  }

  @Override
  public void stop() {
    looks.stop();
  }

  /**
   * Has the file reloaded, whether it has changed or not, when it is its turn. It blocks.
   *
   * @throws InvalidSettingsException if it will not do
   * @throws UncheckedIOException if an address in it cannot be listened on
   */
  void reloadNow() {
    atFirst = false;
    reload.accept(this::read);
    looks.allIsWell();
    LOG.log(Level.INFO, "settings have been read from {0}", file);
  }

  /** Each file is seen before it is read: what is written meanwhile is a change. */
  private S read() {
    FileWatch seen = new FileWatch(List.of(file));
    synchronized (this) {
      settings = seen;
    }
    S read = said.get();
    FileWatch named = new FileWatch(SecretFiles.of(read));
    synchronized (this) {
      secrets = named;
    }
    return read;
  }

  private synchronized boolean isChanged() {
    boolean settingsChanged = settings.isChanged();
    boolean secretsChanged = secrets.isChanged();
    return settingsChanged || secretsChanged;
  }

  private boolean look() {
    if (!isChanged()) {
      return false;
    }
    if (!isServedAtFirst()) {
      reloadNow();
    }
    return true;
  }

  /** What is wrong is told by the reload. */
  private boolean isServedAtFirst() {
    try {
      return atFirst && said.get().equals(served.get());
    } catch (InvalidSettingsException e) {
      return false;
    } finally {
      atFirst = false;
    }
  }

  private void warn(String why) {
    LOG.log(Level.WARNING, "settings stay as they were, {0} will not do: {1}", file, why);
  }
}
