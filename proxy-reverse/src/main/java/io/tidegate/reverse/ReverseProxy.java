package io.tidegate.reverse;

import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.ProxySettings;
import io.tidegate.core.admin.AdminResource;
import io.tidegate.core.admin.FigureRecorder;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.json.JsonDocument;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.Route;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.tidegate.reverse.Explanation.Refusal;
import io.tidegate.reverse.Explanation.Refuser;
import io.tidegate.reverse.cluster.ClusterExplanation;
import io.tidegate.reverse.cluster.ClusterListener;
import io.tidegate.reverse.protect.ProtectionBuilder;
import io.tidegate.reverse.protect.ProtectionSettings;
import io.tidegate.reverse.rewrite.UpstreamHost;
import io.tidegate.reverse.route.AmbiguousPaths;
import io.tidegate.reverse.route.RouteTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A reverse proxy: takes requests on behalf of servers and routes them to clusters of endpoints.
 */
public final class ReverseProxy extends Proxy {
  /** What has been said so far; for whoever reloads. */
  private Builder builder;

  private volatile Serving serving;

  /** What it serves at one moment, in the order of the settings. */
  private record Serving(
      ReverseProxySettings settings,
      RouteTable table,
      Map<String, ClusterControl.Controlled> clusters) {}

  private ReverseProxy(Parts parts, Serving serving, Builder builder) {
    super(parts);
    this.serving = serving;
    this.builder = builder;
  }

  /**
   * Serves by {@code settings} from now on: exchanges that begin later go by them, those under way
   * end as they have begun. What was said on the builder and is no part of settings stays: load
   * balancers, endpoint sources and filters belong to the cluster or route of the same name, and
   * come back with it. A cluster is told by its name, and so are endpoints by where they are: those
   * that stay keep their health, drains and requests under way; endpoints that the application or a
   * source has added stay. It blocks, as files are read: not for an IO thread.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that is wrong; then
   *     nothing has changed
   * @throws IllegalStateException if the proxy has been stopped
   */
  public void reload(ReverseProxySettings settings) {
    reload(() -> parts(settings));
  }

  /**
   * {@linkplain #reload(ReverseProxySettings) Reloads} what {@code file} says in JSON, as {@link
   * ReverseProxySettings#fromJson(Path)} reads it, now unless that is what it goes by, and whenever
   * it changes, or a file of a secret that it names: they are looked at once a second as long as
   * the proxy runs. A file that is wrong changes nothing.
   *
   * @return this proxy
   */
  public ReverseProxy watch(Path file) {
    return watch(file, "$", ReverseProxySettings::fromJson);
  }

  /**
   * The same for a file that {@code reader} reads, on a thread that may block; what is wrong with
   * it is an {@link io.tidegate.core.spi.InvalidSettingsException}.
   *
   * @param path where in the file the settings stand, {@code $.reverse}: in front of what turns out
   *     to be wrong with them when they are put to use
   */
  public ReverseProxy watch(Path file, String path, Function<Path, ReverseProxySettings> reader) {
    watch(file, path, () -> reader.apply(file), this::settings, this::parts);
    return this;
  }

  /**
   * {@linkplain #reload(ReverseProxySettings) Reloads} what {@code reader} reads of {@code file}
   * now, by the rules of {@link #watch(Path, String, Function)}, whether that has changed or not.
   */
  public void reload(Path file, String path, Function<Path, ReverseProxySettings> reader) {
    reload(path, () -> reader.apply(file), this::parts);
  }

  @Override
  protected void reload(JsonDocument settings) {
    reload(settings.path(), () -> ReverseProxySettings.fromJson(settings), this::parts);
  }

  private Parts parts(ReverseProxySettings settings) {
    return builder(settings).following(this);
  }

  /** What it was told, but for behaviour. */
  public ReverseProxySettings settings() {
    return serving.settings();
  }

  /** The routes it has, in the order of the settings. */
  public List<RouteStatus> routes() {
    ReverseProxySettings settings = serving.settings();
    return Stream.concat(
            settings.routes().stream().map(RouteStatus::of),
            settings.passthrough().stream().map(RouteStatus::of))
        .toList();
  }

  /** The clusters it has, in the order of the settings, as by {@link #cluster}. */
  public List<ClusterControl> clusters() {
    return serving.clusters().keySet().stream().map(this::control).toList();
  }

  /**
   * The cluster of this name, to look at its endpoints and to change them.
   *
   * @throws IllegalArgumentException if there is none
   */
  public ClusterControl cluster(String name) {
    Set<String> names = serving.clusters().keySet();
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          "cluster: " + name + " (expected: one of " + String.join(", ", names) + ")");
    }
    return control(name);
  }

  @Override
  protected List<AdminResource> adminResources(FigureRecorder figures) {
    return new ReverseResources(this, figures).all();
  }

  @Override
  protected Record shownConfiguration() {
    return settings();
  }

  private ClusterControl control(String name) {
    return new ClusterControl(name, () -> serving.clusters().get(name));
  }

  /**
   * Tells what would become of a request, were it made now. Nothing is sent and nothing is counted:
   * no tokens of rate limits, active requests, turns or statistics. Filters of the application's,
   * the function that divides the cache, and the store are asked as for a request; where chance
   * decides, as in a split, it is one draw. Does not block.
   *
   * @return completes when the store of the cache has answered, on any thread; after {@code
   *     fillTimeout} without its answer; exceptionally if what is asked throws
   */
  public CompletionStage<Explanation> explain(RequestDescription description) {
    return CompletableFuture.completedStage(description).thenCompose(this::explanation);
  }

  private CompletionStage<Explanation> explanation(RequestDescription description) {
    ClientRequest request = description.request();
    String shown = description.toString();
    OwnResponse page = page(request);
    if (page != null) {
      return told(Explanation.answered(shown, Optional.empty(), page));
    }
    Failure refused = refuses(request);
    if (refused != null) {
      return told(Explanation.refused(shown, Optional.empty(), Refusal.of(Refuser.PROXY, refused)));
    }
    RouteTable.Look look = serving.table().look(request);
    if (look.resolution() instanceof Failure failure) {
      Refuser by = look.route().isPresent() ? Refuser.ROUTE : Refuser.ROUTE_TABLE;
      return told(Explanation.refused(shown, look.route(), Refusal.of(by, failure)));
    }
    if (look.resolution() instanceof OwnResponse own) {
      return told(Explanation.answered(shown, look.route(), own));
    }
    return upstream(request, (Route) look.resolution())
        .thenApply(
            upstream ->
                new Explanation(
                    shown,
                    look.route(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.of(upstream)));
  }

  private static CompletionStage<Explanation> told(Explanation explanation) {
    return CompletableFuture.completedStage(explanation);
  }

  private CompletionStage<Explanation.Upstream> upstream(ClientRequest request, Route route) {
    ReverseRoute known =
        route instanceof RewrittenRoute rewritten ? rewritten.route() : (ReverseRoute) route;
    ClusterExplanation cluster =
        known.cluster().explain(request, at -> route.headers().host(request, at));
    String path = RequestTarget.path(route.pathAndQuery(request));
    boolean authorized = route.authorization() != null;
    return explainCache(request, route)
        .thenApply(cache -> new Explanation.Upstream(path, authorized, cluster, cache));
  }

  @Override
  protected List<ClusterFigures> clusterFigures() {
    return serving.clusters().values().stream().map(one -> one.cluster().figures()).toList();
  }

  @Override
  protected List<String> routeNames() {
    return routes().stream().map(RouteStatus::name).toList();
  }

  @Override
  public ReverseProxy start() {
    super.start();
    return this;
  }

  /** Describes a reverse proxy. It listens on all addresses unless told otherwise. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from what {@code settings} say. */
  public static Builder builder(ReverseProxySettings settings) {
    return new Builder().settings(settings);
  }

  /** Describes a reverse proxy; see {@link Routes} for which route gets a request. */
  public static final class Builder extends ProxyBuilder<Builder> {
    private final List<ClusterBuilder> clusters = new ArrayList<>();
    private final List<RouteBuilder> routes = new ArrayList<>();
    private final List<ClusterListener> clusterListeners = new ArrayList<>();

    /** What builders before this one were told. */
    private Behaviour taken = Behaviour.NONE;

    /** What {@link #plugins} has made of them. */
    private @Nullable Serving made;

    private ForwardedMode forwarded = ReverseProxySettings.DEFAULT_FORWARDED;
    private final List<String> trustedClients = new ArrayList<>();
    private Supplier<UpstreamHost> upstreamHost = () -> ReverseProxySettings.DEFAULT_UPSTREAM_HOST;
    private final ProtectionBuilder protection = new ProtectionBuilder();
    private final List<Supplier<PassthroughSettings>> passthrough = new ArrayList<>();

    private final HttpsBuilder https = new HttpsBuilder();
    private AmbiguousPaths ambiguousPaths = ReverseProxySettings.DEFAULT_AMBIGUOUS_PATHS;

    private Builder() {
      buffering(told -> told.settings(BufferingSettings.REVERSE));
    }

    /** Adds a cluster: endpoints that serve the same requests. */
    public Builder cluster(String name, Consumer<ClusterBuilder> details) {
      ClusterBuilder cluster = new ClusterBuilder(name);
      details.accept(cluster);
      clusters.add(cluster);
      return this;
    }

    /** Sends requests for paths that match {@code path}, on any host, to {@code cluster}. */
    public Builder route(String path, String cluster) {
      return route(Routes.path(path), route -> route.to(cluster));
    }

    /** Adds a route for the requests that {@code match} describes. */
    public Builder route(RouteMatch match, Consumer<RouteBuilder> details) {
      RouteBuilder route = new RouteBuilder(match);
      details.accept(route);
      routes.add(route);
      return this;
    }

    /** Tells {@code listener} what changes about the endpoints of clusters. */
    public Builder clusterListener(ClusterListener listener) {
      clusterListeners.add(listener);
      return this;
    }

    /**
     * Which fields tell upstreams about the client; {@link ForwardedMode#X_FORWARDED} unless
     * called.
     */
    public Builder forwarded(ForwardedMode mode) {
      this.forwarded = mode;
      return this;
    }

    /**
     * Clients, as addresses or ranges like {@code 10.0.0.0/8}, whose Forwarded and X-Forwarded-*
     * are believed and continued: proxies in front of this one. Everyone else's are replaced. None
     * unless called.
     */
    public Builder trustedClients(String... ranges) {
      trustedClients.addAll(List.of(ranges));
      return this;
    }

    /**
     * Sends upstreams the Host that the client asked for, or the endpoint's if the client named
     * none; the default.
     */
    public Builder preserveHost() {
      this.upstreamHost = UpstreamHost.OfClient::new;
      return this;
    }

    /** Sends upstreams the endpoint's own host and port as Host. */
    public Builder endpointHost() {
      this.upstreamHost = UpstreamHost.OfEndpoint::new;
      return this;
    }

    /** Sends upstreams this Host. */
    public Builder host(String name) {
      this.upstreamHost = () -> new UpstreamHost.Named(name);
      return this;
    }

    /**
     * What becomes of paths that servers read in different ways; {@link AmbiguousPaths#SAME_ROUTE}
     * unless called.
     */
    public Builder ambiguousPaths(AmbiguousPaths ambiguousPaths) {
      this.ambiguousPaths = ambiguousPaths;
      return this;
    }

    /**
     * What keeps harm from endpoints and browsers on every route: address lists, limits, filters,
     * CORS, security fields. Repeated calls accumulate.
     */
    public Builder protect(Consumer<ProtectionBuilder> details) {
      details.accept(protection);
      return this;
    }

    /**
     * Passes connections of TLS clients that want the host {@code name}, or one below {@code
     * *.example.com}, on to {@code cluster} undecrypted, on every listener that speaks TLS. What
     * the client and an endpoint say to each other is theirs alone; https and http endpoints are
     * alike. Repeated calls accumulate; an exact host counts before a wildcard, a longer one before
     * others. A listener that does nothing else with TLS needs no certificate: {@code tls(t ->
     * {})}.
     */
    public Builder passthrough(String name, String cluster) {
      passthrough.add(() -> new PassthroughSettings(name, cluster));
      return this;
    }

    /**
     * Redirects requests that came without TLS; short for {@code https(HttpsBuilder::redirect)}.
     */
    public Builder redirectToHttps() {
      return https(HttpsBuilder::redirect);
    }

    /**
     * What is done about https besides speaking it: a redirect, the certificates of clients.
     * Repeated calls accumulate. Strict-Transport-Security is one of the security fields of {@link
     * #protect}.
     */
    public Builder https(Consumer<HttpsBuilder> details) {
      details.accept(https);
      return this;
    }

    /**
     * What this builder was told so far, without behaviour.
     *
     * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
     */
    public ReverseProxySettings settings() {
      Checks checks = new Checks();
      ReverseProxySettings settings = settings(settings(checks), checks);
      checks.done();
      return Objects.requireNonNull(settings);
    }

    @Override
    public ReverseProxy build() {
      Parts parts = parts();
      return new ReverseProxy(parts, Objects.requireNonNull(made), this);
    }

    @Override
    public ReverseProxy start() {
      return build().start();
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected Optional<String> defaultHost() {
      return Optional.empty();
    }

    @Override
    protected CacheSettings defaultCache() {
      return CacheSettings.REVERSE;
    }

    @Override
    protected boolean passesOn() {
      return !passthrough.isEmpty();
    }

    @Override
    protected Plugins plugins(
        ProxySettings settings,
        UpstreamTlsSources tls,
        List<ExchangeListener> listeners,
        Checks checks) {
      ReverseProxySettings reverse = settings(settings, checks);
      boolean takesAnyHost = routes.stream().anyMatch(route -> route.reference().takesAnyHost());
      if (reverse == null) {
        RouteTable none = new RouteTable(List.of(), ambiguousPaths);
        return new Plugins(
            Direction.REVERSE, AccessPolicy.PERMIT_ALL, none, takesAnyHost, listeners, List.of());
      }
      Behaviour own = behaviour();
      Assembly assembly =
          new Assembly(
              reverse,
              own.balancers(),
              told(),
              own.filters(reverse.routes()),
              tls,
              random(),
              System::nanoTime,
              kept(),
              checks);
      RouteTable table = assembly.routeTable();
      made = new Serving(reverse, table, assembly.clusters().controlled());
      return new Plugins(
              Direction.REVERSE,
              assembly.access(),
              assembly.serverNames(table),
              takesAnyHost,
              listeners,
              assembly.clusters().background(own.sources()))
          .with(assembly.pages());
    }

    @Override
    protected void takeOver(ProxyBuilder<?> running) {
      super.takeOver(running);
      Builder before = (Builder) running;
      taken = before.behaviour();
      clusterListeners.addAll(before.clusterListeners);
    }

    /** The parts of {@code running} by what this was told and what stays of what it is. */
    private Parts following(ReverseProxy running) {
      takeOver(running.builder, running);
      Parts parts = parts();
      Serving now = Objects.requireNonNull(made);
      kept()
          .change(
              () -> {
                running.builder = this;
                running.serving = now;
              });
      return parts;
    }

    private Behaviour behaviour() {
      return taken.and(clusters, protection.ownFilters(), routes);
    }

    /** Chance for all IO threads, each with a generator of its own. */
    private static RandomGenerator random() {
      return () -> ThreadLocalRandom.current().nextLong();
    }

    private List<ClusterListener> told() {
      List<ClusterListener> told = new ArrayList<>(clusterListeners);
      told.add(events()::happened);
      return told;
    }

    private @Nullable ReverseProxySettings settings(ProxySettings proxy, Checks checks) {
      Checks parts = new Checks();
      List<ClusterSettings> clusterSettings = new ArrayList<>();
      for (ClusterBuilder cluster : clusters) {
        ClusterSettings one = cluster.settings(parts);
        if (one != null) {
          clusterSettings.add(one);
        }
      }
      List<RouteSettings> routeSettings = new ArrayList<>();
      for (RouteBuilder route : routes) {
        RouteSettings one = route.settings(parts);
        if (one != null) {
          routeSettings.add(one);
        }
      }
      List<PassthroughSettings> passed = new ArrayList<>();
      for (Supplier<PassthroughSettings> one : passthrough) {
        PassthroughSettings good = parts.collect(one);
        if (good != null) {
          passed.add(good);
        }
      }
      List<AddressRange> trusted = AddressRange.parse("trustedClients", trustedClients, parts);
      UpstreamHost host = parts.collect(upstreamHost);
      ProtectionSettings guarded = parts.collect("protect: ", protection::settings);
      HttpsSettings secured = parts.collect("https: ", https::settings);
      if (parts.passed() && host != null && guarded != null && secured != null) {
        return checks.collect(
            () ->
                new ReverseProxySettings(
                    proxy,
                    clusterSettings,
                    routeSettings,
                    forwarded,
                    trusted,
                    host,
                    requestFields(),
                    responseFields(),
                    ambiguousPaths,
                    guarded,
                    passed,
                    secured));
      }
      // A part that was rejected still counts for how the others fit together.
      RouteReference.check(
          parts,
          clusters.stream().map(ClusterBuilder::name).toList(),
          routes.stream().map(RouteBuilder::reference).toList());
      RouteSettings.checkRules(parts, "requestField", requestFields());
      RouteSettings.checkRules(parts, "responseField", responseFields());
      checks.collect(
          () -> {
            parts.done();
            return parts;
          });
      return null;
    }

    private Builder settings(ReverseProxySettings settings) {
      startFrom(settings.proxy());
      for (ClusterSettings one : settings.clusters()) {
        cluster(
            one.name(),
            cluster -> {
              one.endpoints()
                  .forEach(e -> cluster.endpoint(e.uri(), endpoint -> endpoint.settings(e)));
              cluster.loadBalancer(one.loadBalancer());
              cluster.settings(one);
            });
      }
      for (RouteSettings one : settings.routes()) {
        route(one.match(), route -> route.settings(one));
      }
      forwarded(settings.forwarded());
      settings.trustedClients().forEach(range -> trustedClients(range.toString()));
      upstreamHost = settings::upstreamHost;
      ambiguousPaths(settings.ambiguousPaths());
      requestFields().addAll(settings.requestFields());
      responseFields().addAll(settings.responseFields());
      protection.settings(settings.protection());
      settings.passthrough().forEach(one -> passthrough(one.name(), one.cluster()));
      https.settings(settings.https());
      return this;
    }
  }
}
