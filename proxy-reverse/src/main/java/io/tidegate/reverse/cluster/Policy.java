package io.tidegate.reverse.cluster;

import io.tidegate.core.header.ForwardedFields;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.HashKey;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.health.HealthSettings;

/**
 * How a cluster shares requests out at one time. An exchange keeps the one of its beginning.
 * Immutable.
 */
final class Policy {
  final LoadBalancer balancer;
  final BalanceSettings settings;
  final HealthSettings health;
  final AffinityTokens tokens;
  final HashKey.Hasher hasher;
  final long slowStartNanos;

  /** Whether weights change with time. */
  final boolean shaped;

  /**
   * A policy.
   *
   * @param tokens of the endpoints, for clients that stay with one
   * @param forwarded whose word is believed about who the client is
   */
  Policy(
      LoadBalancer balancer,
      BalanceSettings settings,
      HealthSettings health,
      AffinityTokens tokens,
      ForwardedFields forwarded) {
    this.balancer = balancer;
    this.settings = settings;
    this.health = health;
    this.tokens = tokens;
    this.hasher = settings.hashKey().hasher(forwarded);
    this.slowStartNanos = settings.slowStart().toNanos();
    this.shaped = slowStartNanos > 0 || settings.reportedLoad();
  }
}
