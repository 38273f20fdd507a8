package io.tidegate.core.server;

import io.tidegate.core.tls.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/** The listeners of a proxy. The limits are for the clients of all of them together. */
public final class Server {
  private final ServerSettings settings;
  private final Function<XnioIoThread, Listener.Context> contexts;
  private final ConnectionRegistry registry;

  /** Those that are bound, in the order of the settings. */
  private volatile List<Listener> listeners = List.of();

  /**
   * Without listeners so far; {@code contexts} is asked on the IO thread of each new connection.
   */
  public Server(ServerSettings settings, Function<XnioIoThread, Listener.Context> contexts) {
    this.settings = settings;
    this.contexts = contexts;
    this.registry = new ConnectionRegistry(settings);
  }

  /**
   * Binds one listener more, and accepts clients as {@code listener} says.
   *
   * @param tls how TLS is spoken there; null if it is not
   * @throws IOException if the address cannot be bound; the message says which and why
   */
  public void listen(
      XnioWorker worker,
      InetSocketAddress address,
      ListenerSettings listener,
      @Nullable ServerTls tls)
      throws IOException {
    Listener bound = Listener.bind(worker, address, listener, tls, settings, contexts, registry);
    List<Listener> longer = new ArrayList<>(listeners);
    longer.add(bound);
    listeners = List.copyOf(longer);
  }

  /**
   * The addresses that are listened on, in the order in which they were bound.
   *
   * @throws IllegalStateException if there are none
   */
  public List<InetSocketAddress> addresses() {
    List<Listener> bound = listeners;
    if (bound.isEmpty()) {
      throw new IllegalStateException("the proxy is not running");
    }
    return bound.stream().map(Listener::address).toList();
  }

  /** How many client connections there are. */
  public int connections() {
    return registry.size();
  }

  /** Accepts no more; idle connections are closed, the others after the response under way. */
  public void drain() {
    listeners.forEach(Listener::close);
    registry.drain();
  }

  /** Cuts what is left. */
  public void close() {
    listeners.forEach(Listener::close);
    registry.closeAll();
  }
}
