package io.tidegate.core.spool;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads content that is kept, from its beginning. For one thread. */
public interface ContentReader extends AutoCloseable {
  /**
   * The next octets, to be used at once; the reader goes on behind them. Null if there are none
   * now: unless the reader {@link #isAtEnd}, {@code ready} then runs when they, or the news that
   * they will not come, are there.
   */
  @Nullable ByteBuffer next(Runnable ready);

  /** Whether everything that was written has been read. */
  boolean isAtEnd();

  /** How much was written and not read yet, in octets. */
  long left();

  /** Whether the rest cannot be read. */
  boolean isBroken();

  /** Lets go of the content. */
  @Override
  void close();
}
