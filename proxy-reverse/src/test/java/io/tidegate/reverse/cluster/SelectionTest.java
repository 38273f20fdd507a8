package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.reverse.LoadBalancers;
import io.tidegate.reverse.Requests;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.health.HealthSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
  private static final ClientRequest REQUEST = Requests.get("h", "/");

  private static Cluster cluster(List<Endpoint> endpoints, LoadBalancer balancer) {
    return new Cluster(
        "c",
        endpoints,
        balancer,
        BalanceSettings.DEFAULT,
        HealthSettings.DEFAULT,
        List.of(),
        new AffinityTokens(new byte[16], "c"),
        Clusters.DIRECT,
        () -> 0,
        new Random(1));
  }

  private static Cluster cluster(int size, LoadBalancer balancer) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      endpoints.add(
          new Endpoint(new Destination(false, "10.0.0." + i, 80, null), 1, Placement.DEFAULT));
    }
    return cluster(endpoints, balancer);
  }

  private static List<String> hosts(Destinations destinations) {
    List<String> hosts = new ArrayList<>();
    for (Destination next = destinations.next(); next != null; next = destinations.next()) {
      hosts.add(next.host());
      destinations.finished(next, Failure.of(ProxyError.CONNECTION_REFUSED, "refused"));
    }
    return hosts;
  }

  private static int active(Cluster cluster) {
    return Arrays.stream(cluster.all()).mapToInt(Endpoint::activeRequests).sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void everyEndpointIsTriedOnce(int size) {
    Cluster cluster = cluster(size, LoadBalancers.random());
    for (int i = 0; i < 20; i++) {
      List<String> hosts = hosts(cluster.destinations(REQUEST));
      assertEquals(size, hosts.size());
      assertEquals(size, Set.copyOf(hosts).size());
    }
  }

  @Test
  void theBalancerChoosesAmongTheUntriedInTheirOrder() {
    assertEquals(
        List.of("10.0.0.1", "10.0.0.2", "10.0.0.0"),
        hosts(
            cluster(3, (candidates, random) -> Math.min(1, candidates.size() - 1))
                .destinations(REQUEST)));
    assertEquals(
        List.of("10.0.0.2", "10.0.0.1", "10.0.0.0"),
        hosts(cluster(3, (candidates, random) -> candidates.size() - 1).destinations(REQUEST)));
  }

  @Test
  void whenAllWereTriedThereIsNone() {
    Destinations destinations = cluster(2, LoadBalancers.roundRobin()).destinations(REQUEST);
    hosts(destinations);
    assertNull(destinations.next());
    assertNull(destinations.next());
  }

  @Test
  void theBalancerIsNotAskedForTheOnlyEndpoint() {
    LoadBalancer none =
        (candidates, random) -> {
          throw new AssertionError();
        };
    assertEquals(List.of("10.0.0.0"), hosts(cluster(1, none).destinations(REQUEST)));
  }

  @Test
  void aRequestIsActiveUntilItIsFinished() {
    Cluster cluster = cluster(1, LoadBalancers.roundRobin());
    Destinations destinations = cluster.destinations(REQUEST);
    assertEquals(0, active(cluster));
    Destination destination = destinations.next();
    assertEquals(1, active(cluster));
    destinations.finished(destination, null);
    assertEquals(0, active(cluster));
    destinations.finished(destination, null);
    assertEquals(0, active(cluster));
  }

  @Test
  void activeRequestsAreSeenByOtherExchanges() {
    Cluster cluster = cluster(2, LoadBalancers.leastRequests());
    Destination first = cluster.destinations(REQUEST).next();
    Destination second = cluster.destinations(REQUEST).next();
    assertNotEquals(first, second);
  }

  @Test
  void firstAttemptsTakeTurnsEvenWhileOneEndpointFails() {
    Cluster cluster = cluster(2, LoadBalancers.roundRobin());
    List<String> first = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Destinations destinations = cluster.destinations(REQUEST);
      Destination destination = destinations.next();
      first.add(destination.host());
      destinations.finished(destination, null);
      if (destination.host().equals("10.0.0.0")) {
        destinations.finished(destinations.next(), null);
      }
    }
    assertEquals(List.of("10.0.0.0", "10.0.0.1", "10.0.0.0", "10.0.0.1"), first);
  }

  @Test
  void aBalancerThatChoosesNobodyIsFound() {
    Destinations destinations = cluster(2, (candidates, random) -> 2).destinations(REQUEST);
    assertThrows(IndexOutOfBoundsException.class, destinations::next);
  }

  @Test
  void aBalancerSeesWeights() {
    Set<Integer> seen = new HashSet<>();
    Cluster cluster =
        cluster(
            List.of(
                new Endpoint(new Destination(false, "a", 80, null), 3, Placement.DEFAULT),
                new Endpoint(new Destination(false, "b", 80, null), 5, Placement.DEFAULT)),
            (candidates, random) -> {
              seen.add(candidates.weight(0));
              seen.add(candidates.weight(1));
              return 0;
            });
    cluster.destinations(REQUEST).next();
    assertEquals(Set.of(3, 5), seen);
  }

  @Test
  void manyThreadsShareTheTurnsWithoutLosingAny() throws Exception {
    Cluster cluster = cluster(4, LoadBalancers.roundRobin());
    int[] totals = new int[4];
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<int[]>> counts = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        counts.add(
            threads.submit(
                () -> {
                  int[] count = new int[4];
                  for (int i = 0; i < 1000; i++) {
                    Destinations destinations = cluster.destinations(REQUEST);
                    Destination destination = destinations.next();
                    count[destination.host().charAt(7) - '0']++;
                    destinations.finished(destination, null);
                  }
                  return count;
                }));
      }
      for (Future<int[]> count : counts) {
        for (int i = 0; i < 4; i++) {
          totals[i] += count.get()[i];
        }
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(List.of(1000, 1000, 1000, 1000), java.util.Arrays.stream(totals).boxed().toList());
    assertEquals(0, active(cluster));
  }
}
