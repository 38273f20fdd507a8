package io.tidegate.core.spi;

import org.jspecify.annotations.Nullable;

/** Finds out where a request goes. Pure: it must not block, and no name is looked up here. */
@FunctionalInterface
public interface DestinationResolver {
  /** The route of {@code request}, or why there is none. */
  Resolution resolve(ClientRequest request);

  /**
   * Where the connection of a TLS client goes that is passed on undecrypted, for the host that it
   * wants; null if TLS is spoken with it here.
   *
   * @param serverName the host, in lower case without a dot at its end
   * @return resolves the one request that stands for such a connection: CONNECT for the host
   */
  default @Nullable DestinationResolver passthrough(String serverName) {
    return null;
  }
}
