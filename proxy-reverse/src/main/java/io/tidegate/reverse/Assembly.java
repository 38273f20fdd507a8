package io.tidegate.reverse;

import io.tidegate.core.header.FieldRule;
import io.tidegate.core.header.FieldRules;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.balance.RoundRobin;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.cluster.Endpoint;
import io.tidegate.reverse.cluster.EndpointUri;
import io.tidegate.reverse.rewrite.PrefixMapping;
import io.tidegate.reverse.rewrite.RouteHeaders;
import io.tidegate.reverse.route.HostPattern;
import io.tidegate.reverse.route.PathTemplate;
import io.tidegate.reverse.route.RouteTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Turns settings, which have been checked, into the objects that serve requests. */
final class Assembly {
  private Assembly() {}

  /** The route table; {@code ownBalancers} has the load balancers that do not ship, by cluster. */
  static RouteTable routeTable(
      ReverseProxySettings settings,
      Map<String, LoadBalancer> ownBalancers,
      RandomGenerator random) {
    Map<String, Cluster> clusters = new HashMap<>();
    for (ClusterSettings cluster : settings.clusters()) {
      LoadBalancer balancer =
          LoadBalancers.named(cluster.loadBalancer()).orElse(RoundRobin.INSTANCE);
      balancer = ownBalancers.getOrDefault(cluster.name(), balancer);
      List<Endpoint> endpoints = cluster.endpoints().stream().map(Assembly::endpoint).toList();
      clusters.put(cluster.name(), new Cluster(cluster.name(), endpoints, balancer, random));
    }
    ForwardedFields forwarded =
        new ForwardedFields(settings.forwarded(), settings.trustedClients());
    List<RouteTable.Entry> entries = new ArrayList<>();
    for (RouteSettings route : settings.routes()) {
      HostPattern host = HostPattern.parse(route.host());
      PathTemplate path = PathTemplate.parse(route.path());
      Cluster cluster = clusters.get(route.cluster());
      if (host == null || path == null || cluster == null) {
        throw new AssertionError("unchecked route " + route);
      }
      PrefixMapping prefixes = new PrefixMapping(route.stripPrefix(), route.addPrefix());
      RouteHeaders headers =
          new RouteHeaders(
              route.upstreamHost().orElse(settings.upstreamHost()),
              forwarded,
              prefixes,
              rules(settings.requestFields(), route.requestFields()),
              rules(settings.responseFields(), route.responseFields()));
      entries.add(new RouteTable.Entry(host, path, new ReverseRoute(cluster, prefixes, headers)));
    }
    return new RouteTable(entries);
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
