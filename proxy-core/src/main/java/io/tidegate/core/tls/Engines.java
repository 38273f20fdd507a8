package io.tidegate.core.tls;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** What depends on who has made an engine. */
final class Engines {
  private static final String JDK = "sun.security.ssl.";

  private Engines() {}

  /**
   * Whether the engine computes while it reads and writes, and does not say before that it will
   * take long.
   */
  static boolean computesAtOnce(SSLEngine engine) {
    return !engine.getClass().getName().startsWith(JDK);
  }

  /**
   * Lets go of what is not on the heap. Not for an engine of the JDK, which has nothing there, and
   * forgets its session if it is closed before its peer.
   */
  static void release(SSLEngine engine) {
    if (computesAtOnce(engine)) {
      try {
        engine.closeOutbound();
        engine.closeInbound();
      } catch (SSLException e) {
        // the peer has not ended in an orderly way
      }
    }
  }
}
