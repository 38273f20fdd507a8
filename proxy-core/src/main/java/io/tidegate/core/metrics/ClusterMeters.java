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
    if (endpoint == null) {
      return others; // perhaps not for long: it may have just come
    }
    IdentityHashMap<Destination, AttemptMeters> longer =
        found.size() < 2 * MOST_ENDPOINTS ? new IdentityHashMap<>(found) : new IdentityHashMap<>();
    longer.put(destination, endpoint.attempts);
    found = longer;
    return endpoint.attempts;
  }

  /** These are its endpoints from now on. */
  synchronized void update(List<EndpointFigures> now) {
    Set<String> names = now.stream().map(EndpointFigures::name).collect(Collectors.toSet());
    found = new IdentityHashMap<>();
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

  private final class EndpointMeters {
    private final AttemptMeters attempts;
    private final List<Meter> states = new ArrayList<>();

    EndpointMeters(String endpoint) {
      this.attempts = new AttemptMeters(meters, name, endpoint);
      states.add(
          meters.gauge(
              Names.ENDPOINT_ACTIVE,
              "Requests that the endpoint is serving",
              null,
              gauges,
              seen -> seen.active(name, endpoint),
              Names.CLUSTER,
              name,
              Names.ENDPOINT,
              endpoint));
      STATES.forEach(state -> states.add(stateGauge(endpoint, state)));
    }

    private Meter stateGauge(String endpoint, String state) {
      return meters.gauge(
          Names.ENDPOINT_STATE,
          "1 for the state that the endpoint is in, 0 for the others",
          null,
          gauges,
          seen -> seen.isIn(state, name, endpoint),
          Names.CLUSTER,
          name,
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
