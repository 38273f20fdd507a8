package io.tidegate.core;

import io.tidegate.core.connect.AddressResolver;
import io.tidegate.core.connect.Connector;
import io.tidegate.core.exchange.BackgroundUpstreams;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Guard;
import io.tidegate.core.spi.Upstreams;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy does beside the exchanges, all of it on the first of its IO threads that has not
 * ended: whatever is wanted has been started, whatever is not wanted any more has been stopped,
 * each once.
 */
final class BackgroundWork {
  private static final Guard GUARD =
      new Guard(
          System.getLogger(BackgroundWork.class.getName()),
          Level.ERROR,
          "background work failed for an internal error");

  private final Connector connector;
  private final AddressResolver resolver;
  private volatile List<Background> wanted = List.of();

  /** The threads there are, for who holds the monitor; the first is the one to use. */
  private final Deque<IoLoop> loops = new ArrayDeque<>();

  /** For threads of loops: two of them meet only while one ends. */
  private final Object adjusting = new Object();

  // For who holds that:
  private final Set<Background> started = Collections.newSetFromMap(new IdentityHashMap<>());
  private @Nullable IoLoop startedOn;
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

  /** Uses the thread of {@code next}, if those before it have ended or when they have. */
  synchronized void begin(IoLoop next) {
    loops.add(next);
    adjustSoon();
  }

  private void adjustSoon() {
    for (IoLoop first = loops.peek(); first != null; first = loops.peek()) {
      IoLoop here = first;
      try {
        here.later(() -> adjust(here));
        return;
      } catch (RejectedExecutionException e) {
        loops.remove(); // the application has stopped its server, and its threads
      }
    }
  }

  private synchronized boolean isFirst(IoLoop loop) {
    return loops.peek() == loop;
  }

  private void adjust(IoLoop here) {
    synchronized (adjusting) {
      if (!stopped && isFirst(here)) {
        List<Background> now = wanted;
        stopAllBut(now);
        start(now, here);
      }
    }
  }

  private void stopAllBut(List<Background> now) {
    for (Background work : new ArrayList<>(started)) {
      if (now.stream().noneMatch(one -> one == work)) {
        started.remove(work);
        GUARD.run(work::stop);
      }
    }
  }

  private void start(List<Background> now, IoLoop here) {
    Upstreams upstreams = new BackgroundUpstreams(here, connector, resolver);
    if (startedOn != here) {
      startedOn = here;
      started.forEach(work -> GUARD.run(() -> work.moved(upstreams)));
    }
    for (Background work : now) {
      if (started.add(work)) {
        GUARD.run(() -> work.start(upstreams));
      }
    }
  }

  /** The thread of {@code ended} ends with the proxy; on that thread. */
  void end(IoLoop ended) {
    synchronized (adjusting) {
      if (isFirst(ended)) {
        stopped = true;
        started.forEach(work -> GUARD.run(work::stop));
        started.clear();
      }
    }
  }
}
