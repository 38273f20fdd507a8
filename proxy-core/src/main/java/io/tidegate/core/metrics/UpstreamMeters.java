package io.tidegate.core.metrics;

import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeListener.Attempt;
import io.tidegate.core.spi.Parent;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The attempts to get responses from upstreams, by where they went. That is an endpoint, or a
 * parent proxy: these are chosen by whoever runs the proxy. What a client chooses is no tag.
 */
final class UpstreamMeters {
  private static final int MOST_PARENTS = 100;

  private final OwnMeters meters;
  private final Gauges gauges;
  private final Map<String, ClusterMeters> clusters = new ConcurrentHashMap<>();
  private final Map<Parent, AttemptMeters> parents = new ConcurrentHashMap<>();
  private final AttemptMeters others;
  private final AttemptMeters ofGone;

  UpstreamMeters(OwnMeters meters, Gauges gauges) {
    this.meters = meters;
    this.gauges = gauges;
    this.others = new AttemptMeters(meters, Words.NONE, Words.NONE);
    this.ofGone = new AttemptMeters(meters, Words.OTHER, Words.OTHER);
  }

  void record(Attempt attempt) {
    String cluster = attempt.route().clusterName();
    Destination destination = attempt.destination();
    AttemptMeters found = cluster.isEmpty() ? parent(destination) : endpoint(cluster, destination);
    found.record(attempt);
  }

  private AttemptMeters parent(Destination destination) {
    Parent parent = destination.path().parent();
    if (parent == null) {
      return others;
    }
    AttemptMeters found = parents.get(parent);
    if (found != null) {
      return found;
    }
    if (parents.size() >= MOST_PARENTS) {
      return others;
    }
    return parents.computeIfAbsent(
        parent, key -> new AttemptMeters(meters, Words.NONE, key.toString()));
  }

  /** An attempt may end after its cluster, or before it is known that the cluster has come. */
  private AttemptMeters endpoint(String cluster, Destination destination) {
    ClusterMeters found = clusters.get(cluster);
    return found == null ? ofGone : found.of(destination);
  }

  /** These are the clusters from now on: what is about others, or their endpoints, is removed. */
  synchronized void update(Collection<ClusterFigures> now) {
    Set<String> names = new HashSet<>();
    for (ClusterFigures cluster : now) {
      names.add(cluster.name());
      clusters
          .computeIfAbsent(cluster.name(), key -> new ClusterMeters(meters, gauges, key))
          .update(cluster.endpoints());
    }
    clusters
        .values()
        .removeIf(
            cluster -> {
              boolean gone = !names.contains(cluster.name());
              if (gone) {
                cluster.remove();
              }
              return gone;
            });
  }
}
