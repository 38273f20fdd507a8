package io.tidegate.forward.auth;

import io.tidegate.core.io.DaemonThreads;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Upstreams;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Threads on which passwords are checked and files of users read, and timers: one for as long as
 * there is authentication, whatever its settings.
 */
final class AuthenticationWork implements Background, Executor {
  private static final int MOST_THREADS = 4;

  /** At a tenth of a second each, the last of them waits some seconds. */
  private static final int MOST_WAITING = 200;

  private final ExecutorService threads = threads();
  private volatile @Nullable Upstreams upstreams;

  private static ExecutorService threads() {
    int count = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    return new DaemonThreads("tidegate-passwords", count, MOST_WAITING);
  }

  /**
   * Runs {@code task} on one of the threads.
   *
   * @throws java.util.concurrent.RejectedExecutionException if too much waits already
   */
  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /** Timers of the proxy; null if it does not run. */
  @Nullable Upstreams timers() {
    return upstreams;
  }

  @Override
  public void start(Upstreams available) {
    upstreams = available;
  }

  /** Whoever waits for a check gets an answer. */
  @Override
  public void stop() {
    threads.shutdown();
  }
}
