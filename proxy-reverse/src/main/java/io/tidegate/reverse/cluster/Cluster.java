package io.tidegate.reverse.cluster;

import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.reverse.affinity.AffinityCookie;
import io.tidegate.reverse.affinity.AffinitySettings;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.balance.LoadReport;
import io.tidegate.reverse.health.HealthSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  final LongSupplier clock;
  final RandomGenerator random;
  final WaitingRequests waiting;
  final Membership membership;

  /*
   * Further attempts count their turns apart: if they took turns of the first ones, a dead endpoint
   * of two would get the first attempt of every exchange, the other one only ever the second.
   */
  final AtomicLong firstTurns = new AtomicLong();
  final AtomicLong furtherTurns = new AtomicLong();

  private final Congestion congestion = new Congestion();
  private final List<NamedEndpoints> names = new CopyOnWriteArrayList<>();
  private final Background work = new ClusterWork(this, names);
  private volatile Policy policy;
  private volatile HealthMonitor monitor;
  private volatile Tiers tiers;

  /** What the settings name, for {@link #become}: that alone; the application may name others. */
  private final Object settings = new Object();

  private List<Endpoint> said;
  private final List<NamedEndpoints> saidNames = new ArrayList<>();

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
    this.clock = clock;
    this.random = random;
    this.policy = new Policy(balancer, settings, health, tokens, forwarded);
    this.waiting = new WaitingRequests(settings);
    this.membership = new Membership(name, health, listeners, clock, waiting::offer);
    this.said = endpoints.stream().map(Endpoint::copy).toList();
    membership.begin(this.settings, endpoints);
    this.monitor = monitor(health);
    this.tiers = Tiers.of(all(), settings.zones(), health);
  }

  private HealthMonitor monitor(HealthSettings health) {
    return new HealthMonitor(membership, health.ejection().orElse(null), clock, random);
  }

  /**
   * Becomes what {@code next} is, which is made of settings alone and has served nobody. Endpoints
   * that stay are what they have become, with their requests under way; what is said of them as
   * before is not touched at all. Those that {@code next} does not name any more are drained and
   * then removed, unless somebody else names them.
   *
   * <p>Nobody is told of it before {@link #tell}.
   *
   * @param transport how all endpoints are spoken to, whoever names them
   */
  public void become(Cluster next, Transport transport) {
    membership.changeUntold(
        () -> {
          policy = next.policy;
          monitor = monitor(policy.health);
          membership.judgeBy(policy.health);
          membership.speak(transport);
          name(next);
          names.forEach(named -> named.named().speak(transport));
        });
    waiting.become(next.policy.settings);
  }

  /** Tells of what it has become those who listen, and those who wait: there may be more room. */
  public void tell() {
    membership.tellAll();
    for (Endpoint endpoint : all()) {
      waiting.offer(endpoint);
    }
  }

  /** First those that come: who stays by another way does not leave in between. */
  private void name(Cluster next) {
    List<NamedEndpoints> gone =
        saidNames.stream()
            .filter(one -> next.saidNames.stream().noneMatch(one::isSaidLike))
            .toList();
    for (NamedEndpoints named : next.saidNames) {
      if (saidNames.stream().noneMatch(named::isSaidLike)) {
        NamedEndpoints fresh = named.in(membership);
        saidNames.add(fresh);
        names.add(fresh);
        membership.name(fresh, List.of(fresh.named()));
      }
    }
    membership.name(settings, said, next.said);
    said = next.said;
    gone.forEach(membership::leave);
    saidNames.removeAll(gone);
    names.removeAll(gone);
  }

  /** What it does beside the exchanges: the same each time. */
  public Background work() {
    return work;
  }

  Policy policy() {
    return policy;
  }

  HealthMonitor monitor() {
    return monitor;
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
        return endpoint.token(policy.tokens);
      }
    }
    return null;
  }

  /** The cookie that keeps clients with their endpoint. */
  public AffinityCookie affinityCookie(AffinitySettings affinity) {
    return new AffinityCookie(affinity, this::token);
  }

  /** The endpoint that clients are told {@code token} of, or null. */
  @Nullable Endpoint withToken(String token) {
    AffinityTokens tokens = policy.tokens;
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
    Endpoint[] endpoints = all(); // first: they change after the policy by which they do
    if (!known.holdsFor(endpoints)) {
      Policy by = policy;
      known = Tiers.of(endpoints, by.settings.zones(), by.health);
      tiers = known;
    }
    return known;
  }

  /** A request has found no endpoint with room. */
  void full() {
    if (waiting.isLimited() && congestion.felt(clock.getAsLong())) {
      int most = policy.settings.maxActiveRequests();
      membership.tell(ClusterEvent.Kind.FULL_BEGAN, "each serves " + most + " at most");
    }
  }

  /** Looks at {@code now} whether requests have found room for a while. */
  void lookForRoom(long now) {
    if (congestion.isOver(now, waiting.isBusy())) {
      membership.tell(ClusterEvent.Kind.FULL_ENDED, "");
    }
  }

  /** Ends a request at {@code endpoint}, and lets another one have its place. */
  void end(Endpoint endpoint) {
    endpoint.end();
    waiting.offer(endpoint);
  }

  /** Takes what {@code endpoint} reports of its load in the fields of a response. */
  void report(Endpoint endpoint, Fields response, long now) {
    if (policy.settings.reportedLoad()
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
        name, waiting.count(), endpoints().stream().map(EndpointStatus::figures).toList());
  }

  /** Adds an endpoint, unless it is there already: then that one gets its weight. */
  public void add(Endpoint endpoint) {
    membership.add(this, endpoint);
  }

  /** Makes every address of the name of {@code endpoint} one, and looks for new ones so often. */
  public void follow(Endpoint endpoint, Duration interval) {
    followed(endpoint, interval);
  }

  /** As {@link #follow}, because the settings say so: before anything else happens. */
  public void followSaid(Endpoint endpoint, Duration interval) {
    saidNames.add(followed(endpoint, interval));
  }

  private NamedEndpoints followed(Endpoint endpoint, Duration interval) {
    NamedEndpoints followed = new NamedEndpoints(membership, endpoint, interval);
    membership.begin(followed, List.of(endpoint));
    names.add(followed);
    return followed;
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
