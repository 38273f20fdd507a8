package io.tidegate.core.metrics;

import io.micrometer.core.instrument.Meter;
import io.tidegate.core.figures.ClusterFigures.EndpointFigures;
import io.tidegate.core.spi.Destination;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A cluster and its endpoints. A discovery may bring ever new ones: only so many have meters of
 * their own, and those that leave the cluster lose them.
 */
final class ClusterMeters {
  private static final int MOST_ENDPOINTS = 100;
  private static final List<String> STATES = List.of("healthy", "ejected", "down", "draining");

  private final OwnMeters meters;
  private final Gauges gauges;
  private final String name;
  private final Meter waiting;
  private final AttemptMeters others;
  private final Map<String, EndpointMeters> endpoints = new HashMap<>();

  /*
   * An endpoint gives each exchange the same object for a destination, so that it is found without
   * comparing names. Never changed, but replaced by a longer one: reading takes no lock.
   */
  private volatile IdentityHashMap<Destination, AttemptMeters> found = new IdentityHashMap<>();

  private int mostFound = 2 * MOST_ENDPOINTS;

  ClusterMeters(OwnMeters meters, Gauges gauges, String name) {
    this.meters = meters;
    this.gauges = gauges;
    this.name = name;
    this.others = new AttemptMeters(meters, name, Words.OTHER);
    this.waiting =
        meters.gauge(
            Names.CLUSTER_WAITING,
            "Requests that wait until an endpoint has room",
            null,
            gauges,
            seen -> seen.waiting(name),
            Names.CLUSTER,
            name);
  }

  String name() {
    return name;
  }

  AttemptMeters of(Destination destination) {
    AttemptMeters known = found.get(destination);
    return known == null ? find(destination) : known;
  }

  private synchronized AttemptMeters find(Destination destination) {
    EndpointMeters endpoint = endpoints.get(destination.name());
    AttemptMeters its = endpoint == null ? others : endpoint.attempts;
    IdentityHashMap<Destination, AttemptMeters> longer =
        found.size() < mostFound ? new IdentityHashMap<>(found) : new IdentityHashMap<>();
    longer.put(destination, its);
    found = longer;
    return its;
  }

  /** These are its endpoints from now on. */
  synchronized void update(List<EndpointFigures> now) {
    Set<String> names = now.stream().map(EndpointFigures::name).collect(Collectors.toSet());
    found = new IdentityHashMap<>();
    mostFound = 2 * Math.max(MOST_ENDPOINTS, now.size());
    endpoints
        .entrySet()
        .removeIf(
            known -> {
              boolean gone = !names.contains(known.getKey());
              if (gone) {
                known.getValue().remove();
              }
              return gone;
            });
    for (EndpointFigures one : now) {
      if (endpoints.size() < MOST_ENDPOINTS) {
        endpoints.computeIfAbsent(one.name(), EndpointMeters::new);
      }
    }
  }

  /** The cluster is gone. */
  synchronized void remove() {
    update(List.of());
    others.remove();
    meters.remove(waiting);
  }

  /** The values of its gauges hold names alone: the registry would keep all else alive. */
  private final class EndpointMeters {
    private final AttemptMeters attempts;
    private final List<Meter> states = new ArrayList<>();

    EndpointMeters(String endpoint) {
      String cluster = name;
      this.attempts = new AttemptMeters(meters, cluster, endpoint);
      states.add(
          meters.gauge(
              Names.ENDPOINT_ACTIVE,
              "Requests that the endpoint is serving",
              null,
              gauges,
              seen -> seen.active(cluster, endpoint),
              Names.CLUSTER,
              cluster,
              Names.ENDPOINT,
              endpoint));
      STATES.forEach(state -> states.add(stateGauge(endpoint, state)));
    }

    private Meter stateGauge(String endpoint, String state) {
      String cluster = name;
      return meters.gauge(
          Names.ENDPOINT_STATE,
          "1 for the state that the endpoint is in, 0 for the others",
          null,
          gauges,
          seen -> seen.isIn(state, cluster, endpoint),
          Names.CLUSTER,
          cluster,
          Names.ENDPOINT,
          endpoint,
          "state",
          state);
    }

    void remove() {
      attempts.remove();
      states.forEach(meters::remove);
    }
  }
}
