package io.tidegate.core.spi;

import org.jspecify.annotations.Nullable;

/**
 * The destinations one exchange may try, best first. For one thread.
 *
 * <p>Every destination handed out is given back by exactly one call of {@link #finished}.
 */
public interface Destinations {
  /** The next destination to try, or null if there is none left. */
  @Nullable Destination next();

  /**
   * The attempt at the destination last handed out has ended; {@code failure} says why it failed,
   * null if it did not.
   */
  default void finished(Destination destination, @Nullable Failure failure) {}

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
