package io.tidegate.core.spi;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** What {@link Background} work has at its disposal. For its thread, but for {@link #run}. */
public interface Upstreams {
  /** Runs {@code task} on the thread of the background work; for any thread. */
  void run(Runnable task);

  /**
   * Runs {@code task} once, after {@code delay}.
   *
   * @return takes it back
   */
  Runnable after(Duration delay, Runnable task);

  /** Looks up the addresses of a name. */
  void addresses(String host, Completion<List<InetAddress>> completion);

  /**
   * Sends a request on a connection of its own.
   *
   * @return gives up; the completion is not told
   */
  Runnable ask(Inquiry inquiry, Completion<Inquiry.Answer> completion);
}
