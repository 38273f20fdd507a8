package io.tidegate.core.server;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.wire.ProxyHeader;
import io.tidegate.core.wire.ProxyHeaderReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSourceConduit;

/**
 * A connection of a sender that is believed, which has still to say for whom: with a header of the
 * PROXY protocol, before anything else. What breaks the rules, or does not come in time, ends it.
 */
final class ProxyHeaderConnection extends TimerWheel.Deadline implements ClientConnection {
  private static final System.Logger LOG = System.getLogger(ProxyHeaderConnection.class.getName());

  private static final int READ = 16 << 10;

  private final IoLoop loop;
  private final StreamConnection channel;
  private final StreamSourceConduit source;
  private final ProxyProtocolSettings settings;
  private final Doors doors;
  private final ProxyHeaderReader reader = new ProxyHeaderReader();
  private ClientChannel client;
  private boolean over;

  ProxyHeaderConnection(ClientChannel client, ProxyProtocolSettings settings, Doors doors) {
    this.client = client;
    this.loop = client.loop();
    this.channel = client.channel();
    this.source = channel.getSourceChannel().getConduit();
    this.settings = settings;
    this.doors = doors;
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public void start() {
    channel.getSourceChannel().setReadListener(c -> readable());
    set(loop.timers(), loop.now() + settings.timeout().toMillis());
    source.resumeReads();
  }

  @Override
  public void start(ByteBuffer begun) {
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
    } finally {
      loop.giveInput(in);
      loop.flush();
    }
  }

  private void received(ByteBuffer in) {
    try {
      ProxyHeader header = reader.read(in);
      if (header != null) {
        told(header, in);
      }
    } catch (BadMessageException e) {
      if (settings.optional() && !reader.isHeader()) {
        goOn(together(reader.taken(), in));
      } else {
        refuse(e.detail());
      }
    }
  }

  /** What was taken for a header, and what has come with it. */
  private static ByteBuffer together(ByteBuffer taken, ByteBuffer rest) {
    return ByteBuffer.allocate(taken.remaining() + rest.remaining()).put(taken).put(rest).flip();
  }

  private void told(ProxyHeader header, ByteBuffer rest) {
    ClientChannel behind = client.told(header);
    if (doors.registry().countFor(client.peer().getAddress(), behind.peer().getAddress())) {
      client = behind;
      goOn(rest);
    } else {
      refuse("more connections than a client may have");
    }
  }

  private void goOn(ByteBuffer rest) {
    ClientConnection known = doors.named(client);
    over = true;
    cancel(loop.timers());
    doors.registry().identified(this, known);
    if (rest.hasRemaining()) {
      known.start(rest);
    } else {
      known.start();
    }
  }

  private void refuse(String reason) {
    LOG.log(Level.DEBUG, "a connection of {0} was closed: {1}", client.peer(), reason);
    cut();
  }

  @Override
  protected void expired() {
    refuse("no PROXY header came in time");
  }

  @Override
  public void drain() {
    cut();
  }

  @Override
  public void cut() {
    if (!over) { // whoever has seen it among the open ones may come late
      over = true;
      cancel(loop.timers());
      IoUtils.safeClose(channel);
      doors.registry().closed(this, client.peer().getAddress());
    }
  }
}
