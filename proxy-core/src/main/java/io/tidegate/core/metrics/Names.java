package io.tidegate.core.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/**
 * The names of meters, observations and tags: those of OpenTelemetry for HTTP where there is one.
 */
final class Names {
  static final String REQUEST_DURATION = "http.server.request.duration";
  static final String REQUEST = "http.server.request";
  static final String REQUEST_SIZE = "http.server.request.body.size";
  static final String RESPONSE_SIZE = "http.server.response.body.size";
  static final String ACTIVE_REQUESTS = "http.server.active_requests";
  static final String ATTEMPT_DURATION = "http.client.request.duration";
  static final String ATTEMPT = "http.client.request";
  static final String UPSTREAM_CONNECTIONS = "http.client.open_connections";

  static final String TUNNEL_DURATION = "tidegate.tunnel.duration";
  static final String TUNNEL_RECEIVED = "tidegate.tunnel.received";
  static final String TUNNEL_SENT = "tidegate.tunnel.sent";
  static final String TUNNELS = "tidegate.tunnel.active";
  static final String CLIENT_CONNECTIONS = "tidegate.client.connections";
  static final String PENDING = "tidegate.upstream.pending";
  static final String LOOKUPS = "tidegate.dns.lookups";
  static final String LOOKUPS_ACTIVE = "tidegate.dns.active";
  static final String BUFFERED = "tidegate.buffered";
  static final String CACHE_ENTRIES = "tidegate.cache.entries";
  static final String CACHE_SIZE = "tidegate.cache.size";
  static final String CACHE_REQUESTS = "tidegate.cache.requests";
  static final String CACHE_RESPONSES = "tidegate.cache.responses";
  static final String CLUSTER_WAITING = "tidegate.cluster.waiting";
  static final String ENDPOINT_ACTIVE = "tidegate.endpoint.active";
  static final String ENDPOINT_STATE = "tidegate.endpoint.state";
  static final String UNLOGGED = "tidegate.unlogged";

  static final String METHOD = "http.request.method";
  static final String ROUTE = "http.route";
  static final String STATUS_CLASS = "http.response.status_class";
  static final String ERROR = "error.type";
  static final String CACHE = "cache";
  static final String CLUSTER = "cluster";
  static final String ENDPOINT = "endpoint";

  /** Of observations alone: each request may have others. */
  static final String STATUS = "http.response.status_code";

  static final String SCHEME = "url.scheme";
  static final String PATH = "url.path";
  static final String SERVER = "server.address";

  private Names() {}

  static void record(Timer timer, long nanos) {
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }
}
