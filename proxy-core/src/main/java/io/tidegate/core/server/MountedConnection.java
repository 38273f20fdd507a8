package io.tidegate.core.server;

import io.undertow.server.ServerConnection;
import io.undertow.util.AttachmentKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The exchanges under way on one connection (several on HTTP/2), told when it is gone. */
final class MountedConnection implements ServerConnection.CloseListener {
  private static final AttachmentKey<MountedConnection> KEY =
      AttachmentKey.create(MountedConnection.class);

  private final Set<MountedExchange> exchanges = ConcurrentHashMap.newKeySet();

  private MountedConnection() {}

  /** The one of {@code connection}; for its IO thread. */
  static MountedConnection of(ServerConnection connection) {
    MountedConnection mounted = connection.getAttachment(KEY);
    if (mounted == null) {
      mounted = new MountedConnection();
      connection.putAttachment(KEY, mounted);
      connection.addCloseListener(mounted);
    }
    return mounted;
  }

  void add(MountedExchange exchange) {
    exchanges.add(exchange);
  }

  void remove(MountedExchange exchange) {
    exchanges.remove(exchange);
  }

  /** Called on whatever thread has closed the connection. */
  @Override
  public void closed(ServerConnection connection) {
    exchanges.forEach(MountedExchange::gone);
  }
}
