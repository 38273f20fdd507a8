package io.tidegate.forward.auth;

import io.tidegate.core.io.FileWatch;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Upstreams;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Everybody who is known at present: files are read again when they have changed. Owns the threads
 * on which passwords are checked and files read.
 */
final class KnownUsers {
  private static final System.Logger LOG = System.getLogger(KnownUsers.class.getName());
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final int MOST_THREADS = 4;

  /** At a tenth of a second each, the last of them waits some seconds. */
  private static final int MOST_WAITING = 200;

  private final AuthenticationSettings settings;
  private final KeyedHash chance;
  private final LongSupplier nanoTime;
  private final UserFiles files;
  private final FileWatch watch;
  private final ExecutorService worker = threads();
  private volatile DigestUsers digests;
  private volatile PasswordCheck passwords;
  private volatile boolean stopped;

  KnownUsers(
      AuthenticationSettings settings, KeyedHash chance, LongSupplier nanoTime, Checks checks) {
    this.settings = settings;
    this.chance = chance;
    this.nanoTime = nanoTime;
    this.files = new UserFiles(settings, chance, checks);
    this.watch = new FileWatch(files.paths());
    Directory directory = files.read(checks);
    this.digests = directory.digests();
    this.passwords = check(directory.passwords());
  }

  private PasswordCheck check(Users users) {
    return new PasswordCheck(users, chance, worker, settings.remember(), nanoTime);
  }

  private static ExecutorService threads() {
    int count = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            count,
            count,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "tidegate-passwords-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  PasswordCheck passwords() {
    return passwords;
  }

  DigestUsers digests() {
    return digests;
  }

  /** Looks every few seconds whether files have changed. */
  void watch(Upstreams upstreams) {
    if (!files.paths().isEmpty()) {
      lookLater(upstreams);
    }
  }

  private void lookLater(Upstreams upstreams) {
    if (!stopped) {
      upstreams.after(LOOK, () -> lookNow(upstreams));
    }
  }

  private void lookNow(Upstreams upstreams) {
    try {
      worker.execute(() -> lookAndGoOn(upstreams));
    } catch (RejectedExecutionException e) {
      lookLater(upstreams); // there is too much to do just now
    }
  }

  private void lookAndGoOn(Upstreams upstreams) {
    look();
    try {
      upstreams.run(() -> lookLater(upstreams));
    } catch (RejectedExecutionException e) {
      stopped = true; // its threads are no more
    }
  }

  /** Reads what has changed. What is wrong leaves everything as it was. */
  private void look() {
    if (!watch.isChanged()) {
      return;
    }
    try {
      Checks checks = new Checks();
      Directory directory = files.read(checks);
      checks.done();
      digests = directory.digests();
      passwords = check(directory.passwords());
      LOG.log(Level.INFO, "users have been read again");
    } catch (InvalidSettingsException e) {
      LOG.log(
          Level.WARNING,
          "users stay as they were, the new files will not do: {0}",
          String.join("; ", e.problems()));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "users stay as they were, reading them failed", e);
    }
  }

  void stop() {
    stopped = true;
    worker.shutdownNow();
  }
}
