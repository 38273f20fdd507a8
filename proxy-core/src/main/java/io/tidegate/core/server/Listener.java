package io.tidegate.core.server;

import io.tidegate.core.io.IoLoop;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/** Accepts the connections of clients on one address and port. */
public final class Listener {
  /** What a connection needs on its thread. */
  public record Context(IoLoop loop, RequestHandler handler) {}

  private static final int BACKLOG = 4096;

  private final ServerSettings settings;
  private final Function<XnioIoThread, Context> contexts;
  private final ConnectionRegistry registry;
  private @Nullable AcceptingChannel<StreamConnection> channel;

  /**
   * A listener that is not bound yet; {@code contexts} is asked on the IO thread of each new
   * connection.
   */
  public Listener(ServerSettings settings, Function<XnioIoThread, Context> contexts) {
    this.settings = settings;
    this.contexts = contexts;
    this.registry = new ConnectionRegistry(settings);
  }

  /**
   * Binds and accepts.
   *
   * @throws IOException if the address cannot be bound; the message says which and why
   */
  public void start(XnioWorker worker, InetSocketAddress address) throws IOException {
    if (address.isUnresolved()) {
      throw new IOException(
          "cannot listen on " + address.getHostString() + ": the name has no address");
    }
    try {
      channel =
          worker.createStreamConnectionServer(
              address,
              this::acceptable,
              OptionMap.builder()
                  .set(Options.TCP_NODELAY, true)
                  .set(Options.REUSE_ADDRESSES, true)
                  .set(Options.BACKLOG, BACKLOG)
                  .getMap());
    } catch (BindException e) {
      throw new IOException(
          "cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + e.getMessage(),
          e);
    }
    channel.resumeAccepts();
  }

  /** The address that is listened on. */
  public InetSocketAddress address() {
    if (channel == null) {
      throw new IllegalStateException("the proxy is not running");
    }
    return channel.getLocalAddress(InetSocketAddress.class);
  }

  /** How many client connections there are. */
  public int connections() {
    return registry.size();
  }

  /** Accepts no more; idle connections are closed, the others after the response under way. */
  public void drain() {
    IoUtils.safeClose(channel);
    registry.drain();
  }

  /** Cuts what is left. */
  public void close() {
    IoUtils.safeClose(channel);
    registry.closeAll();
  }

  /** Called on each IO thread that has got connections. */
  private void acceptable(AcceptingChannel<StreamConnection> accepting) {
    try {
      StreamConnection connection;
      while ((connection = accepting.accept()) != null) {
        opened(connection);
      }
    } catch (IOException e) {
      // Out of file descriptors, most likely: those that wait are accepted when some are free
      // again.
    }
  }

  private void opened(StreamConnection connection) {
    InetSocketAddress peer = connection.getPeerAddress(InetSocketAddress.class);
    if (peer == null || !registry.admit(peer.getAddress())) {
      IoUtils.safeClose(connection);
      return;
    }
    Context context;
    try {
      context = contexts.apply(connection.getIoThread());
    } catch (RuntimeException | Error e) { // its buffers may find no memory
      registry.release(peer.getAddress());
      IoUtils.safeClose(connection);
      throw e;
    }
    Http1Connection client =
        new Http1Connection(context.loop(), connection, settings, context.handler(), registry);
    registry.opened(client);
    client.start();
  }
}
