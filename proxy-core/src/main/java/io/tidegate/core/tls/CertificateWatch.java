package io.tidegate.core.tls;

import io.tidegate.core.io.RepeatedLook;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.CertificateEvent;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Upstreams;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * Looks whether files of certificates have changed, and has them read again. Files are looked at
 * and read on threads that may block.
 */
public final class CertificateWatch implements Background {
  private static final System.Logger LOG = System.getLogger(CertificateWatch.class.getName());

  private final List<Reloadable> all;
  private final Executor worker;
  private final EventListener events;
  private final List<RepeatedLook> looks = new CopyOnWriteArrayList<>();

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
    looks.clear(); // those on a thread that has ended
    for (Reloadable one : all) {
      one.reloadInterval().ifPresent(interval -> start(one, interval, upstreams));
    }
  }

  private void start(Reloadable one, Duration interval, Upstreams upstreams) {
    RepeatedLook look = new RepeatedLook(interval, worker, () -> look(one), why -> warn(one, why));
    looks.add(look);
    look.start(upstreams);
  }

  /** What will not do is read at each look. */
  private boolean look(Reloadable one) {
    if (!one.isChanged()) {
      return false;
    }
    read(one);
    LOG.log(Level.INFO, "certificates have been read again");
    return true;
  }

  private void warn(Reloadable one, String why) {
    unreadable(one, why);
    LOG.log(Level.WARNING, "certificates stay as they were, the new files will not do: {0}", why);
  }

  @Override
  public void stop() {
    looks.forEach(RepeatedLook::stop);
  }
}
