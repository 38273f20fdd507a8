package io.tidegate.reverse.cluster;

import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.reverse.affinity.AffinityCookie;
import io.tidegate.reverse.affinity.AffinitySettings;
import io.tidegate.reverse.balance.Candidates;
import io.tidegate.reverse.health.EndpointState;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a cluster that one exchange has tried, uses and may still try. For one thread;
 * but while it waits, another one may give it an endpoint.
 */
public final class Selection implements Destinations, Candidates {
  private static final Endpoint[] NONE = {};

  private final Cluster cluster;
  private final Policy policy;
  private final ClientRequest request;
  private @Nullable Runnable began;

  /** The last one; each leads to the one before. */
  private volatile @Nullable Attempt attempts;

  /* What the load balancer is shown. */
  private Endpoint[] candidates = NONE;
  private boolean equalWeights;
  private boolean sparesTrials;
  private long now;
  private boolean hashed;
  private long hash;

  Selection(Cluster cluster, ClientRequest request, Runnable began) {
    this.cluster = cluster;
    this.policy = cluster.policy();
    this.request = request;
    this.began = began;
  }

  @Override
  public @Nullable Destination next() {
    if (began != null) {
      began.run();
      began = null;
    }
    now = cluster.clock.getAsLong();
    boolean others = attempts == null && cluster.waiting.isBusy();
    Endpoint endpoint = others ? null : choose();
    return endpoint == null ? null : begun(endpoint);
  }

  private Destination begun(Endpoint endpoint) {
    Attempt attempt = new Attempt(endpoint, now, attempts);
    attempts = attempt;
    return attempt.destination;
  }

  /** Begins a request at the endpoint to try next; null if there is none with room. */
  private @Nullable Endpoint choose() {
    Tiers tiers = cluster.tiers();
    String token = tokenSent();
    Endpoint own = token == null ? null : own(token, tiers);
    if (own != null && cluster.waiting.begin(own, true)) {
      return own;
    }
    if (own != null && own.health().takesRequests(true)) {
      return null; // who belongs to one that is full waits for it
    }
    return token != null && isStrict() ? null : inTurn(tiers);
  }

  /** What the client was told in place of its endpoint, if it was told anything. */
  @Nullable String tokenSent() {
    AffinitySettings affinity = policy.settings.affinity().orElse(null);
    return affinity == null ? null : AffinityCookie.sent(affinity, request);
  }

  boolean isStrict() {
    return policy.settings.affinity().map(AffinitySettings::strict).orElse(false);
  }

  /** The endpoint that the client belongs to and may be sent to, if there is one. */
  @Nullable Endpoint own(Tiers tiers) {
    String token = tokenSent();
    return token == null ? null : own(token, tiers);
  }

  /**
   * The endpoint that the client belongs to, unless it is unavailable or has failed. A client that
   * may not go elsewhere may stay with one that drains, others if its drain lets them.
   */
  private @Nullable Endpoint own(String token, Tiers tiers) {
    Endpoint known = cluster.withToken(token);
    boolean usable = known != null && !hasTried(known) && (tiers.has(known) || mayStay(known));
    return usable ? known : null;
  }

  private boolean mayStay(Endpoint draining) {
    EndpointHealth health = draining.health();
    return draining.state() == EndpointState.DRAINING
        && health.takesRequests(true)
        && (isStrict() || health.servesSessionsToTheirEnd());
  }

  /**
   * Of the ones that may be used; if those have been tried or are on trial and busy with it, one of
   * these, and in the end an ejected one.
   */
  private @Nullable Endpoint inTurn(Tiers tiers) {
    Members members = cluster.membership.members();
    sparesTrials = members.trials();
    Endpoint endpoint = balanced(tiers);
    if (endpoint == null && sparesTrials) {
      sparesTrials = false;
      endpoint = balanced(tiers);
    }
    return endpoint == null && attempts != null
        ? balanced(members.lastResort().toArray(NONE))
        : endpoint;
  }

  private @Nullable Endpoint balanced(Tiers tiers) {
    equalWeights = tiers.equalWeights() && !policy.shaped;
    int drawn = tiers.draw(cluster.random);
    Endpoint endpoint = balanced(tiers.get(drawn));
    for (int i = 0; i < tiers.size() && endpoint == null; i++) {
      // An endpoint that is only full does not call for a backup.
      boolean mayUse = i != drawn && (!tiers.isBackup(i) || !hasUntriedOrdinary(tiers));
      endpoint = mayUse ? balanced(tiers.get(i)) : null;
    }
    return endpoint;
  }

  /** Begins a request at one of {@code tier} that has room and was not tried. */
  private @Nullable Endpoint balanced(Endpoint[] tier) {
    candidates = withRoom(tier);
    while (candidates.length > 0) {
      int size = candidates.length;
      int chosen = size == 1 ? 0 : policy.balancer.choose(this, cluster.random);
      Endpoint endpoint = candidates[Objects.checkIndex(chosen, size)];
      if (cluster.waiting.begin(endpoint, false)) {
        return endpoint;
      }
      dropCandidate(chosen); // full by now, or draining
    }
    return null;
  }

  private void dropCandidate(int index) {
    Endpoint[] left = new Endpoint[candidates.length - 1];
    System.arraycopy(candidates, 0, left, 0, index);
    System.arraycopy(candidates, index + 1, left, index, left.length - index);
    candidates = left;
  }

  private Endpoint[] withRoom(Endpoint[] tier) {
    if (attempts == null && !cluster.waiting.isLimited() && !sparesTrials) {
      return tier;
    }
    Endpoint[] left = new Endpoint[tier.length];
    int count = 0;
    for (Endpoint endpoint : tier) {
      if (hasRoom(endpoint) && !hasTried(endpoint)) {
        left[count++] = endpoint;
      }
    }
    return count == tier.length ? tier : Arrays.copyOf(left, count);
  }

  private boolean hasRoom(Endpoint endpoint) {
    boolean spared = sparesTrials && endpoint.health().onTrial() && endpoint.activeRequests() > 0;
    return !spared && cluster.waiting.hasRoom(endpoint);
  }

  private boolean hasTried(Endpoint endpoint) {
    for (Attempt attempt = attempts; attempt != null; attempt = attempt.before) {
      if (attempt.endpoint == endpoint) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean hasMore() {
    if (hasCandidate()) {
      return true;
    }
    boolean bound = isStrict() && tokenSent() != null;
    for (Endpoint endpoint : cluster.membership.members().lastResort()) {
      if (!bound && attempts != null && !hasTried(endpoint)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasCandidate() {
    for (Endpoint endpoint : cluster.all()) {
      if (accepts(endpoint)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable Waiting await(Completion<Destination> turn) {
    if (!hasCandidate()) {
      return null;
    }
    cluster.full();
    WaitingRequests.Waiter waiter =
        new WaitingRequests.Waiter() {
          @Override
          public boolean accepts(Endpoint endpoint) {
            return Selection.this.accepts(endpoint);
          }

          @Override
          public void turn(Endpoint endpoint) {
            now = cluster.clock.getAsLong();
            turn.completed(begun(endpoint));
          }
        };
    return cluster.waiting.add(waiter, cluster.all());
  }

  /** Whether this exchange may try {@code endpoint}, now or when it has room. */
  private boolean accepts(Endpoint endpoint) {
    Tiers tiers = cluster.tiers();
    String token = tokenSent();
    Endpoint own = token == null ? null : own(token, tiers);
    if (own != null || (token != null && isStrict())) {
      return endpoint == own;
    }
    return !hasTried(endpoint)
        && tiers.has(endpoint)
        && (!endpoint.backup() || !hasUntriedOrdinary(tiers));
  }

  private boolean hasUntriedOrdinary(Tiers tiers) {
    for (int i = 0; i < tiers.size() && !tiers.isBackup(i); i++) {
      for (Endpoint endpoint : tiers.get(i)) {
        if (!hasTried(endpoint)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public void finished(Destination destination, @Nullable Failure failure) {
    Attempt attempt = at(destination);
    if (attempt != null) {
      attempt.finished(failure, cluster.clock.getAsLong());
      cluster.end(attempt.endpoint);
      cluster.monitor().finished(attempt.endpoint, attempt.status(), failure);
    }
  }

  @Override
  public void responded(Destination destination, ResponseHead head) {
    Attempt attempt = at(destination);
    if (attempt != null) {
      long at = cluster.clock.getAsLong();
      attempt.responded(head.status(), at);
      if (cluster.monitor().measures()) {
        cluster.monitor().answeredAfter(attempt.endpoint, at - attempt.begun());
      }
      cluster.report(attempt.endpoint, head.fields(), at);
    }
  }

  private @Nullable Attempt at(Destination destination) {
    for (Attempt attempt = attempts; attempt != null; attempt = attempt.before) {
      if (!attempt.hasEnded() && attempt.destination.equals(destination)) {
        return attempt;
      }
    }
    return null;
  }

  @Override
  public int size() {
    return candidates.length;
  }

  @Override
  public int weight(int index) {
    Endpoint endpoint = candidates[index];
    return policy.shaped ? endpoint.shapedWeight(policy.slowStartNanos, now) : endpoint.weight();
  }

  @Override
  public boolean equalWeights() {
    return equalWeights;
  }

  @Override
  public int activeRequests(int index) {
    return candidates[index].activeRequests();
  }

  @Override
  public long latencyNanos(int index) {
    return candidates[index].latency().nanos(now);
  }

  @Override
  public long identity(int index) {
    return candidates[index].identity();
  }

  @Override
  public long requestHash() {
    if (!hashed) {
      hash = policy.hasher.hash(request, cluster.random);
      hashed = true;
    }
    return hash;
  }

  @Override
  public long turn() {
    return (attempts == null ? cluster.firstTurns : cluster.furtherTurns).getAndIncrement();
  }
}
