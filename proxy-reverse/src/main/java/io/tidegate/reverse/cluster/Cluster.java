package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Destinations;
import io.tidegate.reverse.balance.LoadBalancer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Endpoints that serve the same requests, and the policy that chooses between them. Shared by all
 * IO threads.
 */
public final class Cluster {
  /** Its name. */
  public final String name;

  final List<Endpoint> endpoints;
  final LoadBalancer balancer;
  final RandomGenerator random;

  /*
   * Further attempts count their turns apart: if they took turns of the first ones, a dead endpoint
   * of two would get the first attempt of every exchange, the other one only ever the second.
   */
  final AtomicLong firstTurns = new AtomicLong();
  final AtomicLong furtherTurns = new AtomicLong();

  /** {@code random} is used by several threads at once. */
  public Cluster(
      String name, List<Endpoint> endpoints, LoadBalancer balancer, RandomGenerator random) {
    this.name = name;
    this.endpoints = List.copyOf(endpoints);
    this.balancer = balancer;
    this.random = random;
  }

  /** The endpoints for one exchange. */
  public Destinations destinations() {
    return new Selection(this);
  }
}
