package io.tidegate.reverse.cluster;

import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.reverse.affinity.AffinityCookie;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.balance.LoadReport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
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
  private final Endpoint[] endpoints;
  private volatile Tiers tiers;

  /**
   * A cluster of {@code endpoints}.
   *
   * @param tokens of the endpoints, for clients that stay with one
   * @param clock nanoseconds from any start
   * @param random used by several threads at once
   */
  public Cluster(
      String name,
      List<Endpoint> endpoints,
      LoadBalancer balancer,
      BalanceSettings settings,
      AffinityTokens tokens,
      LongSupplier clock,
      RandomGenerator random) {
    this.name = name;
    this.endpoints = endpoints.toArray(Endpoint[]::new);
    this.balancer = balancer;
    this.settings = settings;
    this.tokens = tokens;
    this.clock = clock;
    this.random = random;
    this.slowStartNanos = settings.slowStart().toNanos();
    this.shaped = slowStartNanos > 0 || settings.reportedLoad();
    this.tiers = Tiers.of(this.endpoints, settings.zones());
    int most = settings.maxActiveRequests();
    this.waiting =
        most == 0
            ? null
            : new WaitingRequests(most, settings.maxWaitingRequests(), settings.maxWait());
    if (waiting != null) {
      endpoints.forEach(endpoint -> endpoint.whenAvailable(waiting::offer));
    }
  }

  /** The endpoints for one exchange. */
  public Destinations destinations(ClientRequest request) {
    return new Selection(this, request);
  }

  /**
   * What clients are told in place of the endpoint with just this destination object; null for any
   * other one. A stored response comes with one that is made anew: it binds nobody to an endpoint.
   */
  @SuppressWarnings("ReferenceEquality")
  private @Nullable String token(Destination destination) {
    for (Endpoint endpoint : endpoints) {
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
    for (Endpoint endpoint : endpoints) {
      if (endpoint.token(tokens).equals(token)) {
        return endpoint;
      }
    }
    return null;
  }

  Endpoint[] endpoints() {
    return endpoints;
  }

  /** The tiers as the states of the endpoints are now. */
  Tiers tiers() {
    Tiers known = tiers;
    if (!known.holdsFor(endpoints)) {
      known = Tiers.of(endpoints, settings.zones());
      tiers = known;
    }
    return known;
  }

  /** Begins a request at {@code endpoint} if it has room. */
  boolean begin(Endpoint endpoint) {
    if (waiting == null) {
      endpoint.begin();
      return true;
    }
    return endpoint.tryBegin(settings.maxActiveRequests());
  }

  /** Whether {@code endpoint} has room for one more request. */
  boolean hasRoom(Endpoint endpoint) {
    return waiting == null || endpoint.activeRequests() < settings.maxActiveRequests();
  }

  /** Ends a request at {@code endpoint}, and lets another one have its place. */
  void end(Endpoint endpoint) {
    endpoint.end();
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
        ReportedShare.report(endpoint, report, endpoints, now);
      }
    }
  }
}
