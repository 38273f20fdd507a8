package io.tidegate.core.spi;

import io.tidegate.core.http.ResponseHead;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The destinations one exchange may try, best first. For one thread.
 *
 * <p>Every destination handed out, by {@link #next} or {@link #await}, is given back by exactly one
 * call of {@link #finished}; more than one may be out at a time. {@link #ended} is called once,
 * last.
 */
public interface Destinations {
  /** The next destination to try, or null if none can be had now. */
  @Nullable Destination next();

  /** Whether there is another destination to try, now or after a wait. */
  default boolean hasMore() {
    return false;
  }

  /**
   * Waits for a destination to become free, after {@link #next} has had none. {@code turn} is told,
   * on any thread; a destination it is given counts as handed out.
   *
   * @return how long to wait, or null if there is nothing to wait for, or {@code turn} has been
   *     told already
   */
  default @Nullable Waiting await(Completion<Destination> turn) {
    return null;
  }

  /**
   * A place in a queue.
   *
   * @param most how long it is kept
   * @param withdrawal gives it up; whoever has been told already stays so
   * @param overdue the failure when the time is over
   */
  record Waiting(Duration most, Runnable withdrawal, Failure overdue) {}

  /** The destination has sent the head of its final response. */
  default void responded(Destination destination, ResponseHead head) {}

  /**
   * The attempt at {@code destination} has ended; {@code failure} says why it failed, null if it
   * did not.
   */
  default void finished(Destination destination, @Nullable Failure failure) {}

  /** The exchange is over. */
  default void ended() {}

  /** One destination, tried once. */
  static Destinations only(Destination destination) {
    return new Destinations() {
      private boolean tried;

      @Override
      public @Nullable Destination next() {
        Destination next = tried ? null : destination;
        tried = true;
        return next;
      }
    };
  }
}
