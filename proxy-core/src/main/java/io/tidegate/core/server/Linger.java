package io.tidegate.core.server;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Reads on from a connection whose other direction has been shut down: octets of the client still
 * under way would else destroy our last words (RFC 9112 §9.6). They are thrown away.
 */
final class Linger extends TimerWheel.Deadline {
  private static final long MILLIS = 2000;
  private static final long OCTETS = 8 << 20;

  private final IoLoop loop;
  private final StreamSourceConduit source;
  private final Runnable close;
  private long octets;

  /** Does {@code close} when the client has closed, or after a while, or after too many octets. */
  Linger(IoLoop loop, StreamConnection channel, Runnable close) {
    this.loop = loop;
    this.source = channel.getSourceChannel().getConduit();
    this.close = close;
    channel.getSourceChannel().setReadListener(c -> readable());
  }

  void start() {
    set(loop.timers(), loop.now() + MILLIS);
    source.resumeReads();
  }

  private void readable() {
    ByteBuffer in = loop.takeInput();
    try {
      int n = source.read(in);
      octets += Math.max(n, 0);
      if (n < 0 || octets > OCTETS) {
        end();
      }
    } catch (IOException e) {
      end();
    } finally {
      loop.giveInput(in);
    }
  }

  @Override
  protected void expired() {
    end();
  }

  private void end() {
    cancel(loop.timers());
    close.run();
  }
}
