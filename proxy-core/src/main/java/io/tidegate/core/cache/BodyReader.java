package io.tidegate.core.cache;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the content of a stored response, which may still be on its way into the store. For one
 * thread at a time; closed exactly once.
 */
public interface BodyReader extends AutoCloseable {
  /** Where a reader stands. */
  enum State {
    /** There is more, or there will be. */
    OPEN,
    /** Everything has been read. */
    ENDED,
    /** The rest will never come. */
    BROKEN
  }

  /**
   * The next octets, read-only, good until the next call; the reader goes on behind them. Null if
   * there are none now: if the {@link #state} is open then, {@code ready} runs once, on any thread,
   * when that changes.
   */
  @Nullable ByteBuffer next(Runnable ready);

  /** Where the reader stands. */
  State state();

  /** Lets go of the content. */
  @Override
  void close();
}
