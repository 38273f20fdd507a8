package io.tidegate.core.server;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.RareMessage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSourceConduit;

/**
 * A connection that has still to show something before it leads on to the next step: a door goes
 * through what comes first, within its time, and then is another kind of connection on the same
 * channel.
 */
abstract class Door extends TimerWheel.Deadline implements ClientConnection {
  private static final System.Logger LOG = System.getLogger(Door.class.getName());

  private static final RareMessage BROKEN =
      new RareMessage(
          LOG, Level.ERROR, "a client connection failed for an internal error", System::nanoTime);

  private static final int READ = 16 << 10;

  final IoLoop loop;
  final StreamConnection channel;
  final StreamSourceConduit source;
  final Doors doors;

  /** Whose connection it is, as far as that is known. */
  ClientChannel client;

  private final Duration timeout;
  private boolean over;

  Door(ClientChannel client, Duration timeout, Doors doors) {
    this.client = client;
    this.loop = client.loop();
    this.channel = client.channel();
    this.source = channel.getSourceChannel().getConduit();
    this.timeout = timeout;
    this.doors = doors;
  }

  /** Octets have come. */
  abstract void received(ByteBuffer in);

  /** It is closed: what else is under way ends. */
  void ended() {}

  @Override
  public final IoLoop loop() {
    return loop;
  }

  @Override
  public final void start() {
    channel.getSourceChannel().setReadListener(c -> readable());
    set(loop.timers(), loop.now() + timeout.toMillis());
    source.resumeReads();
  }

  @Override
  public final void start(ByteBuffer begun) {
    start();
    received(begun);
  }

  private void readable() {
    ByteBuffer in = loop.takeInput();
    try {
      int n = source.read(in.limit(READ));
      if (n > 0) {
        received(in.flip());
      } else if (n < 0) {
        cut();
      }
    } catch (IOException e) {
      cut();
    } catch (RuntimeException | Error e) {
      BROKEN.log(e);
      cut();
    } finally {
      loop.giveInput(in);
      loop.flush();
    }
  }

  /** From now on the connection is {@code known}, which begins with {@code rest}. */
  final void goOn(ClientConnection known, ByteBuffer rest) {
    over = true;
    cancel(loop.timers());
    doors.registry().identified(this, known);
    if (rest.hasRemaining()) {
      known.start(rest);
    } else {
      known.start();
    }
  }

  @Override
  protected void expired() {
    cut();
  }

  @Override
  public final void drain() {
    cut();
  }

  @Override
  public final void cut() {
    if (!over) { // whoever has seen it among the open ones may come late
      over = true;
      cancel(loop.timers());
      ended();
      IoUtils.safeClose(channel);
      doors.registry().closed(this, client.peer().getAddress());
    }
  }
}
