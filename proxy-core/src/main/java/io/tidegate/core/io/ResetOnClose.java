package io.tidegate.core.io;

import java.io.IOException;
import org.xnio.Options;
import org.xnio.channels.Configurable;

/**
 * Lets a connection end with a reset when it is closed: where the end of a connection is the end of
 * what it carries, the peer would else take what it has got for all there is.
 */
public final class ResetOnClose {
  private ResetOnClose() {}

  /** From now on, closing {@code connection} resets it; one that does not take that is closed. */
  public static void of(Configurable connection) {
    try {
      connection.setOption(Options.CLOSE_ABORT, true);
    } catch (IOException | IllegalArgumentException e) {
      // closed already, which is what is wanted
    }
  }
}
