package io.tidegate.core.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where lines are written, on one thread. */
interface LineOutput {
  /**
   * Writes whole lines, each with its end.
   *
   * @throws IOException if not all could be written: {@code lines} tells what is left. Another try
   *     may be made.
   */
  void write(ByteBuffer lines) throws IOException;

  /** Begins anew, if it is something that can be moved away. */
  default void reopen() throws IOException {}

  /** Ends it. */
  default void close() throws IOException {}
}
