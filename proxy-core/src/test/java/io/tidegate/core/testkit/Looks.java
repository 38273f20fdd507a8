package io.tidegate.core.testkit;

import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Inquiry;
import io.tidegate.core.spi.Upstreams;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Has what is to happen later happen when it is told to, one after the other. */
public final class Looks implements Upstreams {
  private record Task(Duration delay, Runnable task) {}

  private final Queue<Task> tasks = new ArrayDeque<>();

  /** Does what is next; after how long it would have been. */
  public Duration next() {
    Task next = tasks.remove();
    next.task().run();
    return next.delay();
  }

  /** Whether nothing is to happen any more. */
  public boolean areOver() {
    return tasks.isEmpty();
  }

  @Override
  public void run(Runnable task) {
    task.run();
  }

  @Override
  public Runnable after(Duration delay, Runnable task) {
    Task later = new Task(delay, task);
    tasks.add(later);
    return () -> tasks.remove(later);
  }

  @Override
  public void addresses(String host, Completion<List<InetAddress>> completion) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Runnable reach(
      Destination destination, Duration timeout, Completion<Destination> completion) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Runnable ask(Inquiry inquiry, Completion<Inquiry.Answer> completion) {
    throw new UnsupportedOperationException();
  }
}
