package io.tidegate.core.cache;

import java.nio.ByteBuffer;

/**
 * Writes the content of a response into a store while others read it. For one thread; ends with
 * either {@link #complete} or {@link #abandon}.
 */
public interface BodyWriter {
  /** Takes all of {@code data}. */
  void write(ByteBuffer data);

  /** Whether it is time to wait for {@link #whenDrained}. */
  boolean backlogged();

  /** Whether what comes is of use to anybody: the store, or one who reads it. */
  boolean isWanted();

  /** Whether anybody reads it now; on any thread. */
  boolean isRead();

  /** Runs {@code drained}, on any thread, whenever the writer is backlogged no more. */
  void whenDrained(Runnable drained);

  /**
   * Called now and then while the writer is backlogged: those who have taken little since the last
   * call, and keep others from reading on, get no more.
   */
  default void leaveBehind() {}

  /** That was all: from now on the response may be served from the store alone. */
  void complete();

  /** The rest will never come. Those who read it are told; nobody else will find it. */
  void abandon();
}
