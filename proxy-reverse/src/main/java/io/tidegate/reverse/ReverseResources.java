package io.tidegate.reverse;

import io.tidegate.core.admin.AdminRequest;
import io.tidegate.core.admin.AdminResource;
import io.tidegate.core.admin.FigureRecorder;
import io.tidegate.core.admin.TotalFigures;
import io.tidegate.reverse.cluster.EndpointStatus;
import io.tidegate.reverse.health.EndpointState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the admin listener tells of a reverse proxy, and does with it. */
final class ReverseResources {
  private static final String AT = " at ";

  private final ReverseProxy proxy;
  private final FigureRecorder figures;

  ReverseResources(ReverseProxy proxy, FigureRecorder figures) {
    this.proxy = proxy;
    this.figures = figures;
  }

  List<AdminResource> all() {
    return List.of(
        AdminResource.get("/v1/routes", "the routes and what they had", asked -> routes()),
        AdminResource.get("/v1/clusters", "the clusters and their endpoints", asked -> clusters()),
        AdminResource.post("/v1/endpoints/drain", "gives an endpoint no requests", this::drain),
        AdminResource.post("/v1/endpoints/resume", "gives it requests again", this::resume),
        AdminResource.question("/v1/explain", "what would become of a request", this::explain));
  }

  /**
   * A route.
   *
   * @param name what logs and metrics call it
   * @param clusters the clusters it leads to; none if the proxy answers itself
   * @param figures what it had
   */
  record ShownRoute(String name, List<String> clusters, TotalFigures figures) {}

  private Object routes() {
    Map<String, TotalFigures> counted = figures.routes();
    return Map.of(
        "routes",
        proxy.routes().stream()
            .map(
                route ->
                    new ShownRoute(
                        route.name(),
                        route.clusters(),
                        counted.getOrDefault(route.name(), TotalFigures.NONE)))
            .toList());
  }

  /**
   * A cluster.
   *
   * @param name its name
   * @param endpoints its endpoints
   */
  record ShownCluster(String name, List<ShownEndpoint> endpoints) {}

  /**
   * An endpoint.
   *
   * @param endpoint its URI, and its address if it is one of several of a name
   * @param uri its URI, by which it is drained
   * @param weight its share of the requests
   * @param state whether it gets requests
   * @param reason why it does not; otherwise empty
   * @param activeRequests how many requests it is serving
   * @param figures what it had
   */
  record ShownEndpoint(
      String endpoint,
      String uri,
      int weight,
      EndpointState state,
      String reason,
      int activeRequests,
      TotalFigures figures) {}

  private Object clusters() {
    return Map.of("clusters", proxy.clusters().stream().map(this::shown).toList());
  }

  private ShownCluster shown(ClusterControl cluster) {
    Map<String, TotalFigures> counted = figures.endpoints(cluster.name());
    return new ShownCluster(
        cluster.name(), cluster.endpoints().stream().map(one -> shown(one, counted)).toList());
  }

  private static ShownEndpoint shown(EndpointStatus status, Map<String, TotalFigures> counted) {
    String name = status.endpoint();
    int at = name.indexOf(AT);
    return new ShownEndpoint(
        name,
        at < 0 ? name : name.substring(0, at),
        status.weight(),
        status.state(),
        status.reason(),
        status.activeRequests(),
        counted.getOrDefault(name, TotalFigures.NONE));
  }

  /**
   * An endpoint of a cluster.
   *
   * @param cluster the name of the cluster
   * @param endpoint the URI of the endpoint; of a name with several addresses, all are meant
   * @param sessions whether clients that are kept with it still get there while it drains
   */
  record Named(String cluster, String endpoint, boolean sessions) {
    static final Named NONE = new Named("", "", false);
  }

  private Object drain(AdminRequest request) {
    Named named = request.content(Named.NONE);
    ClusterControl cluster = proxy.cluster(named.cluster());
    if (named.sessions()) {
      forget(cluster.drainButSessions(named.endpoint()));
    } else {
      forget(cluster.drain(named.endpoint()));
    }
    return shown(cluster);
  }

  /** When the last request has ended is told by an event. */
  private static void forget(CompletionStage<Void> drained) {
    drained.exceptionally(resumed -> null);
  }

  private Object resume(AdminRequest request) {
    Named named = request.content(Named.NONE);
    ClusterControl cluster = proxy.cluster(named.cluster());
    cluster.resume(named.endpoint());
    return shown(cluster);
  }

  /**
   * A request that nobody makes.
   *
   * @param method its method
   * @param uri an absolute http or https URI
   * @param client the address of the client; empty for 127.0.0.1
   * @param fields its fields
   */
  record Described(String method, String uri, Optional<String> client, Map<String, String> fields) {
    static final Described NONE = new Described("GET", "", Optional.empty(), Map.of());
  }

  private Object explain(AdminRequest request) {
    Described said = request.content(Described.NONE);
    RequestDescription described = RequestDescription.of(said.method(), said.uri());
    for (Map.Entry<String, String> field : said.fields().entrySet()) {
      described = described.field(field.getKey(), field.getValue());
    }
    if (said.client().isPresent()) {
      described = described.client(said.client().get());
    }
    return proxy.explain(described);
  }
}
