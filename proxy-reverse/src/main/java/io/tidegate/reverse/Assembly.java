package io.tidegate.reverse;

import io.tidegate.core.cache.KeyPolicy;
import io.tidegate.core.coding.Compression;
import io.tidegate.core.header.ClientCertificateFields;
import io.tidegate.core.header.FieldRule;
import io.tidegate.core.header.FieldRules;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.Authority;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.Authorization;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.Mirroring;
import io.tidegate.core.spi.OwnPages;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.cluster.ClusterListener;
import io.tidegate.reverse.cluster.EndpointUri;
import io.tidegate.reverse.protect.OwnFilters;
import io.tidegate.reverse.protect.Protection;
import io.tidegate.reverse.protect.RouteProtection;
import io.tidegate.reverse.resilience.FallbackSettings;
import io.tidegate.reverse.resilience.HedgeSettings;
import io.tidegate.reverse.resilience.Hedges;
import io.tidegate.reverse.resilience.Resilience;
import io.tidegate.reverse.resilience.ResilienceSettings;
import io.tidegate.reverse.resilience.Retries;
import io.tidegate.reverse.resilience.RetryBudget;
import io.tidegate.reverse.rewrite.PathMapping;
import io.tidegate.reverse.rewrite.PathRewrite;
import io.tidegate.reverse.rewrite.PrefixMapping;
import io.tidegate.reverse.rewrite.RegexMapping;
import io.tidegate.reverse.rewrite.RouteHeaders;
import io.tidegate.reverse.rewrite.TemplateMapping;
import io.tidegate.reverse.rewrite.UrlSpace;
import io.tidegate.reverse.route.HostPattern;
import io.tidegate.reverse.route.PathTemplate;
import io.tidegate.reverse.route.RouteAction;
import io.tidegate.reverse.route.RouteEntry;
import io.tidegate.reverse.route.RouteTable;
import io.tidegate.reverse.route.RouteTarget;
import io.tidegate.reverse.route.ServerNames;
import io.tidegate.reverse.route.SplitTarget;
import io.tidegate.reverse.traffic.AuthorizationQuestions;
import io.tidegate.reverse.traffic.AuthorizationSettings;
import io.tidegate.reverse.traffic.MirrorSettings;
import io.tidegate.reverse.traffic.Mirrors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns settings, which have been checked, into the objects that serve requests: routes, and with
 * {@link ClusterAssembly} the clusters behind them.
 */
final class Assembly {
  private static final HostPattern ANY_HOST =
      Objects.requireNonNull(HostPattern.parse(RouteSettings.ANY_HOST));
  private static final PathTemplate ANY_PATH =
      Objects.requireNonNull(PathTemplate.parse(RouteSettings.ANY_PATH));

  private final ReverseProxySettings settings;
  private final RandomGenerator random;
  private final ForwardedFields forwarded;
  private final ClientCertificateFields clientCertificates;
  private final OwnFilters ownFilters;
  private final Protection protection;
  private final Kept kept;
  private final ClusterAssembly clusters;
  private final UrlSpace urls = new UrlSpace();

  /** What the state of hedging belongs to. */
  private record HedgePlace(RouteMatch route, String cluster, HedgeSettings settings) {}

  /**
   * From {@code settings}.
   *
   * @param ownBalancers the load balancers that do not ship, by cluster
   * @param tls makes trust and keys for upstreams
   * @param kept has what serves by the settings before these, if there are any
   * @param checks is told what cannot be read
   */
  Assembly(
      ReverseProxySettings settings,
      Map<String, LoadBalancer> ownBalancers,
      List<ClusterListener> listeners,
      OwnFilters ownFilters,
      UpstreamTlsSources tls,
      RandomGenerator random,
      LongSupplier nanoTime,
      Kept kept,
      Checks checks) {
    this.settings = settings;
    this.kept = kept;
    this.random = random;
    this.forwarded = new ForwardedFields(settings.forwarded(), settings.trustedClients());
    this.clientCertificates = new ClientCertificateFields(settings.https().clientCertificate());
    this.ownFilters = ownFilters;
    this.protection =
        new Protection(
            settings.protection(),
            ownFilters.ofProxy(),
            forwarded,
            Stream.concat(
                    settings.routes().stream().map(Assembly::host),
                    settings.passthrough().stream().map(PassthroughSettings::host))
                .toList(),
            nanoTime,
            kept);
    this.clusters = new ClusterAssembly(forwarded, listeners, random, kept, checks);
    for (ClusterSettings cluster : settings.clusters()) {
      clusters.add(cluster, Optional.ofNullable(ownBalancers.get(cluster.name())), tls);
    }
    fillUrls();
  }

  private void fillUrls() {
    clusters.all().forEach(one -> urls.members(one.settings().name(), one.cluster()::destinations));
    for (ClusterSettings cluster : settings.clusters()) {
      for (EndpointSettings endpoint : cluster.endpoints()) {
        Destination at = Objects.requireNonNull(EndpointUri.parse(endpoint.uri()));
        urls.endpoint(cluster.name(), at.secure(), at.host(), at.port());
      }
      for (String name : cluster.alsoKnownAs()) {
        urls.alias(cluster.name(), Objects.requireNonNull(Authority.parseOrNull(name)));
      }
    }
    // A URL is for everybody: routes that ask for nothing else are preferred.
    Comparator<RouteSettings> fewestConditions =
        Comparator.comparingInt(route -> route.routing().conditions().count());
    for (RouteSettings route : settings.routes().stream().sorted(fewestConditions).toList()) {
      for (String cluster : route.clusters()) {
        urls.way(cluster, way(route));
      }
    }
  }

  private static UrlSpace.Way way(RouteSettings route) {
    HostPattern host = Objects.requireNonNull(HostPattern.parse(route.host()));
    return new UrlSpace.Way(host, path(route), paths(route));
  }

  /** The clusters and what belongs to them. */
  ClusterAssembly clusters() {
    return clusters;
  }

  /** What every request is asked first. */
  AccessPolicy access() {
    return protection.access();
  }

  /** What is answered before a route is looked for. */
  OwnPages pages() {
    return settings
        .https()
        .redirect()
        .<OwnPages>map(to -> new HttpsRedirect(to, settings.proxy().listeners(), forwarded))
        .orElse(OwnPages.NONE);
  }

  RouteTable routeTable() {
    List<RouteEntry> entries = new ArrayList<>();
    for (RouteSettings route : settings.routes()) {
      RouteProtection guard =
          protection.route(route.match(), route.protection(), ownFilters.ofRoute(entries.size()));
      entries.add(entry(route, guard));
    }
    return new RouteTable(entries, settings.ambiguousPaths());
  }

  /** {@code table}, and before it what is passed on undecrypted. */
  DestinationResolver serverNames(RouteTable table) {
    if (settings.passthrough().isEmpty()) {
      return table;
    }
    Map<HostPattern, RouteTarget> targets = new HashMap<>();
    for (PassthroughSettings passed : settings.passthrough()) {
      RouteTarget target = new PassthroughRoute(passed.name(), cluster(passed.cluster()));
      targets.put(passed.host(), protection.limited(target));
    }
    return new ServerNames(table, targets);
  }

  private RouteEntry entry(RouteSettings route, RouteProtection guard) {
    RouteTarget target = guard.guard(target(route, guard));
    return new RouteEntry(
        host(route), path(route), route.routing().conditions(), forwarded, target);
  }

  private static HostPattern host(RouteSettings route) {
    return Objects.requireNonNull(HostPattern.parse(route.host()));
  }

  private static PathTemplate path(RouteSettings route) {
    return Objects.requireNonNull(PathTemplate.parse(route.path()));
  }

  private RouteTarget target(RouteSettings route, RouteProtection guard) {
    RouteAction action = route.routing().action().orElse(null);
    if (action instanceof RouteAction.Redirect redirect) {
      return OwnResponses.redirect(redirect, path(route), responseRules(route));
    }
    if (action instanceof RouteAction.Respond respond) {
      return OwnResponses.fixed(respond, responseRules(route));
    }
    Mirroring mirroring =
        route.traffic().mirror().map(mirror -> mirroring(mirror, route, guard)).orElse(null);
    if (action instanceof RouteAction.Split split) {
      List<RouteTarget> targets = new ArrayList<>();
      split.clusters().forEach(cluster -> targets.add(route(route, guard, cluster, mirroring)));
      return new SplitTarget(split, targets, forwarded, random);
    }
    return route(route, guard, route.cluster(), mirroring);
  }

  private ReverseRoute route(
      RouteSettings route, RouteProtection guard, String cluster, @Nullable Mirroring mirroring) {
    Resilience resilience =
        resilience(
            route.match(),
            route.resilience(),
            guard,
            cluster,
            route.resilience().fallback().map(last -> fallback(last, route, guard)).orElse(null));
    return new ReverseRoute(
        route.match().toString(),
        cluster(cluster),
        paths(route),
        headers(route, guard, cluster),
        resilience,
        route.traffic().authorization().map(asked -> authorization(asked, guard)).orElse(null),
        mirroring,
        compression(route),
        route.buffering().orElse(null),
        cachePartition(route, cluster));
  }

  /**
   * Where the same URL can lead elsewhere for others, what they get is not for each other. A query
   * is a part of the URL only if the cache looks at all of it.
   */
  private String cachePartition(RouteSettings route, String cluster) {
    boolean wholeQuery =
        settings
            .proxy()
            .cache()
            .map(cache -> cache.keys().parameters() == KeyPolicy.Parameters.ALL)
            .orElse(true);
    String others = route.routing().conditions().beyondUri(wholeQuery);
    boolean split = route.routing().action().isPresent();
    return others.isEmpty() && !split ? "" : cluster + others;
  }

  private static PathMapping paths(RouteSettings route) {
    PathRewrite rewrite = route.routing().rewrite().orElse(null);
    if (rewrite instanceof PathRewrite.Regex regex) {
      return new RegexMapping(regex.regex(), regex.replacement());
    }
    if (rewrite instanceof PathRewrite.Template template) {
      PathTemplate upstream = Objects.requireNonNull(PathTemplate.parse(template.template()));
      return new TemplateMapping(path(route), upstream);
    }
    return new PrefixMapping(route.stripPrefix(), route.addPrefix());
  }

  private FieldRules responseRules(RouteSettings route) {
    return rules(settings.responseFields(), route.responseFields());
  }

  private HeaderPolicy headers(RouteSettings route, RouteProtection guard, String cluster) {
    return guard.headers(
        new RouteHeaders(
            route.upstreamHost().orElse(settings.upstreamHost()),
            forwarded,
            clientCertificates,
            urls,
            way(route),
            route.routing().secureCookies(),
            clusters.get(cluster).affinityCookie(),
            rules(settings.requestFields(), route.requestFields()),
            responseRules(route)));
  }

  private Resolution fallback(
      FallbackSettings fallback, RouteSettings route, RouteProtection guard) {
    if (fallback instanceof FallbackSettings.ToCluster to) {
      return besides(to.cluster(), route, guard, route.resilience(), compression(route));
    }
    FallbackSettings.WithResponse with = (FallbackSettings.WithResponse) fallback;
    return OwnResponse.of(
            with.status(), "Content-Type", with.contentType(), "Cache-Control", "no-store")
        .content(with.content());
  }

  private Mirroring mirroring(MirrorSettings mirror, RouteSettings route, RouteProtection guard) {
    Route copies = besides(mirror.cluster(), route, guard, ResilienceSettings.DEFAULT, null);
    return new Mirrors(mirror, copies, random);
  }

  /** The same for another cluster. */
  private ReverseRoute besides(
      String cluster,
      RouteSettings route,
      RouteProtection guard,
      ResilienceSettings resilience,
      @Nullable Compression compression) {
    return new ReverseRoute(
        route.match().toString(),
        cluster(cluster),
        paths(route),
        headers(route, guard, cluster),
        resilience(route.match(), resilience, guard, cluster, null),
        null,
        null,
        compression,
        route.buffering().orElse(null),
        "");
  }

  private Authorization authorization(AuthorizationSettings asked, RouteProtection guard) {
    FieldRules none = FieldRules.of(List.of());
    PrefixMapping prefixes = new PrefixMapping("", "");
    RouteHeaders headers =
        new RouteHeaders(
            settings.upstreamHost(),
            forwarded,
            clientCertificates,
            urls,
            new UrlSpace.Way(ANY_HOST, ANY_PATH, prefixes),
            false,
            Optional.empty(),
            none,
            none);
    Resilience resilience =
        resilience(RouteMatch.ALL, ResilienceSettings.DEFAULT, guard, asked.cluster(), null);
    Route route =
        new ReverseRoute(
            "",
            cluster(asked.cluster()),
            prefixes,
            AuthorizationQuestions.headers(headers),
            resilience,
            null,
            null,
            null,
            null,
            "");
    return new AuthorizationQuestions(asked, route);
  }

  private Resilience resilience(
      RouteMatch route,
      ResilienceSettings resilience,
      RouteProtection guard,
      String cluster,
      @Nullable Resolution fallback) {
    RetryBudget budget = clusters.get(cluster).budget();
    return new Resilience(
        guard.exchange(resilience.timeouts().over(settings.proxy().exchange())),
        budget,
        new Retries(resilience.retry(), budget, random),
        resilience
            .hedge()
            .map(
                hedge ->
                    kept.of(
                        Hedges.class,
                        new HedgePlace(route, cluster, hedge),
                        () -> new Hedges(hedge)))
            .orElse(null),
        fallback);
  }

  private static @Nullable Compression compression(RouteSettings route) {
    return route.compression().map(Compression::new).orElse(null);
  }

  private Cluster cluster(String name) {
    return clusters.get(name).cluster();
  }

  private static FieldRules rules(List<FieldRule> ofProxy, List<FieldRule> ofRoute) {
    List<FieldRule> rules = new ArrayList<>(ofProxy);
    rules.addAll(ofRoute);
    return FieldRules.of(rules);
  }
}
