package io.tidegate.core.metrics;

import io.micrometer.core.instrument.Meter;
import io.tidegate.core.cache.CacheStatistics;
import io.tidegate.core.figures.CacheFigures;
import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.figures.ClusterFigures.EndpointFigures;
import io.tidegate.core.figures.ProxyFigures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What can be read off the figures of a proxy. They are asked for once for all that is read
 * together, as one who collects meters does.
 */
final class Gauges {
  private static final long TOGETHER_NANOS = 10_000_000;

  private final OwnMeters meters;
  private final Supplier<ProxyFigures> figures;
  private final List<Meter> ofCache = new ArrayList<>();
  private volatile Reading last;

  private static final class Reading {
    private final ProxyFigures figures;
    private final long at;
    private final Map<String, ClusterFigures> clusters = new HashMap<>();
    private final Map<String, Map<String, EndpointFigures>> endpoints = new HashMap<>();

    Reading(ProxyFigures figures, long at) {
      this.figures = figures;
      this.at = at;
      for (ClusterFigures cluster : figures.clusters()) {
        clusters.put(cluster.name(), cluster);
        Map<String, EndpointFigures> members = new HashMap<>();
        cluster.endpoints().forEach(one -> members.put(one.name(), one));
        endpoints.put(cluster.name(), members);
      }
    }
  }

  Gauges(OwnMeters meters, Supplier<ProxyFigures> figures) {
    this.meters = meters;
    this.figures = figures;
    this.last = new Reading(figures.get(), meters.now());
    registerConnections();
  }

  /** Whether there is a cache from now on: it may come and go with other settings. */
  void updateCache(boolean present) {
    if (!present) {
      ofCache.forEach(meters::remove);
      ofCache.clear();
    } else if (ofCache.isEmpty()) {
      registerCache();
    }
  }

  private void registerConnections() {
    gauge(
        Names.ACTIVE_REQUESTS, "Requests of clients under way", f -> f.clients().activeRequests());
    gauge(Names.CLIENT_CONNECTIONS, "Connections of clients", f -> f.clients().connections());
    gauge(Names.TUNNELS, "Tunnels", f -> f.clients().tunnels());
    String connections = "Connections to upstreams";
    String state = "http.connection.state";
    gauge(
        Names.UPSTREAM_CONNECTIONS,
        connections,
        f -> f.upstreams().connections() - f.upstreams().resting(),
        state,
        "active");
    gauge(Names.UPSTREAM_CONNECTIONS, connections, f -> f.upstreams().resting(), state, "idle");
    gauge(
        Names.PENDING, "Requests that wait for a connection", f -> f.upstreams().pendingRequests());
    gauge(Names.LOOKUPS_ACTIVE, "Names being looked up", f -> f.upstreams().lookups());
    counter(Names.LOOKUPS, "Names looked up", f -> f.upstreams().lookupsMade());
    octets(Names.BUFFERED, f -> f.buffered().memoryBytes(), "where", "memory");
    octets(Names.BUFFERED, f -> f.buffered().fileBytes(), "where", "file");
    counter(Names.UNLOGGED, "Exchanges that listeners could not keep up with", f -> f.unlogged());
  }

  private void registerCache() {
    ofCache.add(
        gauge(Names.CACHE_ENTRIES, "Stored responses", f -> ofCache(f, CacheFigures::entries)));
    ofCache.add(octets(Names.CACHE_SIZE, f -> ofCache(f, CacheFigures::bytes)));
    requests("hit", CacheStatistics::hits);
    requests("validated", CacheStatistics::validated);
    requests("miss", CacheStatistics::misses);
    requests("passed", CacheStatistics::passed);
    responses("stored", CacheStatistics::stored);
    responses("too_long", CacheStatistics::tooLong);
    responses("evicted", CacheStatistics::evicted);
    responses("invalidated", CacheStatistics::invalidated);
  }

  private void requests(String result, ToDoubleFunction<CacheStatistics> count) {
    ofCache.add(
        counter(
            Names.CACHE_REQUESTS,
            "Requests that the cache had a part in",
            f -> ofCache(f, cache -> count.applyAsDouble(cache.statistics())),
            "result",
            result));
  }

  private void responses(String event, ToDoubleFunction<CacheStatistics> count) {
    ofCache.add(
        counter(
            Names.CACHE_RESPONSES,
            "What became of responses in the cache",
            f -> ofCache(f, cache -> count.applyAsDouble(cache.statistics())),
            "event",
            event));
  }

  private Meter gauge(
      String name, String description, ToDoubleFunction<ProxyFigures> value, String... tags) {
    return meters.gauge(name, description, null, this, seen -> seen.read(value), tags);
  }

  private Meter octets(String name, ToDoubleFunction<ProxyFigures> value, String... tags) {
    return meters.gauge(name, "Octets kept", "bytes", this, seen -> seen.read(value), tags);
  }

  private Meter counter(
      String name, String description, ToDoubleFunction<ProxyFigures> count, String... tags) {
    return meters.counter(name, description, this, seen -> seen.read(count), tags);
  }

  private static double ofCache(ProxyFigures figures, ToDoubleFunction<CacheFigures> value) {
    return figures.cache().map(value::applyAsDouble).orElse(0.0);
  }

  private double read(ToDoubleFunction<ProxyFigures> value) {
    return value.applyAsDouble(reading().figures);
  }

  /** Requests that wait for an endpoint of a cluster. */
  double waiting(String cluster) {
    ClusterFigures found = reading().clusters.get(cluster);
    return found == null ? 0 : found.waitingRequests();
  }

  /** Requests that an endpoint is serving. */
  double active(String cluster, String endpoint) {
    EndpointFigures found = endpoint(cluster, endpoint);
    return found == null ? 0 : found.activeRequests();
  }

  /** 1 if an endpoint is in this state, else 0. */
  double isIn(String state, String cluster, String endpoint) {
    EndpointFigures found = endpoint(cluster, endpoint);
    return found != null && found.state().equals(state) ? 1 : 0;
  }

  private @Nullable EndpointFigures endpoint(String cluster, String endpoint) {
    return reading().endpoints.getOrDefault(cluster, Map.of()).get(endpoint);
  }

  private Reading reading() {
    Reading known = last;
    long now = meters.now();
    if (now - known.at >= TOGETHER_NANOS) {
      known = new Reading(figures.get(), now);
      last = known;
    }
    return known;
  }
}
