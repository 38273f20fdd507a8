package io.tidegate.core;

import io.tidegate.core.connect.AddressResolver;
import io.tidegate.core.connect.Connector;
import io.tidegate.core.exchange.BackgroundUpstreams;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Upstreams;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy does beside the exchanges, all of it on the first IO thread there is: whatever is
 * wanted has been started, whatever is not wanted any more has been stopped, each once.
 */
final class BackgroundWork {
  private static final System.Logger LOG = System.getLogger(BackgroundWork.class.getName());

  private final Connector connector;
  private final AddressResolver resolver;
  private volatile List<Background> wanted = List.of();

  // For who holds the monitor:
  private @Nullable IoLoop loop;
  private @Nullable Upstreams upstreams;

  // For the thread of the loop:
  private final Set<Background> started = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean stopped;

  BackgroundWork(Connector connector, AddressResolver resolver) {
    this.connector = connector;
    this.resolver = resolver;
  }

  /** This is wanted from now on, and nothing else. */
  synchronized void want(List<Background> all) {
    wanted = List.copyOf(all);
    adjustSoon();
  }

  /** Uses the thread of {@code first}, unless there is one already. */
  synchronized void begin(IoLoop first) {
    if (loop == null) {
      loop = first;
      upstreams = new BackgroundUpstreams(first, connector, resolver);
      adjustSoon();
    }
  }

  private void adjustSoon() {
    Upstreams given = upstreams;
    if (loop != null && given != null) {
      loop.later(() -> adjust(given));
    }
  }

  private void adjust(Upstreams given) {
    if (stopped) {
      return;
    }
    List<Background> now = wanted;
    for (Background work : new ArrayList<>(started)) {
      if (now.stream().noneMatch(one -> one == work)) {
        started.remove(work);
        guard(work::stop);
      }
    }
    for (Background work : now) {
      if (started.add(work)) {
        guard(() -> work.start(given));
      }
    }
  }

  /** The thread of {@code ended} ends; on that thread. */
  void end(IoLoop ended) {
    synchronized (this) {
      if (loop != ended) {
        return;
      }
    }
    stopped = true;
    started.forEach(work -> guard(work::stop));
    started.clear();
  }

  private static void guard(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) { // the others have to go on all the same
      LOG.log(Level.ERROR, "background work failed for an internal error", e);
    }
  }
}
