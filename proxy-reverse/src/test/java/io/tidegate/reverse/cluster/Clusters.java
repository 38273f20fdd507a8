package io.tidegate.reverse.cluster;

import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.affinity.AffinitySettings;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.HashKey;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.health.HealthSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Clusters for tests, whose clock stands still. */
final class Clusters {
  private Clusters() {}

  static Endpoint endpoint(String host) {
    return new Endpoint(new Destination(false, host, 80, null), 1, Placement.DEFAULT);
  }

  static Endpoint backup(String host) {
    return new Endpoint(new Destination(false, host, 80, null), 1, new Placement("", true));
  }

  static BalanceSettings limits(int maxActive, int maxWaiting) {
    return settings(Optional.empty(), maxActive, maxWaiting);
  }

  static BalanceSettings settings(
      Optional<AffinitySettings> affinity, int maxActive, int maxWaiting) {
    return new BalanceSettings(
        HashKey.path(),
        1.25,
        false,
        Duration.ZERO,
        List.of(),
        affinity,
        maxActive,
        maxWaiting,
        Duration.ofMillis(2500));
  }

  /** Nobody tells of clients but their connections. */
  static final ForwardedFields DIRECT = new ForwardedFields(ForwardedMode.X_FORWARDED, List.of());

  static Cluster cluster(BalanceSettings settings, Endpoint... endpoints) {
    LoadBalancer first = (candidates, random) -> 0;
    return new Cluster(
        "c",
        Arrays.asList(endpoints),
        first,
        settings,
        HealthSettings.DEFAULT,
        List.of(),
        new AffinityTokens(new byte[16], "c"),
        Clusters.DIRECT,
        () -> 0,
        new Random(1));
  }
}
