package io.tidegate.core.server;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.tls.ServerTls;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
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
  /**
   * What a connection needs on its thread.
   *
   * @param handshakes computes what takes long in handshakes
   */
  public record Context(IoLoop loop, RequestHandler handler, Executor handshakes) {}

  private static final int BACKLOG = 4096;

  private final ListenerSettings listener;
  private final @Nullable ServerTls tls;
  private final ServerSettings settings;
  private final Function<XnioIoThread, Context> contexts;
  private final ConnectionRegistry registry;
  private final AcceptingChannel<StreamConnection> channel;

  private Listener(
      XnioWorker worker,
      InetSocketAddress address,
      ListenerSettings listener,
      @Nullable ServerTls tls,
      ServerSettings settings,
      Function<XnioIoThread, Context> contexts,
      ConnectionRegistry registry)
      throws IOException {
    this.listener = listener;
    this.tls = tls;
    this.settings = settings;
    this.contexts = contexts;
    this.registry = registry;
    this.channel =
        worker.createStreamConnectionServer(
            address,
            this::acceptable,
            OptionMap.builder()
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BACKLOG, BACKLOG)
                .getMap());
  }

  /**
   * A listener that accepts connections on {@code address}.
   *
   * @throws IOException if it cannot be bound; the message says which and why
   */
  static Listener bind(
      XnioWorker worker,
      InetSocketAddress address,
      ListenerSettings listener,
      @Nullable ServerTls tls,
      ServerSettings settings,
      Function<XnioIoThread, Context> contexts,
      ConnectionRegistry registry)
      throws IOException {
    if (address.isUnresolved()) {
      throw new IOException(
          "cannot listen on " + address.getHostString() + ": the name has no address");
    }
    try {
      Listener bound = new Listener(worker, address, listener, tls, settings, contexts, registry);
      bound.channel.resumeAccepts();
      return bound;
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
  }

  /** The address that is listened on. */
  InetSocketAddress address() {
    return channel.getLocalAddress(InetSocketAddress.class);
  }

  /** Accepts no more. */
  void close() {
    IoUtils.safeClose(channel);
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
    if (peer == null || !admits(peer.getAddress())) {
      IoUtils.safeClose(connection);
      return;
    }
    ClientConnection client;
    try {
      client = first(connection, peer);
    } catch (RuntimeException | Error e) { // its buffers may find no memory
      registry.release(peer.getAddress());
      IoUtils.safeClose(connection);
      throw e;
    }
    registry.opened(client);
    client.start();
  }

  /** The first step of what was accepted. */
  private ClientConnection first(StreamConnection connection, InetSocketAddress peer) {
    Context context = contexts.apply(connection.getIoThread());
    Doors doors = new Doors(listener, tls, settings, context, registry);
    return doors.accepted(ClientChannel.of(context.loop(), connection, peer));
  }

  /** Who speaks for clients is not limited as one; they are. */
  private boolean admits(InetAddress peer) {
    ProxyProtocolSettings believed = listener.proxyProtocol().orElse(null);
    if (believed != null && believed.believes(peer)) {
      return registry.admitSender(peer);
    }
    return (believed == null || believed.servesOthers()) && registry.admit(peer);
  }
}
