package io.tidegate.reverse;

import io.tidegate.core.SecretReader;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.tidegate.reverse.affinity.AffinityCookie;
import io.tidegate.reverse.affinity.AffinitySettings;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.ConsistentHash;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.cluster.ClusterListener;
import io.tidegate.reverse.resilience.RetryBudget;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Turns the settings of clusters, which have been checked, into clusters. One that a running proxy
 * has by the same name goes on, and becomes what its settings say when all others have turned out
 * to be right.
 */
final class ClusterAssembly {
  private final ForwardedFields forwarded;
  private final List<ClusterListener> listeners;
  private final RandomGenerator random;
  private final Kept kept;
  private final Checks checks;
  private final Map<String, Assembled> clusters = new LinkedHashMap<>();

  /** A cluster and what belongs to it. */
  record Assembled(
      ClusterSettings settings, Cluster cluster, EndpointFactory endpoints, RetryBudget budget) {
    Optional<AffinityCookie> affinityCookie() {
      return settings.balance().affinity().map(cluster::affinityCookie);
    }
  }

  /** What state belongs to: which cluster, and what it was made of. */
  private record Place(String cluster, Object madeOf) {}

  /** The same for what tells endpoints, in the order in which it was said. */
  private record SourcePlace(String cluster, int index, EndpointSource source) {}

  /**
   * Without clusters as yet.
   *
   * @param listeners told what changes about endpoints
   * @param kept has the clusters of the settings before these, if there are any
   * @param checks is told what cannot be read
   */
  ClusterAssembly(
      ForwardedFields forwarded,
      List<ClusterListener> listeners,
      RandomGenerator random,
      Kept kept,
      Checks checks) {
    this.forwarded = forwarded;
    this.listeners = listeners;
    this.random = random;
    this.kept = kept;
    this.checks = checks;
  }

  /**
   * Adds a cluster: the first one, and then each that comes next in the settings.
   *
   * @param own a load balancer that does not ship; empty for the one that the settings name
   * @param tls makes trust and keys for upstreams
   */
  void add(ClusterSettings settings, Optional<LoadBalancer> own, UpstreamTlsSources tls) {
    LoadBalancer balancer = own.orElseGet(() -> shipped(settings));
    EndpointFactory factory = endpoints(settings, tls);
    Cluster described = cluster(settings, factory, balancer);
    Place budget = new Place(settings.name(), settings.retryBudget());
    clusters.put(
        settings.name(),
        new Assembled(
            settings,
            kept(described, factory),
            factory,
            kept.of(RetryBudget.class, budget, () -> new RetryBudget(settings.retryBudget()))));
  }

  /** Where the settings stand of the cluster that is being added. */
  private String place() {
    return "clusters[" + clusters.size() + "]";
  }

  private static LoadBalancer shipped(ClusterSettings settings) {
    if (settings.loadBalancer().equals(LoadBalancers.CONSISTENT_HASH)) {
      return new ConsistentHash(settings.balance().hashBound());
    }
    return LoadBalancers.named(settings.loadBalancer()).orElseThrow();
  }

  private EndpointFactory endpoints(ClusterSettings cluster, UpstreamTlsSources tls) {
    String place = place() + ".transport.tls";
    TransportSettings transport = cluster.transport();
    UpstreamTls said = transport.tls().map(own -> tls.tls(own, place, checks)).orElse(null);
    return new EndpointFactory(transport, said, tls.own());
  }

  private Cluster cluster(
      ClusterSettings settings, EndpointFactory factory, LoadBalancer balancer) {
    Cluster cluster =
        new Cluster(
            settings.name(),
            settings.endpoints().stream()
                .filter(one -> one.lookUp().isEmpty())
                .map(factory::endpoint)
                .toList(),
            balancer,
            settings.balance(),
            settings.health(),
            listeners,
            affinityTokens(settings),
            forwarded,
            System::nanoTime,
            random);
    settings.endpoints().stream()
        .filter(one -> one.lookUp().isPresent())
        .forEach(
            named -> cluster.followSaid(factory.endpoint(named), named.lookUp().orElseThrow()));
    return cluster;
  }

  /** The cluster that goes by that name becomes what is {@code described}, when all is right. */
  private Cluster kept(Cluster described, EndpointFactory factory) {
    Cluster cluster = kept.of(Cluster.class, described.name, () -> described);
    if (cluster != described) {
      kept.change(() -> cluster.become(described, factory::destination));
      kept.afterwards(cluster::tell);
    }
    return cluster;
  }

  // ---- keys of affinity

  private AffinityTokens affinityTokens(ClusterSettings cluster) {
    Optional<String> given =
        cluster.balance().affinity().flatMap(AffinitySettings::key).map(this::affinityKey);
    return kept.of(
        AffinityTokens.class,
        new Place(cluster.name(), given),
        () -> new AffinityTokens(affinityKey(given), cluster.name()));
  }

  private String affinityKey(Secret given) {
    String setting = place() + ".balance.affinity.key";
    Checks reading = new Checks();
    String key = SecretReader.read(given, setting, reading);
    if (reading.passed()) {
      AffinitySettings.checkKey(reading, setting, key);
    }
    checks.addAll(reading);
    return key;
  }

  /** The octets of the key the user gave, or of one that nobody knows. */
  private static byte[] affinityKey(Optional<String> given) {
    if (given.isPresent()) {
      return given.get().isEmpty() ? new byte[1] : given.get().getBytes(StandardCharsets.UTF_8);
    }
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return key;
  }

  // ---- what has been assembled

  /** The cluster of this name, which there is. */
  Assembled get(String name) {
    return Objects.requireNonNull(clusters.get(name));
  }

  /** All of them, in the order of the settings. */
  List<Assembled> all() {
    return List.copyOf(clusters.values());
  }

  /** The clusters by name, to be looked at and changed. */
  Map<String, ClusterControl.Controlled> controlled() {
    Map<String, ClusterControl.Controlled> all = new LinkedHashMap<>();
    clusters.forEach(
        (name, one) ->
            all.put(name, new ClusterControl.Controlled(one.cluster(), one.endpoints())));
    return Collections.unmodifiableMap(all);
  }

  /** What the clusters do beside the exchanges; {@code sources} tell endpoints, by cluster. */
  List<Background> background(Map<String, List<EndpointSource>> sources) {
    List<Background> background = new ArrayList<>();
    clusters.forEach(
        (name, one) -> {
          background.add(one.cluster().work());
          List<EndpointSource> told = sources.getOrDefault(name, List.of());
          for (int i = 0; i < told.size(); i++) {
            background.add(work(one, new SourcePlace(name, i, told.get(i))));
          }
        });
    return background;
  }

  private SourceWork work(Assembled of, SourcePlace place) {
    SourceWork work =
        kept.of(
            SourceWork.class,
            place,
            () -> new SourceWork(place.source(), of.cluster(), of.endpoints()));
    kept.change(() -> work.become(of.endpoints()));
    return work;
  }
}
