package io.tidegate.reverse.cluster;

/**
 * Told what changes about the endpoints of clusters: of each cluster one event after the other, in
 * their order, on any thread, IO threads among them. It must not block.
 */
@FunctionalInterface
public interface ClusterListener {
  /** This has happened. */
  void happened(ClusterEvent event);
}
