package io.tidegate.core.io;

import io.tidegate.core.spi.Upstreams;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Looks at something again and again, on threads that may block: each time a while after the last
 * look has ended.
 */
public final class RepeatedLook {
  private final Duration interval;
  private final Executor worker;
  private final Runnable look;
  private volatile boolean stopped;

  /**
   * Not begun yet.
   *
   * @param interval from the end of one look to the next
   * @param worker where {@code look} is run
   */
  public RepeatedLook(Duration interval, Executor worker, Runnable look) {
    this.interval = interval;
    this.worker = worker;
    this.look = look;
  }

  /** Begins; the first look is after the first interval. */
  public void start(Upstreams upstreams) {
    if (!stopped) {
      upstreams.after(interval, () -> lookOnWorker(upstreams));
    }
  }

  /** Looks no more. */
  public void stop() {
    stopped = true;
  }

  private void lookOnWorker(Upstreams upstreams) {
    try {
      worker.execute(() -> look(upstreams));
    } catch (RejectedExecutionException e) {
      start(upstreams); // there is too much to do just now
    }
  }

  private void look(Upstreams upstreams) {
    try {
      if (!stopped) {
        look.run();
      }
    } finally {
      again(upstreams);
    }
  }

  private void again(Upstreams upstreams) {
    try {
      upstreams.run(() -> start(upstreams));
    } catch (RejectedExecutionException e) {
      stopped = true; // the threads of the proxy are no more
    }
  }
}
