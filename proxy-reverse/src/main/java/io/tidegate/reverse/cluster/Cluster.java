package io.tidegate.reverse.cluster;

import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.reverse.affinity.AffinityCookie;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.HashKey;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.balance.LoadReport;
import io.tidegate.reverse.health.HealthSettings;
import io.tidegate.reverse.health.HealthState;
import io.tidegate.reverse.health.Healthy;
import io.tidegate.reverse.health.Unproven;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints that serve the same requests, and the policy that chooses between them. Shared by all
 * IO threads.
 */
public final class Cluster {
  /** Its name. */
  public final String name;

  final LoadBalancer balancer;
  final BalanceSettings settings;
  final LongSupplier clock;
  final RandomGenerator random;
  final HashKey.Hasher hasher;

  /** Null if endpoints take any number of requests. */
  final @Nullable WaitingRequests waiting;

  /*
   * Further attempts count their turns apart: if they took turns of the first ones, a dead endpoint
   * of two would get the first attempt of every exchange, the other one only ever the second.
   */
  final AtomicLong firstTurns = new AtomicLong();
  final AtomicLong furtherTurns = new AtomicLong();

  /** Whether weights change with time. */
  final boolean shaped;

  final long slowStartNanos;
  private final AffinityTokens tokens;
  private final HealthSettings health;
  private final List<NamedEndpoints> names = new CopyOnWriteArrayList<>();
  final Membership membership;
  final HealthMonitor monitor;
  private volatile Tiers tiers;

  /**
   * A cluster of {@code endpoints}.
   *
   * @param listeners told what changes about its endpoints
   * @param tokens of the endpoints, for clients that stay with one
   * @param forwarded whose word is believed about who the client is
   * @param clock nanoseconds from any start
   * @param random used by several threads at once
   */
  public Cluster(
      String name,
      List<Endpoint> endpoints,
      LoadBalancer balancer,
      BalanceSettings settings,
      HealthSettings health,
      List<ClusterListener> listeners,
      AffinityTokens tokens,
      ForwardedFields forwarded,
      LongSupplier clock,
      RandomGenerator random) {
    this.name = name;
    this.balancer = balancer;
    this.settings = settings;
    this.tokens = tokens;
    this.clock = clock;
    this.random = random;
    this.hasher = settings.hashKey().hasher(forwarded);
    this.slowStartNanos = settings.slowStart().toNanos();
    this.shaped = slowStartNanos > 0 || settings.reportedLoad();
    int most = settings.maxActiveRequests();
    this.waiting =
        most == 0
            ? null
            : new WaitingRequests(most, settings.maxWaitingRequests(), settings.maxWait());
    this.health = health;
    HealthState initial =
        health
            .check()
            .<HealthState>map(check -> new Unproven(check.availableAtFirst()))
            .orElse(Healthy.INSTANCE);
    this.membership = new Membership(name, health, initial, listeners, clock, this::offer);
    membership.begin(this, endpoints);
    this.monitor = new HealthMonitor(membership, health.ejection().orElse(null), clock, random);
    this.tiers = Tiers.of(all(), settings.zones(), health);
  }

  /** What it does beside the exchanges. */
  public Background work() {
    Prober prober = health.check().map(check -> new Prober(membership, check, random)).orElse(null);
    return new ClusterWork(this, names, prober);
  }

  Destinations destinations(ClientRequest request) {
    return destinations(request, () -> {});
  }

  /** The endpoints for one exchange; {@code began} is run when it asks for the first one. */
  public Destinations destinations(ClientRequest request, Runnable began) {
    return new Selection(this, request, began);
  }

  /** Where {@code request} could go now; {@code hosts} has the Host that an endpoint is sent. */
  public ClusterExplanation explain(ClientRequest request, Function<Destination, String> hosts) {
    return new Look(this, request, hosts).explain();
  }

  /**
   * What clients are told in place of the endpoint with just this destination object; null for any
   * other one. A stored response comes with one that is made anew: it binds nobody to an endpoint.
   */
  @SuppressWarnings("ReferenceEquality")
  private @Nullable String token(Destination destination) {
    for (Endpoint endpoint : all()) {
      if (endpoint.destination() == destination) {
        return endpoint.token(tokens);
      }
    }
    return null;
  }

  /** The cookie that keeps clients with their endpoint, if there is to be one. */
  public Optional<AffinityCookie> affinityCookie() {
    return settings.affinity().map(affinity -> new AffinityCookie(affinity, this::token));
  }

  /** The endpoint that clients are told {@code token} of, or null. */
  @Nullable Endpoint withToken(String token) {
    for (Endpoint endpoint : all()) {
      if (endpoint.token(tokens).equals(token)) {
        return endpoint;
      }
    }
    return null;
  }

  /** The endpoints as they are now, not to be changed. */
  Endpoint[] all() {
    return membership.members().array();
  }

  /** The tiers as the states of the endpoints are now. */
  Tiers tiers() {
    Tiers known = tiers;
    Endpoint[] endpoints = all();
    if (!known.holdsFor(endpoints)) {
      known = Tiers.of(endpoints, settings.zones(), health);
      tiers = known;
    }
    return known;
  }

  /** Begins a request at {@code endpoint} if it has room, and does not drain. */
  boolean begin(Endpoint endpoint, boolean session) {
    return waiting == null
        ? endpoint.begin(session)
        : endpoint.tryBegin(settings.maxActiveRequests(), session);
  }

  /** Whether {@code endpoint} has room for one more request. */
  boolean hasRoom(Endpoint endpoint) {
    return waiting == null || endpoint.activeRequests() < settings.maxActiveRequests();
  }

  /** Ends a request at {@code endpoint}, and lets another one have its place. */
  void end(Endpoint endpoint) {
    endpoint.end();
    offer(endpoint);
  }

  private void offer(Endpoint endpoint) {
    if (waiting != null) {
      waiting.offer(endpoint);
    }
  }

  /** Takes what {@code endpoint} reports of its load in the fields of a response. */
  void report(Endpoint endpoint, Fields response, long now) {
    if (settings.reportedLoad()
        && response.contains(LoadReport.FIELD)
        && endpoint.reportedShare().isDue(now)) {
      LoadReport report = LoadReport.parse(response);
      if (report != null) {
        ReportedShare.report(endpoint, report, all(), now);
      }
    }
  }

  /** Where the endpoints are that it has now. */
  public List<Destination> destinations() {
    return membership.members().all().stream().map(Endpoint::destination).toList();
  }

  /** The endpoints as they are now. */
  public List<EndpointStatus> endpoints() {
    return membership.members().all().stream().map(Endpoint::status).toList();
  }

  /** The cluster as numbers. */
  public ClusterFigures figures() {
    return new ClusterFigures(
        name,
        waiting == null ? 0 : waiting.count(),
        endpoints().stream().map(EndpointStatus::figures).toList());
  }

  /** Adds an endpoint, unless it is there already: then that one gets its weight. */
  public void add(Endpoint endpoint) {
    membership.add(this, endpoint);
  }

  /** Makes every address of the name of {@code endpoint} one, and looks for new ones so often. */
  public void follow(Endpoint endpoint, Duration interval) {
    NamedEndpoints followed = new NamedEndpoints(membership, endpoint, interval);
    membership.begin(followed, List.of(endpoint));
    names.add(followed);
  }

  /** Another source of endpoints, which says for itself who belongs to the cluster. */
  public Consumer<List<Endpoint>> source() {
    Object source = new Object();
    membership.begin(source, List.of());
    return endpoints -> membership.update(source, endpoints);
  }

  /**
   * Drains and then removes an endpoint; tells when it is idle.
   *
   * @throws IllegalArgumentException if there is none with this destination
   */
  public CompletionStage<Void> remove(Destination destination) {
    List<Endpoint> found = found(destination);
    unfollow(destination);
    return all(found.stream().map(membership::remove));
  }

  /** As {@link #remove}, at once. */
  public void removeNow(Destination destination) {
    List<Endpoint> found = found(destination);
    unfollow(destination);
    found.forEach(membership::removeNow);
  }

  /** Gives an endpoint no new requests, but perhaps for its {@code sessions}. */
  public CompletionStage<Void> drain(Destination destination, boolean sessions) {
    return all(found(destination).stream().map(one -> membership.drain(one, sessions)));
  }

  /** Gives an endpoint requests again. */
  public void resume(Destination destination) {
    found(destination).forEach(membership::resume);
  }

  private List<Endpoint> found(Destination destination) {
    List<Endpoint> found = membership.named(destination);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "endpoint: " + destination + " (expected: one of cluster " + name + ")");
    }
    return found;
  }

  private void unfollow(Destination destination) {
    List<NamedEndpoints> ended = names.stream().filter(one -> one.leadsTo(destination)).toList();
    names.removeAll(ended);
    ended.forEach(membership::end);
  }

  private static CompletionStage<Void> all(Stream<CompletionStage<Void>> stages) {
    return CompletableFuture.allOf(
            stages.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new))
        .minimalCompletionStage();
  }
}
