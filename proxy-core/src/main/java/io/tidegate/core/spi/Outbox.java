package io.tidegate.core.spi;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What is still to be told: put in under the lock that orders it, and told in that order without
 * it, so that whoever is told may do what they like. One thread at a time tells, and no other waits
 * for it. Thread-safe.
 */
public final class Outbox {
  private final Guard guard;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean delivering = new AtomicBoolean();

  /** An empty one; {@code guard} runs each task. */
  public Outbox(Guard guard) {
    this.guard = guard;
  }

  /** Has {@code task} tell something when it is its turn. */
  public void add(Runnable task) {
    waiting.add(task);
  }

  /** Tells what waits, unless somebody is at it, who then does: another thread, or a task. */
  public void deliver() {
    while (!waiting.isEmpty() && delivering.compareAndSet(false, true)) {
      try {
        deliverAll();
      } finally {
        delivering.set(false);
      }
    }
  }

  private void deliverAll() {
    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
      guard.run(task);
    }
  }
}
