package io.tidegate.core.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** What depends on who has made an engine. */
final class Engines {
  private static final String JDK = "sun.security.ssl.";
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** An engine does not say more than this before somebody answers. */
  private static final int MOST = 64 * TlsBuffers.RECORD;

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
        drain(engine);
      } catch (SSLException e) {
        // the peer has not ended in an orderly way
      }
    }
  }

  /** Nobody is to get what it still says, but it lets go of nothing before. */
  private static void drain(SSLEngine engine) throws SSLException {
    int room = TlsBuffers.RECORD;
    while (!engine.isOutboundDone() && room <= MOST) {
      SSLEngineResult result = engine.wrap(NOTHING.duplicate(), ByteBuffer.allocate(room));
      if (result.bytesProduced() == 0) {
        room *= 4;
      }
    }
  }

  /**
   * Has a client that begins another handshake on a connection (RFC 5246 §7.4.1.1) refused with an
   * alert: where 1.2 is spoken, only what it cannot negotiate is left. There are no further
   * handshakes in 1.3.
   */
  static void refuseNegotiation(SSLEngine engine) {
    if (!computesAtOnce(engine)
        && !engine.getUseClientMode()
        && engine.getSession().getProtocol().equals(TlsVersion.TLS_1_2.protocol())) {
      engine.setEnabledProtocols(new String[] {TlsVersion.TLS_1_3.protocol()});
    }
  }
}
