package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.cluster.ClusterExplanation.Affinity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks where the first attempt of a {@link Selection} could go, and begins nothing. */
final class Look {
  private final Cluster cluster;
  private final Policy policy;
  private final Function<Destination, String> hosts;
  private final Selection selection;
  private final Tiers tiers;
  private final Members members;
  private final @Nullable Endpoint own;
  private final Affinity affinity;
  private final boolean[] hasRoom;

  /** For {@code request}; {@code hosts} has the Host that an endpoint is sent. */
  Look(Cluster cluster, ClientRequest request, Function<Destination, String> hosts) {
    this.cluster = cluster;
    this.policy = cluster.policy();
    this.hosts = hosts;
    this.selection = new Selection(cluster, request, () -> {});
    this.tiers = cluster.tiers();
    this.members = cluster.membership.members();
    this.own = selection.own(tiers);
    this.affinity = affinity();
    this.hasRoom = rooms(true);
  }

  private Affinity affinity() {
    if (policy.settings.affinity().isEmpty()) {
      return Affinity.OFF;
    }
    if (own != null) {
      return Affinity.KEPT;
    }
    return selection.tokenSent() == null
        ? Affinity.NEW
        : selection.isStrict() ? Affinity.REFUSED : Affinity.MOVED;
  }

  /** Whether each tier has room; that of endpoints busy with their trial only if none other has. */
  private boolean[] rooms(boolean sparesTrials) {
    boolean[] rooms = new boolean[tiers.size()];
    boolean any = false;
    for (int i = 0; i < rooms.length; i++) {
      for (Endpoint endpoint : tiers.get(i)) {
        rooms[i] |= cluster.waiting.hasRoom(endpoint) && !(sparesTrials && busyWithTrial(endpoint));
      }
      any |= rooms[i];
    }
    return any || !sparesTrials ? rooms : rooms(false);
  }

  private static boolean busyWithTrial(Endpoint endpoint) {
    return endpoint.health().onTrial() && endpoint.activeRequests() > 0;
  }

  ClusterExplanation explain() {
    long now = cluster.clock.getAsLong();
    List<EndpointExplanation> endpoints = new ArrayList<>();
    for (Endpoint endpoint : members.all()) {
      endpoints.add(explain(endpoint, now));
    }
    int waiting = cluster.waiting.count();
    return new ClusterExplanation(cluster.name, affinity, members.panicking(), waiting, endpoints);
  }

  private EndpointExplanation explain(Endpoint endpoint, long now) {
    int tier = tierOf(endpoint);
    double weight =
        policy.shaped
            ? endpoint.shapedWeight(policy.slowStartNanos, now) / 100.0
            : endpoint.weight();
    return new EndpointExplanation(
        endpoint.status(),
        endpoint.zone(),
        endpoint.backup(),
        tier < 0 ? 0 : tiers.share(tier),
        weight,
        Duration.ofNanos(endpoint.latency().nanos(now)),
        hosts.apply(endpoint.destination()),
        isEligible(endpoint, tier));
  }

  private int tierOf(Endpoint endpoint) {
    for (int i = 0; i < tiers.size(); i++) {
      if (List.of(tiers.get(i)).contains(endpoint)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isEligible(Endpoint endpoint, int tier) {
    boolean room = cluster.waiting.hasRoom(endpoint);
    if (own != null || affinity == Affinity.REFUSED) {
      return endpoint == own && room;
    }
    boolean spared = busyWithTrial(endpoint) && !onlyTrialsAreLeft();
    return tier >= 0 && room && !spared && isReached(tier);
  }

  private boolean onlyTrialsAreLeft() {
    for (int i = 0; i < tiers.size(); i++) {
      for (Endpoint endpoint : tiers.get(i)) {
        if (cluster.waiting.hasRoom(endpoint) && !busyWithTrial(endpoint)) {
          return false;
        }
      }
    }
    return true;
  }

  /** A tier is looked at if it was drawn, or if the one drawn and all before it are full. */
  private boolean isReached(int tier) {
    if (tiers.share(tier) > 0) {
      return true;
    }
    for (int i = 0; i < tier; i++) {
      if (hasRoom[i]) {
        return false;
      }
    }
    boolean drawnIsFull = false;
    for (int i = 0; i < tiers.size(); i++) {
      drawnIsFull |= tiers.share(i) > 0 && !hasRoom[i];
    }
    return drawnIsFull && !tiers.isBackup(tier);
  }
}
