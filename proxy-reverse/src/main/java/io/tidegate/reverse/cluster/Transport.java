package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Destination;
import org.jspecify.annotations.Nullable;

/** How the endpoints of a cluster are spoken to. */
@FunctionalInterface
public interface Transport {
  /**
   * The endpoint at {@code place}, and how it is spoken to.
   *
   * @param serverName the host to ask for in TLS; null for what the cluster says
   */
  Destination to(Destination place, @Nullable String serverName);
}
