package io.tidegate.core.server;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
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

  /**
   * What a connection is served by: the one of the time when it was accepted.
   *
   * @param tls how TLS is spoken; null if it is not
   * @param settings limits and time-outs
   */
  record Terms(ListenerSettings listener, @Nullable ServerTls tls, ServerSettings settings) {}

  private volatile Terms terms;
  private final Function<XnioIoThread, Context> contexts;
  private final ConnectionRegistry registry;
  private final AcceptingChannel<StreamConnection> channel;
  private final InetSocketAddress address;

  private Listener(
      XnioWorker worker,
      InetSocketAddress wanted,
      Terms terms,
      Function<XnioIoThread, Context> contexts,
      ConnectionRegistry registry)
      throws IOException {
    this.terms = terms;
    this.contexts = contexts;
    this.registry = registry;
    this.channel =
        worker.createStreamConnectionServer(
            wanted,
            this::acceptable,
            OptionMap.builder()
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BACKLOG, BACKLOG)
                .getMap());
    this.address = channel.getLocalAddress(InetSocketAddress.class);
  }

  /**
   * A listener that is bound, and accepts nobody as yet: who connects waits.
   *
   * @throws IOException if it cannot be bound; the message says which and why
   */
  static Listener bind(
      XnioWorker worker,
      InetSocketAddress address,
      Terms terms,
      Function<XnioIoThread, Context> contexts,
      ConnectionRegistry registry)
      throws IOException {
    if (address.isUnresolved()) {
      throw new IOException(
          "cannot listen on " + address.getHostString() + ": the name has no address");
    }
    try {
      return new Listener(worker, address, terms, contexts, registry);
    } catch (IOException e) {
      throw unbound(address, e.getMessage(), e);
    } catch (UnsupportedAddressTypeException e) {
      throw unbound(address, "this machine has no addresses of its kind", e);
    }
  }

  private static IOException unbound(InetSocketAddress address, @Nullable String why, Exception e) {
    return new IOException(
        "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + why, e);
  }

  /** The address that is listened on. */
  InetSocketAddress address() {
    return address;
  }

  /** What it is called in settings. */
  ListenerSettings settings() {
    return terms.listener();
  }

  /** Accepts connections from now on. */
  void accept() {
    channel.resumeAccepts();
  }

  /** Serves connections by {@code others} that are accepted from now on. */
  void change(Terms others) {
    terms = others;
  }

  /** Accepts no more. */
  void close() {
    IoUtils.safeClose(channel);
  }

  /** Accepts no more; idle connections are closed, the others after the response under way. */
  void drain() {
    close();
    registry.drain();
  }

  /** Accepts no more, and cuts every connection. */
  void cut() {
    close();
    registry.closeAll();
  }

  /** Whether nobody is connected any more. */
  boolean isEmpty() {
    return registry.isEmpty();
  }

  /** Who is connected. */
  ListenerConnections connections() {
    return registry.at(address);
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
    Terms now = terms;
    if (peer == null || !admits(peer.getAddress(), now.listener())) {
      IoUtils.safeClose(connection);
      return;
    }
    ClientConnection client;
    try {
      client = first(connection, peer, now);
    } catch (RuntimeException | Error e) { // its buffers may find no memory
      registry.release(peer.getAddress());
      IoUtils.safeClose(connection);
      throw e;
    }
    registry.opened(client);
    client.start();
  }

  /** The first step of what was accepted. */
  private ClientConnection first(StreamConnection connection, InetSocketAddress peer, Terms now) {
    Context context = contexts.apply(connection.getIoThread());
    Doors doors = new Doors(now.listener(), now.tls(), now.settings(), context, registry);
    return doors.accepted(ClientChannel.of(context.loop(), connection, peer));
  }

  /** Who speaks for clients is not limited as one; they are. */
  private boolean admits(InetAddress peer, ListenerSettings listener) {
    ProxyProtocolSettings believed = listener.proxyProtocol().orElse(null);
    if (believed != null && believed.believes(peer)) {
      return registry.admitSender(peer);
    }
    return (believed == null || believed.servesOthers()) && registry.admit(peer);
  }
}
