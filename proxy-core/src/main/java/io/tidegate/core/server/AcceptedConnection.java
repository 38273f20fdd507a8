package io.tidegate.core.server;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.MessageWriter;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.RareMessage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSourceConduit;

/**
 * A connection that was accepted, whatever is spoken on it: its octets, its one deadline, and how
 * it ends.
 */
abstract class AcceptedConnection implements ClientConnection, MessageWriter.Owner {
  private static final System.Logger LOG = System.getLogger(AcceptedConnection.class.getName());

  private static final RareMessage BROKEN =
      new RareMessage(
          LOG, Level.ERROR, "a client connection failed for an internal error", System::nanoTime);

  final ServerSettings settings;
  final RequestHandler handler;
  final ConnectionRegistry registry;
  final StreamSourceConduit source;
  final MessageWriter writer;

  private final ClientChannel client;
  private @Nullable ClientSide side;
  private final IoLoop loop;
  private final StreamConnection channel;
  private final Timeout timeout = new Timeout();
  private @Nullable Linger linger;
  private boolean inputEnded;
  private boolean closed;

  AcceptedConnection(
      ClientChannel client,
      ServerSettings settings,
      RequestHandler handler,
      ConnectionRegistry registry) {
    this.client = client;
    this.loop = client.loop();
    this.channel = client.channel();
    this.source = channel.getSourceChannel().getConduit();
    this.writer = new MessageWriter(loop, channel.getSinkChannel().getConduit(), this);
    this.settings = settings;
    this.handler = handler;
    this.registry = registry;
  }

  // What is known of the client

  @Override
  public final IoLoop loop() {
    return loop;
  }

  /** The client's end of the connection. */
  public final InetSocketAddress clientAddress() {
    return client.client();
  }

  /** Our end of the connection. */
  public final InetSocketAddress localAddress() {
    return client.local();
  }

  /** The connection, as listeners are told of it. */
  public final ClientSide side() {
    ClientSide known = side;
    if (known == null) {
      known = client.side();
      side = known;
    }
    return known;
  }

  /** Whether the connection is TLS. */
  public boolean isSecure() {
    return client.tls() != null;
  }

  /** What the client has proved itself with, its own certificate first; empty if with nothing. */
  public final List<X509Certificate> certificates() {
    ClientChannel.Tls tls = client.tls();
    return tls == null ? List.of() : tls.certificates();
  }

  // What the conduit tells

  @Override
  public void start() {
    channel.getSourceChannel().setReadListener(c -> readable());
    channel.getSinkChannel().setWriteListener(c -> writable());
    setTimeout(settings.headTimeout());
    source.resumeReads();
  }

  @Override
  public final void start(ByteBuffer begun) {
    start();
    try {
      received(begun);
    } catch (RuntimeException | Error e) {
      broken(e);
    }
    loop.flush();
  }

  private void readable() {
    ByteBuffer in = loop.takeInput();
    try {
      int n = source.read(limit(in));
      if (n > 0) {
        received(in.flip());
      } else if (n < 0) {
        inputEnded = true;
        source.suspendReads();
        inputEnded();
      }
    } catch (IOException e) {
      lost();
    } catch (RuntimeException | Error e) {
      broken(e);
    } finally {
      loop.giveInput(in);
      loop.flush();
    }
  }

  private void writable() {
    try {
      taking();
      writer.writable();
    } catch (RuntimeException | Error e) {
      broken(e);
    }
    loop.flush();
  }

  /** Does what is no event of the conduit; what goes wrong ends the connection. */
  final void event(Runnable handling) {
    try {
      handling.run();
    } catch (RuntimeException | Error e) {
      broken(e);
    }
    loop.flush();
  }

  private void broken(Throwable cause) {
    BROKEN.log(cause);
    lost();
  }

  @Override
  public final void writeFailed(IOException cause) {
    lost();
  }

  /** Makes room in {@code in} for as much as may be read now. */
  abstract ByteBuffer limit(ByteBuffer in);

  /** Octets have come. */
  abstract void received(ByteBuffer in);

  /** The client has shut down its side; it is not read any more. */
  abstract void inputEnded();

  /** The client takes octets that have waited. */
  void taking() {}

  /** The connection is of no use any more: closes it, and tells what is under way on it. */
  abstract void lost();

  /** The connection is closed, or somebody else's. */
  abstract void ended();

  /** The deadline of the connection has come. */
  abstract void expired();

  /** Whether the client has shut down its side. */
  final boolean hasInputEnded() {
    return inputEnded;
  }

  // The deadline

  final void setTimeout(Duration from) {
    setTimeout(loop.now() + from.toMillis());
  }

  /** To a time of {@link IoLoop#now}. */
  final void setTimeout(long at) {
    timeout.set(loop.timers(), at);
  }

  final void suspendTimeout() {
    timeout.suspend();
  }

  private final class Timeout extends TimerWheel.Deadline {
    @Override
    protected void expired() {
      AcceptedConnection.this.expired();
    }
  }

  // The end

  /** Closes our side first; the client closes the other. */
  final void linger() {
    if (linger != null) {
      return; // only the end of our side had still to leave
    }
    try {
      writer.shutDown();
    } catch (IOException e) {
      close();
      return;
    }
    if (inputEnded) {
      close();
    } else {
      timeout.cancel(loop.timers());
      linger = new Linger(loop, channel, this::close);
      linger.start();
    }
  }

  /** Closes the connection; nobody is told. */
  final void close() {
    if (!closed) {
      closed = true;
      ended();
      writer.discard();
      timeout.cancel(loop.timers());
      if (linger != null) {
        linger.cancel(loop.timers());
      }
      IoUtils.safeClose(channel);
      registry.closed(this, client.peer().getAddress());
    }
  }

  /** Leaves the connection to {@code tunnel}; {@code early} was read from it already. */
  final void handOver(ClientExchange.TunnelStart tunnel, @Nullable ByteBuffer early) {
    closed = true;
    ended();
    timeout.cancel(loop.timers());
    Runnable cut = tunnel.start(channel, early);
    registry.tunnelled(this, client.peer().getAddress(), channel, cut);
  }

  /** The connection itself, for options. */
  final StreamConnection channel() {
    return channel;
  }
}
