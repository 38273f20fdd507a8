package io.tidegate.core.io;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for what blocks or takes long: as many as there is work, up to a limit, and none at rest.
 * They keep no program from its end.
 */
public final class DaemonThreads extends ThreadPoolExecutor {
  private static final long IDLE_SECONDS = 30;

  /**
   * No thread as yet.
   *
   * @param name what they are called, with a number behind it
   * @param most how many threads there are at most
   * @param mostWaiting how many tasks wait for one at most
   */
  public DaemonThreads(String name, int most, int mostWaiting) {
    this(numbered(name), most, mostWaiting);
  }

  /** The same with threads of another kind. */
  DaemonThreads(ThreadFactory made, int most, int mostWaiting) {
    super(most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(mostWaiting), made);
    allowCoreThreadTimeOut(true);
  }

  private static ThreadFactory numbered(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Runs {@code task} on one of the threads.
   *
   * @throws RejectedExecutionException if too many wait, they have been shut down, or the machine
   *     gives no thread
   */
  @Override
  public void execute(Runnable task) {
    try {
      super.execute(task);
    } catch (OutOfMemoryError e) {
      throw new RejectedExecutionException("there is no thread", e);
    }
  }
}
