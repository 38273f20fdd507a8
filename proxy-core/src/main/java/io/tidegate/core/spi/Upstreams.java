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
   * Makes a connection, TLS if the destination wants it, and closes it.
   *
   * @param timeout how long it may take in all
   * @return gives up; the completion is not told
   */
  Runnable reach(Destination destination, Duration timeout, Completion<Destination> completion);

  /**
   * Sends a request on a connection of its own.
   *
   * @return gives up; the completion is not told
   */
  Runnable ask(Inquiry inquiry, Completion<Inquiry.Answer> completion);
}
