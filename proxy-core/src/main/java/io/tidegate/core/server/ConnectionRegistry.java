package io.tidegate.core.server;

import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;

/**
 * The client connections of all listeners: counts them against the limits, and knows them when they
 * stop. Thread-safe.
 */
final class ConnectionRegistry {
  private final ServerSettings settings;
  private volatile boolean draining;
  private volatile boolean closing;
  private final AtomicInteger total = new AtomicInteger();
  private final Map<InetAddress, Integer> perClient = new ConcurrentHashMap<>();
  private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
  private final Map<StreamConnection, Runnable> tunnels = new ConcurrentHashMap<>();

  ConnectionRegistry(ServerSettings settings) {
    this.settings = settings;
  }

  /** From now on, no connection serves a further request. */
  void drain() {
    draining = true;
    for (ClientConnection connection : open) {
      run(connection.loop().thread(), connection::drain);
    }
  }

  /** Whether connections close after the response under way. */
  boolean isDraining() {
    return draining;
  }

  /** Counts a connection of {@code client} in; whether the limits permit it. */
  boolean admit(InetAddress client) {
    return admit(client, settings.maxConnectionsPerClient());
  }

  /** The same of one that speaks for clients, and may have as many connections as they all. */
  boolean admitSender(InetAddress sender) {
    return admit(sender, Integer.MAX_VALUE);
  }

  private boolean admit(InetAddress client, int most) {
    if (draining) {
      return false;
    }
    if (total.incrementAndGet() > settings.maxConnections()) {
      total.decrementAndGet();
      return false;
    }
    if (count(client) > most) {
      release(client);
      return false;
    }
    return true;
  }

  /**
   * Counts a connection of {@code sender} for {@code client} from now on; whether the limits permit
   * it, else it goes on to count for the sender.
   */
  boolean countFor(InetAddress sender, InetAddress client) {
    if (client.equals(sender)) {
      return true;
    }
    boolean permitted = count(client) <= settings.maxConnectionsPerClient();
    discount(permitted ? sender : client);
    return permitted;
  }

  private int count(InetAddress client) {
    return perClient.merge(client, 1, Integer::sum);
  }

  private void discount(InetAddress client) {
    perClient.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
  }

  void opened(ClientConnection connection) {
    open.add(connection);
  }

  /** The connection has turned out to be {@code known}, on the same channel. */
  void identified(ClientConnection connection, ClientConnection known) {
    if (open.remove(connection)) {
      open.add(known);
    }
    if (closing) {
      run(known.loop().thread(), known::cut); // closeAll may have looked just before
    } else if (draining) {
      run(known.loop().thread(), known::drain);
    }
  }

  void closed(ClientConnection connection, InetAddress client) {
    if (open.remove(connection)) {
      release(client);
    }
  }

  /** The connection has become a tunnel: it counts until it is closed. */
  void tunnelled(
      ClientConnection connection, InetAddress client, StreamConnection channel, Runnable cut) {
    if (open.remove(connection)) {
      tunnels.put(channel, cut);
      channel.setCloseListener(
          closed -> {
            if (tunnels.remove(channel) != null) {
              release(client);
            }
          });
      if (!channel.isOpen() && tunnels.remove(channel) != null) {
        release(client);
      }
      if (closing) {
        run(channel.getIoThread(), cut); // closeAll may have looked just before
      }
    }
  }

  void release(InetAddress client) {
    total.decrementAndGet();
    discount(client);
  }

  /** How many there are, tunnels included. */
  int size() {
    return total.get();
  }

  /** Cuts every connection. */
  void closeAll() {
    closing = true;
    for (ClientConnection connection : open) {
      run(connection.loop().thread(), connection::cut);
    }
    tunnels.forEach((channel, cut) -> run(channel.getIoThread(), cut));
  }

  private static void run(XnioIoThread thread, Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // its thread has ended, and with it everything on it
    }
  }
}
