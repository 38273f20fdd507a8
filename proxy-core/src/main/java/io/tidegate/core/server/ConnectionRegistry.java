package io.tidegate.core.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;

/**
 * The client connections of one listener: has them counted against the limits of all listeners, and
 * knows them when they are to end. Thread-safe.
 */
final class ConnectionRegistry {
  private final ConnectionLimits limits;
  private volatile boolean draining;
  private volatile boolean closing;
  private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
  private final Map<StreamConnection, Runnable> tunnels = new ConcurrentHashMap<>();

  ConnectionRegistry(ConnectionLimits limits) {
    this.limits = limits;
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

  /** Counts a connection of {@code client} in; whether it may be served. */
  boolean admit(InetAddress client) {
    return !draining && limits.admit(client);
  }

  /** The same of one that speaks for clients. */
  boolean admitSender(InetAddress sender) {
    return !draining && limits.admitSender(sender);
  }

  /** As {@link ConnectionLimits#countFor}. */
  boolean countFor(InetAddress sender, InetAddress client) {
    return limits.countFor(sender, client);
  }

  void opened(ClientConnection connection) {
    open.add(connection);
    endIfLate(connection);
  }

  /** The connection has turned out to be {@code known}, on the same channel. */
  void identified(ClientConnection connection, ClientConnection known) {
    if (open.remove(connection)) {
      open.add(known);
    }
    endIfLate(known);
  }

  /** Whoever ends all of them may have looked just before. */
  private void endIfLate(ClientConnection connection) {
    if (closing) {
      run(connection.loop().thread(), connection::cut);
    } else if (draining) {
      run(connection.loop().thread(), connection::drain);
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
    limits.release(client);
  }

  /** Whether there are none, nor tunnels. */
  boolean isEmpty() {
    return open.isEmpty() && tunnels.isEmpty();
  }

  /** The connections that there are, by what is spoken on them. */
  ListenerConnections at(InetSocketAddress address) {
    int http1 = 0;
    int http2 = 0;
    int beginning = 0;
    for (ClientConnection connection : open) {
      if (connection instanceof Http1Connection) {
        http1++;
      } else if (connection instanceof Http2Connection) {
        http2++;
      } else {
        beginning++;
      }
    }
    return new ListenerConnections(address, !draining, http1, http2, tunnels.size(), beginning);
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
