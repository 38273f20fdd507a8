package io.tidegate.core.io;

import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Upstreams;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Looks again and again whether something has changed, on threads that may block: each time a while
 * after the last look has ended. What is wrong is told once, however many looks find it.
 */
public final class RepeatedLook {
  /** One look. */
  @FunctionalInterface
  public interface Look {
    /** Reads what has changed, or throws what is wrong with it; whether anything had. */
    boolean look();
  }

  private final Duration interval;
  private final Executor worker;
  private final Look look;
  private final Consumer<String> told;
  private volatile boolean stopped;

  /** What has been told; empty once all is well. */
  private volatile String said = "";

  /**
   * Not begun yet.
   *
   * @param interval from the end of one look to the next
   * @param worker where {@code look} is run
   * @param told is told what is wrong
   */
  public RepeatedLook(Duration interval, Executor worker, Look look, Consumer<String> told) {
    this.interval = interval;
    this.worker = worker;
    this.look = look;
    this.told = told;
  }

  /**
   * Begins, or goes on when the thread of the timers so far has ended; the first look is after the
   * first interval.
   */
  public void start(Upstreams upstreams) {
    if (!stopped) {
      upstreams.after(interval, () -> lookOnWorker(upstreams));
    }
  }

  /** Looks no more. */
  public void stop() {
    stopped = true;
  }

  /** It has been read without a look: what is wrong later is told, whatever was said before. */
  public void allIsWell() {
    said = "";
  }

  private void lookOnWorker(Upstreams upstreams) {
    try {
      worker.execute(() -> look(upstreams));
    } catch (RuntimeException | Error e) { // too much to do just now, or no thread to do it
      start(upstreams);
    }
  }

  private void look(Upstreams upstreams) {
    try {
      if (!stopped) {
        lookOnce();
      }
    } finally {
      again(upstreams);
    }
  }

  private void lookOnce() {
    try {
      if (look.look()) {
        allIsWell();
      }
    } catch (InvalidSettingsException e) {
      tellOnce(String.join("; ", e.problems()));
    } catch (UncheckedIOException e) {
      tellOnce(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) { // whatever it is, what comes next may do
      tellOnce(String.valueOf(e));
    }
  }

  private void tellOnce(String why) {
    if (!why.equals(said)) {
      said = why;
      told.accept(why);
    }
  }

  private void again(Upstreams upstreams) {
    try {
      upstreams.run(() -> start(upstreams));
    } catch (RejectedExecutionException e) {
      // the thread of the timers is no more: if there is another one, it begins anew there
    }
  }
}
