package io.tidegate.forward.quota;

import io.tidegate.core.limit.ClientNetwork;
import io.tidegate.core.spi.ClientRequest;
import java.net.InetAddress;

/** Which requests a quota counts together. */
public enum QuotaKey {
  /** All that it is about. */
  ALL,
  /** Those of one user; of clients that nobody knows the name of, those of one address. */
  USER,
  /** Those of one client address; of IPv6 those of a /64, which is one site's network. */
  CLIENT;

  /** What {@code request} is counted by. */
  Object of(ClientRequest request) {
    return switch (this) {
      case ALL -> "";
      case USER -> request.user().isEmpty() ? network(request) : request.user();
      case CLIENT -> network(request);
    };
  }

  private static Object network(ClientRequest request) {
    InetAddress client = request.clientAddress().getAddress();
    return client == null ? "" : ClientNetwork.of(client, ClientNetwork.DEFAULT_IPV6_PREFIX);
  }
}
