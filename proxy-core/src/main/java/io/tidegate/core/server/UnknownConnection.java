package io.tidegate.core.server;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSourceConduit;

/**
 * A connection whose client has still to show which protocol it speaks. The first octets tell: no
 * HTTP request begins with the version of SOCKS, and none of HTTP/1.1 as the preface of HTTP/2 does
 * (RFC 9113 §3.4).
 */
final class UnknownConnection extends TimerWheel.Deadline implements ClientConnection {
  private static final int READ = 16 << 10;
  private static final byte[] PREFACE = {'P', 'R', 'I', ' '};

  private final ClientChannel client;
  private final IoLoop loop;
  private final StreamConnection channel;
  private final StreamSourceConduit source;
  private final Doors doors;
  private final ByteBuffer begun = ByteBuffer.allocate(PREFACE.length);
  private boolean identified;

  UnknownConnection(ClientChannel client, Doors doors) {
    this.client = client;
    this.loop = client.loop();
    this.channel = client.channel();
    this.source = channel.getSourceChannel().getConduit();
    this.doors = doors;
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public void start() {
    channel.getSourceChannel().setReadListener(c -> readable());
    set(loop.timers(), loop.now() + doors.settings().headTimeout().toMillis());
    source.resumeReads();
  }

  @Override
  public void start(ByteBuffer octets) {
    start();
    identify(octets);
  }

  private void readable() {
    ByteBuffer in = loop.takeInput();
    try {
      int n = source.read(in.limit(READ));
      if (n > 0) {
        identify(in.flip());
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

  private void identify(ByteBuffer in) {
    while (in.hasRemaining() && beginsWithPreface(in.get(in.position()))) {
      begun.put(in.get());
    }
    if (in.hasRemaining() || !begun.hasRemaining()) {
      ClientConnection known = known(in);
      identified = true;
      cancel(loop.timers());
      doors.registry().identified(this, known);
      known.start(whole(in));
    }
  }

  /** Whether it may be the preface of HTTP/2 if {@code next} comes next. */
  private boolean beginsWithPreface(byte next) {
    return begun.hasRemaining() && PREFACE[begun.position()] == next && doors.speaksHttp2(client);
  }

  private ClientConnection known(ByteBuffer in) {
    if (!begun.hasRemaining()) {
      return doors.http2(client);
    }
    byte first = begun.position() == 0 ? in.get(in.position()) : 0;
    return doors.speaksSocks() && (first == 4 || first == 5)
        ? doors.socks(client)
        : doors.http(client);
  }

  private ByteBuffer whole(ByteBuffer in) {
    begun.flip();
    return begun.hasRemaining()
        ? ByteBuffer.allocate(begun.remaining() + in.remaining()).put(begun).put(in).flip()
        : in;
  }

  @Override
  protected void expired() {
    cut();
  }

  @Override
  public void drain() {
    cut();
  }

  @Override
  public void cut() {
    if (!identified) { // whoever has seen it among the open ones may come late
      cancel(loop.timers());
      IoUtils.safeClose(channel);
      doors.registry().closed(this, client.peer().getAddress());
    }
  }
}
