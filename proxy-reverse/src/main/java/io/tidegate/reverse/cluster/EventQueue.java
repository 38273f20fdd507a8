package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Guard;
import io.tidegate.core.spi.Outbox;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * What listeners are still to be told: put in under the lock of the cluster, which orders it, and
 * told without it, so that a listener may do with the cluster what it likes.
 */
final class EventQueue {
  private static final System.Logger LOG = System.getLogger(EventQueue.class.getName());

  private static final Guard GUARD = new Guard(LOG, Level.ERROR, "a listener of a cluster failed");

  private final List<ClusterListener> listeners;
  private final Outbox outbox = new Outbox(GUARD);

  EventQueue(List<ClusterListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  void add(ClusterEvent event) {
    add(() -> tell(event));
  }

  void add(Runnable task) {
    outbox.add(task);
  }

  /** Tells what waits, unless another thread is at it, which then does. */
  void deliver() {
    outbox.deliver();
  }

  private void tell(ClusterEvent event) {
    log(event);
    for (ClusterListener listener : listeners) {
      GUARD.run(() -> listener.happened(event));
    }
  }

  private static void log(ClusterEvent event) {
    String detail = event.detail().isEmpty() ? "" : ": " + event.detail();
    switch (event.kind()) {
      case PANIC_BEGAN ->
          LOG.log(Level.WARNING, "cluster {0} uses all its endpoints{1}", event.cluster(), detail);
      case PANIC_ENDED ->
          LOG.log(Level.INFO, "cluster {0} uses its available endpoints again", event.cluster());
      case FULL_BEGAN ->
          LOG.log(
              Level.WARNING,
              "requests wait for endpoints of cluster {0}{1}",
              event.cluster(),
              detail);
      case FULL_ENDED ->
          LOG.log(
              Level.INFO,
              "no requests wait for endpoints of cluster {0} any more",
              event.cluster());
      default ->
          LOG.log(
              Level.INFO,
              "endpoint {0} of cluster {1} {2}{3}",
              event.endpoint(),
              event.cluster(),
              verb(event.kind()),
              detail);
    }
  }

  private static String verb(ClusterEvent.Kind kind) {
    return switch (kind) {
      case ADDED -> "was added";
      case REMOVED -> "was removed";
      case DOWN -> "is down";
      case UP -> "is up";
      case EJECTED -> "is ejected";
      case RETURNED -> "is back on trial";
      case DRAINING -> "drains";
      case DRAINED -> "is idle";
      case RESUMED -> "gets requests again";
      case PANIC_BEGAN, PANIC_ENDED -> "panics";
      case FULL_BEGAN, FULL_ENDED -> "is full";
    };
  }
}
