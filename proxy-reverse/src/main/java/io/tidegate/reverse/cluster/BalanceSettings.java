package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.affinity.AffinitySettings;
import io.tidegate.reverse.balance.ConsistentHash;
import io.tidegate.reverse.balance.HashKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * How a cluster shares requests out to its endpoints, beside its load balancer.
 *
 * @param hashKey what of a request decides, for consistent hashing
 * @param hashBound how many times its share of the active requests an endpoint may have, for
 *     consistent hashing; more than 1, at most 100
 * @param reportedLoad whether weights follow what endpoints report of their load
 * @param slowStart in what time the share of an endpoint grows that was added or has returned; zero
 *     for at once
 * @param zones the zones in the order of their use; endpoints elsewhere come after them
 * @param affinity how clients stay with an endpoint, if they do
 * @param maxActiveRequests how many requests an endpoint gets at a time; 0 for any number
 * @param maxWaitingRequests how many more may wait for an endpoint, in all of the cluster
 * @param maxWait how long one may wait
 */
public record BalanceSettings(
    HashKey hashKey,
    double hashBound,
    boolean reportedLoad,
    Duration slowStart,
    List<String> zones,
    Optional<AffinitySettings> affinity,
    int maxActiveRequests,
    int maxWaitingRequests,
    Duration maxWait) {
  /** What an uncalled builder method means. */
  public static final BalanceSettings DEFAULT =
      new BalanceSettings(
          HashKey.clientAddress(),
          ConsistentHash.DEFAULT_BOUND,
          false,
          Duration.ZERO,
          List.of(),
          Optional.empty(),
          0,
          1024,
          Duration.ofSeconds(5));

  /** Copies the list; rejects what cannot work. */
  public BalanceSettings {
    zones = List.copyOf(zones);
    Checks checks = new Checks();
    if (!(hashBound > 1 && hashBound <= 100)) {
      checks.reject("hashBound", hashBound, "more than 1, at most 100");
    }
    if (!slowStart.isZero()) {
      checks.duration("slowStart", slowStart);
    }
    for (String zone : zones) {
      if (zone.isBlank()) {
        checks.reject("zones", "'" + zone + "'", "names");
      }
    }
    if (new HashSet<>(zones).size() < zones.size()) {
      checks.reject("zones", zones, "each zone once");
    }
    checks
        .atLeast("maxActiveRequests", maxActiveRequests, 0)
        .atLeast("maxWaitingRequests", maxWaitingRequests, 0)
        .duration("maxWait", maxWait)
        .done();
  }
}
