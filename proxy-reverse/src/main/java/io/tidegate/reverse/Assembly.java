package io.tidegate.reverse;

import io.tidegate.core.header.FieldRule;
import io.tidegate.core.header.FieldRules;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.spi.Authorization;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Mirroring;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.balance.RoundRobin;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.cluster.Endpoint;
import io.tidegate.reverse.cluster.EndpointUri;
import io.tidegate.reverse.resilience.FallbackSettings;
import io.tidegate.reverse.resilience.Hedges;
import io.tidegate.reverse.resilience.Resilience;
import io.tidegate.reverse.resilience.ResilienceSettings;
import io.tidegate.reverse.resilience.Retries;
import io.tidegate.reverse.resilience.RetryBudget;
import io.tidegate.reverse.rewrite.PrefixMapping;
import io.tidegate.reverse.rewrite.RouteHeaders;
import io.tidegate.reverse.route.HostPattern;
import io.tidegate.reverse.route.PathTemplate;
import io.tidegate.reverse.route.RouteTable;
import io.tidegate.reverse.traffic.AuthorizationQuestions;
import io.tidegate.reverse.traffic.AuthorizationSettings;
import io.tidegate.reverse.traffic.MirrorSettings;
import io.tidegate.reverse.traffic.Mirrors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Turns settings, which have been checked, into the objects that serve requests. */
final class Assembly {
  private final ReverseProxySettings settings;
  private final RandomGenerator random;
  private final ForwardedFields forwarded;
  private final Map<String, Cluster> clusters = new HashMap<>();
  private final Map<String, RetryBudget> budgets = new HashMap<>();

  /** {@code ownBalancers} has the load balancers that do not ship, by cluster. */
  Assembly(
      ReverseProxySettings settings,
      Map<String, LoadBalancer> ownBalancers,
      RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    this.forwarded = new ForwardedFields(settings.forwarded(), settings.trustedClients());
    for (ClusterSettings cluster : settings.clusters()) {
      LoadBalancer balancer =
          LoadBalancers.named(cluster.loadBalancer()).orElse(RoundRobin.INSTANCE);
      balancer = ownBalancers.getOrDefault(cluster.name(), balancer);
      List<Endpoint> endpoints = cluster.endpoints().stream().map(Assembly::endpoint).toList();
      clusters.put(cluster.name(), new Cluster(cluster.name(), endpoints, balancer, random));
      budgets.put(cluster.name(), new RetryBudget(cluster.retryBudget()));
    }
  }

  RouteTable routeTable() {
    return new RouteTable(settings.routes().stream().map(this::entry).toList());
  }

  private RouteTable.Entry entry(RouteSettings route) {
    HostPattern host = HostPattern.parse(route.host());
    PathTemplate path = PathTemplate.parse(route.path());
    if (host == null || path == null) {
      throw new AssertionError("unchecked route " + route);
    }
    return new RouteTable.Entry(host, path, route(route));
  }

  private ReverseRoute route(RouteSettings route) {
    PrefixMapping prefixes = new PrefixMapping(route.stripPrefix(), route.addPrefix());
    RouteHeaders headers =
        new RouteHeaders(
            route.upstreamHost().orElse(settings.upstreamHost()),
            forwarded,
            prefixes,
            rules(settings.requestFields(), route.requestFields()),
            rules(settings.responseFields(), route.responseFields()));
    Resolution fallback =
        route
            .resilience()
            .fallback()
            .map(last -> fallback(last, prefixes, headers, route))
            .orElse(null);
    Authorization authorization =
        route.traffic().authorization().map(this::authorization).orElse(null);
    Mirroring mirroring =
        route.traffic().mirror().map(mirror -> mirroring(mirror, prefixes, headers)).orElse(null);
    return new ReverseRoute(
        cluster(route.cluster()),
        prefixes,
        headers,
        resilience(route.resilience(), route.cluster(), fallback),
        authorization,
        mirroring);
  }

  private Resolution fallback(
      FallbackSettings fallback,
      PrefixMapping prefixes,
      RouteHeaders headers,
      RouteSettings route) {
    if (fallback instanceof FallbackSettings.ToCluster to) {
      return besides(to.cluster(), prefixes, headers, route.resilience());
    }
    FallbackSettings.WithResponse with = (FallbackSettings.WithResponse) fallback;
    return OwnResponse.of(
            with.status(), "Content-Type", with.contentType(), "Cache-Control", "no-store")
        .content(with.content());
  }

  private Authorization authorization(AuthorizationSettings asked) {
    PrefixMapping prefixes = new PrefixMapping("", "");
    RouteHeaders headers =
        new RouteHeaders(
            settings.upstreamHost(),
            forwarded,
            prefixes,
            FieldRules.of(List.of()),
            FieldRules.of(List.of()));
    Route route = besides(asked.cluster(), prefixes, headers, ResilienceSettings.DEFAULT);
    return new AuthorizationQuestions(asked, route);
  }

  private Mirroring mirroring(MirrorSettings mirror, PrefixMapping prefixes, RouteHeaders headers) {
    Route route = besides(mirror.cluster(), prefixes, headers, ResilienceSettings.DEFAULT);
    return new Mirrors(mirror, route, random);
  }

  /** Where requests go that no route leads to by itself. */
  private ReverseRoute besides(
      String cluster, PrefixMapping prefixes, RouteHeaders headers, ResilienceSettings resilience) {
    return new ReverseRoute(
        cluster(cluster), prefixes, headers, resilience(resilience, cluster, null), null, null);
  }

  private Resilience resilience(
      ResilienceSettings resilience, String cluster, @Nullable Resolution fallback) {
    RetryBudget budget = Objects.requireNonNull(budgets.get(cluster));
    return new Resilience(
        resilience.timeouts().over(settings.proxy().exchange()),
        budget,
        new Retries(resilience.retry(), budget, random),
        resilience.hedge().map(Hedges::new).orElse(null),
        fallback);
  }

  private Cluster cluster(String name) {
    return Objects.requireNonNull(clusters.get(name));
  }

  private static Endpoint endpoint(EndpointSettings settings) {
    Destination destination = EndpointUri.parse(settings.uri());
    if (destination == null) {
      throw new AssertionError("unchecked endpoint " + settings.uri());
    }
    return new Endpoint(destination, settings.weight());
  }

  private static FieldRules rules(List<FieldRule> ofProxy, List<FieldRule> ofRoute) {
    List<FieldRule> rules = new ArrayList<>(ofProxy);
    rules.addAll(ofRoute);
    return FieldRules.of(rules);
  }
}
