package io.tidegate.core.admin;

import io.tidegate.core.limit.ClientNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/**
 * Lets connections in: those of clients that may ask, and of each only so many that others find
 * room. What is not let in is closed at once. On one thread.
 */
final class AdminDoor implements ChannelListener<StreamConnection> {
  /** The most connections of all clients. */
  static final int MOST = 128;

  /** The most of one address, or of one network of IPv6: a proxy in front speaks for many. */
  static final int MOST_OF_ONE = 64;

  private record Entered(StreamConnection connection, Object client) {}

  private final Predicate<InetAddress> known;
  private final ChannelListener<StreamConnection> next;
  private final List<Entered> open = new ArrayList<>();

  /** Passes connections of {@code known} clients on to {@code next}. */
  AdminDoor(Predicate<InetAddress> known, ChannelListener<StreamConnection> next) {
    this.known = known;
    this.next = next;
  }

  @Override
  public void handleEvent(StreamConnection connection) {
    InetSocketAddress peer = connection.getPeerAddress(InetSocketAddress.class);
    if (peer == null || !known.test(peer.getAddress()) || !enter(connection, peer.getAddress())) {
      IoUtils.safeClose(connection);
      return;
    }
    next.handleEvent(connection);
  }

  /** Those that have ended are looked for when somebody comes: there are few in all. */
  private boolean enter(StreamConnection connection, InetAddress address) {
    Object client = ClientNetwork.of(address, ClientNetwork.DEFAULT_IPV6_PREFIX);
    open.removeIf(one -> !one.connection().isOpen());
    long own = open.stream().filter(one -> one.client().equals(client)).count();
    return open.size() < MOST && own < MOST_OF_ONE && open.add(new Entered(connection, client));
  }
}
