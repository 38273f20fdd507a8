package io.tidegate.core.server;

import io.tidegate.core.tls.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/** The listeners of a proxy. The limits are for the clients of all of them together. */
public final class Server {
  private final Function<ListenerSettings, InetSocketAddress> resolved;
  private final Function<XnioIoThread, Listener.Context> contexts;
  private final ConnectionLimits limits;

  /** Those that are bound, in the order of the settings. */
  private volatile List<Listener> listeners = List.of();

  /** Those that accept nobody any more, as long as somebody is connected. */
  private volatile List<Listener> leaving = List.of();

  /**
   * Without listeners so far.
   *
   * @param resolved finds the address to listen on; it may block
   * @param contexts asked on the IO thread of each new connection
   */
  public Server(
      ServerSettings settings,
      Function<ListenerSettings, InetSocketAddress> resolved,
      Function<XnioIoThread, Listener.Context> contexts) {
    this.resolved = resolved;
    this.contexts = contexts;
    this.limits = new ConnectionLimits(settings);
  }

  /** Other listeners than there are, all of them bound, and nothing changed as yet. */
  public final class Change {
    private final ServerSettings settings;
    private final List<Listener> bound = listeners;
    private final List<Listener> before = new ArrayList<>(bound);
    private final List<Listener> after = new ArrayList<>();
    private final List<Listener.Terms> terms = new ArrayList<>();
    private final List<Listener> opened = new ArrayList<>();

    private Change(ServerSettings settings) {
      this.settings = settings;
    }

    private void add(XnioWorker worker, ListenerSettings listener, @Nullable ServerTls tls)
        throws IOException {
      Listener.Terms wanted = new Listener.Terms(listener, tls, settings);
      Listener known = takeWhere(listener);
      if (known == null) {
        ConnectionRegistry registry = new ConnectionRegistry(limits);
        known = Listener.bind(worker, resolved.apply(listener), wanted, contexts, registry);
        opened.add(known);
      }
      after.add(known);
      terms.add(wanted);
    }

    /** One that listens there already; any free port is the one it was the last time. */
    private @Nullable Listener takeWhere(ListenerSettings wanted) {
      for (Listener listener : before) {
        ListenerSettings is = listener.settings();
        boolean same = is.port() == wanted.port() || listener.address().getPort() == wanted.port();
        if (same && is.host().equals(wanted.host())) {
          before.remove(listener);
          return listener;
        }
      }
      return null;
    }

    /** Where clients will connect to, in the order of the settings. */
    public List<InetSocketAddress> addresses() {
      return after.stream().map(Listener::address).toList();
    }

    /** Those of them that are new. */
    public List<InetSocketAddress> opened() {
      return opened.stream().map(Listener::address).toList();
    }

    /** Those that are no more, or will be. */
    public List<InetSocketAddress> closed() {
      return before.stream().map(Listener::address).toList();
    }

    /**
     * Makes the change: what stays serves new connections by its new settings, what is new accepts,
     * and what is gone does not, and lets its connections end.
     */
    public void commit() {
      limits.change(settings);
      for (int i = 0; i < after.size(); i++) {
        after.get(i).change(terms.get(i));
      }
      listeners = List.copyOf(after);
      List<Listener> ending = new ArrayList<>(before);
      leaving.stream().filter(listener -> !listener.isEmpty()).forEach(ending::add);
      leaving = List.copyOf(ending);
      before.forEach(Listener::drain);
      opened.forEach(Listener::accept);
    }

    /** Leaves everything as it is. */
    public void giveUp() {
      opened.forEach(Listener::cut);
      listeners = bound;
    }
  }

  /**
   * Binds what is to be listened on and is not yet; it blocks where a host is a name.
   *
   * @param tls how TLS is spoken on each of {@code wanted}; empty if it is not
   * @throws IOException if an address cannot be bound; the message says which and why. Nothing is
   *     changed
   */
  public Change prepare(
      XnioWorker worker,
      ServerSettings settings,
      List<ListenerSettings> wanted,
      List<Optional<ServerTls>> tls)
      throws IOException {
    Change change = new Change(settings);
    try {
      for (int i = 0; i < wanted.size(); i++) {
        change.add(worker, wanted.get(i), tls.get(i).orElse(null));
      }
      return change;
    } catch (IOException | RuntimeException | Error e) {
      change.giveUp();
      throw e;
    }
  }

  /**
   * The addresses that are listened on, in the order of the settings.
   *
   * @throws IllegalStateException if there are none
   */
  public List<InetSocketAddress> addresses() {
    return bound().stream().map(Listener::address).toList();
  }

  /**
   * The first address at which clients may speak {@code protocol}; empty if they may nowhere.
   *
   * @throws IllegalStateException if nothing is listened on
   */
  public Optional<InetSocketAddress> address(ListenerProtocol protocol) {
    return bound().stream()
        .filter(listener -> listener.settings().speaks(protocol))
        .map(Listener::address)
        .findFirst();
  }

  private List<Listener> bound() {
    List<Listener> bound = listeners;
    if (bound.isEmpty()) {
      throw new IllegalStateException("the proxy is not running");
    }
    return bound;
  }

  /** How many client connections there are. */
  public int connections() {
    return limits.size();
  }

  /**
   * Who is connected to which listener: at most {@code most} listeners, those first that accept
   * connections, and then those that end with the connections they have.
   */
  public List<ListenerConnections> connectionsByListener(int most) {
    return Stream.concat(
            listeners.stream(), leaving.stream().filter(listener -> !listener.isEmpty()))
        .limit(most)
        .map(Listener::connections)
        .toList();
  }

  /** Those clients that have the most connections, the first of them most: how many, by address. */
  public Map<String, Integer> busiestClients(int most) {
    return limits.busiestClients(most);
  }

  /**
   * Accepts no more; idle connections are closed, the others after the response under way.
   *
   * @return where connections were accepted
   */
  public List<InetSocketAddress> drain() {
    List<Listener> closed = listeners;
    closed.forEach(Listener::drain);
    return closed.stream().map(Listener::address).toList();
  }

  /** Cuts what is left. */
  public void close() {
    listeners.forEach(Listener::cut);
    leaving.forEach(Listener::cut);
  }
}
