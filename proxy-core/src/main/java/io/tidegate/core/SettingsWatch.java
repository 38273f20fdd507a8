package io.tidegate.core;

import io.tidegate.core.io.FileWatch;
import io.tidegate.core.io.RepeatedLook;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Upstreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has a file of settings reloaded at the first look if it is not what is served by, and whenever
 * other octets stand in it and it rests: a file that changes from one look to the next is being
 * written. What will not do is not tried again before the file changes.
 */
final class SettingsWatch implements Background {
  private static final System.Logger LOG = System.getLogger(SettingsWatch.class.getName());

  /** A text of settings is no longer. */
  private static final int MAX_BYTES = (16 << 20) + 1;

  private final Path file;
  private final BooleanSupplier isServed;
  private final Runnable reload;
  private final RepeatedLook looks;
  private final FileWatch watch;

  // Guarded by this:

  /** What the proxy serves by; null as long as that is not known. */
  private @Nullable ByteBuffer served;

  /** What the log has been told; empty once all is well. */
  private String said = "";

  /**
   * Watches {@code file}.
   *
   * @param interval from one look to the next
   * @param isServed reads the file and tells whether the proxy serves by it, or throws what is
   *     wrong with it
   * @param reload reads the file and has it reloaded, or throws what is wrong with it
   * @param worker looks at the file and reloads it: it may block
   */
  SettingsWatch(
      Path file, Duration interval, BooleanSupplier isServed, Runnable reload, Executor worker) {
    this.file = file;
    this.isServed = isServed;
    this.reload = reload;
    this.looks = new RepeatedLook(interval, worker, this::look);
    this.watch = new FileWatch(List.of(file));
    watch.forget();
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
   * Has the file reloaded, whatever stands in it: what it names may be new. It blocks.
   *
   * @throws InvalidSettingsException if it will not do
   * @throws UncheckedIOException if an address in it cannot be listened on
   */
  synchronized void reloadNow() {
    reload(content());
  }

  private synchronized void look() {
    try {
      if (watch.isChanged()) {
        reloadIfNew();
      }
    } catch (InvalidSettingsException e) {
      warn(String.join("; ", e.problems()));
    } catch (UncheckedIOException e) {
      warn(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) { // whatever it is, the next file may do
      warn(String.valueOf(e));
    }
  }

  private void reloadIfNew() {
    ByteBuffer content = content();
    if (content == null || !(content.equals(served) || isServedAtFirst())) {
      reload(content);
    }
    served = content;
    said = "";
  }

  private void reload(@Nullable ByteBuffer content) {
    reload.run();
    served = content;
    said = "";
    LOG.log(Level.INFO, "settings have been read from {0}", file);
  }

  /** What is wrong is told by the reload. */
  private boolean isServedAtFirst() {
    try {
      return served == null && isServed.getAsBoolean();
    } catch (InvalidSettingsException e) {
      return false;
    }
  }

  /** Null if it cannot be read: whoever reloads it says why. */
  private @Nullable ByteBuffer content() {
    try (InputStream in = Files.newInputStream(file)) {
      return ByteBuffer.wrap(in.readNBytes(MAX_BYTES));
    } catch (IOException e) {
      return null;
    }
  }

  private void warn(String why) {
    if (!why.equals(said)) {
      said = why;
      LOG.log(Level.WARNING, "settings stay as they were, {0} will not do: {1}", file, why);
    }
  }
}
