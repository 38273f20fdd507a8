package io.tidegate.core.tls;

import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.CertificateEvent;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Upstreams;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Looks whether files of certificates have changed, and has them read again. Files are looked at
 * and read on threads that may block.
 */
public final class CertificateWatch implements Background {
  private static final System.Logger LOG = System.getLogger(CertificateWatch.class.getName());

  private final List<Reloadable> all;
  private final Executor worker;
  private final EventListener events;
  private volatile boolean stopped;

  /**
   * Watches the files of {@code all}, which have just been read.
   *
   * @param worker looks at them
   * @param events told what comes of it
   */
  public CertificateWatch(List<? extends Reloadable> all, Executor worker, EventListener events) {
    this.all = List.copyOf(all);
    this.worker = worker;
    this.events = events;
  }

  /** Whether there is anything to look at. */
  public boolean isNeeded() {
    return all.stream().anyMatch(one -> one.reloadInterval().isPresent());
  }

  /**
   * Reads everything again, changed or not. It blocks.
   *
   * @throws InvalidSettingsException with everything that stays as it was
   */
  public void reloadAll() {
    Checks checks = new Checks();
    for (Reloadable one : all) {
      try {
        read(one);
      } catch (InvalidSettingsException e) {
        unreadable(one, String.join("; ", e.problems()));
        e.problems().forEach(checks::problem);
      }
    }
    checks.done();
  }

  private void read(Reloadable one) {
    one.reload();
    events.happened(new CertificateEvent(CertificateEvent.Kind.CHANGED, one.subject(), ""));
  }

  private void unreadable(Reloadable one, String why) {
    events.happened(new CertificateEvent(CertificateEvent.Kind.UNREADABLE, one.subject(), why));
  }

  @Override
  public void start(Upstreams upstreams) {
    for (Reloadable one : all) {
      one.reloadInterval().ifPresent(interval -> new Looks(one, interval, upstreams).later());
    }
  }

  /** Looks at the files of one, again and again. */
  private final class Looks implements Runnable {
    private final Reloadable one;
    private final Duration interval;
    private final Upstreams upstreams;

    /** What the log has been told; empty once all is well. */
    private String said = "";

    Looks(Reloadable one, Duration interval, Upstreams upstreams) {
      this.one = one;
      this.interval = interval;
      this.upstreams = upstreams;
    }

    void later() {
      if (!stopped) {
        upstreams.after(interval, this);
      }
    }

    @Override
    public void run() {
      try {
        worker.execute(this::look);
      } catch (RejectedExecutionException e) {
        later(); // there is too much to do just now
      }
    }

    private void look() {
      try {
        if (one.isChanged()) {
          read(one);
          said = "";
          LOG.log(Level.INFO, "certificates have been read again");
        }
      } catch (InvalidSettingsException e) {
        warn(String.join("; ", e.problems()));
      } catch (RuntimeException e) {
        warn(String.valueOf(e));
      } finally {
        again();
      }
    }

    /** What will not do is read at each look, and told once. */
    private void warn(String why) {
      if (!why.equals(said)) {
        said = why;
        unreadable(one, why);
        LOG.log(
            Level.WARNING, "certificates stay as they were, the new files will not do: {0}", why);
      }
    }

    private void again() {
      try {
        upstreams.run(this::later);
      } catch (RejectedExecutionException e) {
        stopped = true; // the threads of the proxy are no more
      }
    }
  }

  @Override
  public void stop() {
    stopped = true;
  }
}
