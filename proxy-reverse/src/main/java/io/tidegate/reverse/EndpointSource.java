package io.tidegate.reverse;

import java.util.List;
import java.util.function.Consumer;

/**
 * Tells which endpoints a cluster has, now and whenever that changes: a discovery service, a file
 * that is watched.
 */
@FunctionalInterface
public interface EndpointSource {
  /**
   * The proxy has started: from now on {@code endpoints} is told the complete list, on any thread,
   * as often as it changes. Called on an IO thread, and must not block.
   *
   * <p>Endpoints that stay keep their connections and what is known about them; those that are
   * missing get no new requests and are gone when those under way have ended. An empty list leaves
   * none.
   *
   * @return ends it, when the proxy stops
   */
  Runnable start(Consumer<List<EndpointSettings>> endpoints);
}
