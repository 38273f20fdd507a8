package io.tidegate.reverse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.reverse.balance.ConsistentHash;
import io.tidegate.reverse.balance.LoadBalancer;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints that are alike get what their weights say, as near as chance allows. */
class DistributionTest {
  private static final int PICKS = 100_000;

  /** Chi-square values that chance exceeds once in a thousand, by degrees of freedom. */
  private static final double[] CRITICAL = {0, 10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32};

  private final RandomGenerator random = new Random(4);

  private static double chiSquare(long[] counts, int[] weights) {
    double total = Arrays.stream(weights).sum();
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = PICKS * weights[i] / total;
      sum += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return sum;
  }

  private long[] counts(LoadBalancer balancer, FakeCandidates candidates) {
    Random keys = new Random(5);
    long[] counts = new long[candidates.size()];
    for (int i = 0; i < PICKS; i++) {
      candidates.hash = keys.nextLong();
      counts[balancer.choose(candidates, random)]++;
    }
    return counts;
  }

  private void assertFollows(int[] weights, LoadBalancer balancer) {
    long[] counts = counts(balancer, new FakeCandidates(weights));
    double chiSquare = chiSquare(counts, weights);
    assertTrue(
        chiSquare < CRITICAL[weights.length - 1],
        "chi-square " + chiSquare + ": " + Arrays.toString(counts));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "round-robin",
        "random",
        "least-requests",
        "power-of-two-choices",
        "least-load",
        "consistent-hash"
      })
  void equalEndpointsGetEqualShares(String name) {
    assertFollows(new int[] {1, 1, 1, 1, 1, 1, 1, 1}, LoadBalancers.named(name).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"round-robin", "random", "least-requests", "consistent-hash"})
  void sharesFollowWeights(String name) {
    assertFollows(new int[] {1, 2, 3, 10}, LoadBalancers.named(name).orElseThrow());
  }

  @Test
  void ofTwoIdleEndpointsTheFirstPickStandsAndPicksFollowWeights() {
    assertFollows(new int[] {1, 2, 3, 10}, LoadBalancers.powerOfTwoChoices());
  }

  /** An open system: every request ends after a while, so counts say what each endpoint bears. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"least-requests", "power-of-two-choices", "least-load"})
  void busyEndpointsShareByWeight(String name) {
    LoadBalancer balancer = LoadBalancers.named(name).orElseThrow();
    int[] weights = {1, 2, 4};
    FakeCandidates candidates = new FakeCandidates(weights).latencies(5, 5, 5);
    long[] counts = new long[3];
    int[] active = new int[700];
    Arrays.fill(active, -1);
    for (int i = 0; i < PICKS; i++) {
      int slot = i % active.length;
      if (active[slot] >= 0) {
        candidates.active[active[slot]]--;
      }
      active[slot] = balancer.choose(candidates, random);
      candidates.active[active[slot]]++;
      counts[active[slot]]++;
    }
    for (int i = 0; i < 3; i++) {
      assertEquals(weights[i] / 7.0, counts[i] / (double) PICKS, 0.01, Arrays.toString(counts));
    }
  }

  private static int[] homes(FakeCandidates candidates, int keys) {
    int[] homes = new int[keys];
    for (int i = 0; i < keys; i++) {
      candidates.hash = i * 0x9e3779b97f4a7c15L;
      homes[i] = LoadBalancers.consistentHash().choose(candidates, new Random(1));
    }
    return homes;
  }

  @ParameterizedTest(name = "{0} endpoints")
  @ValueSource(ints = {2, 3, 5, 10, 50})
  void whenTheLastOfSomeEndpointsGoesOnlyItsOwnKeysMove(int size) {
    int[] equal = LongStream.range(0, size).mapToInt(i -> 1).toArray();
    int[] before = homes(new FakeCandidates(equal), PICKS);
    int[] after = homes(new FakeCandidates(Arrays.copyOf(equal, size - 1)), PICKS);
    int moved = 0;
    for (int i = 0; i < PICKS; i++) {
      assertTrue(before[i] == after[i] || before[i] == size - 1);
      moved += before[i] == after[i] ? 0 : 1;
    }
    assertTrue(moved <= 1.2 * PICKS / size, moved + " of " + PICKS);
    assertTrue(moved >= 0.8 * PICKS / size, moved + " of " + PICKS);
  }

  @Test
  void aHeavierEndpointOnlyTakesKeysFromTheOthers() {
    int[] before = homes(new FakeCandidates(2, 2, 2), PICKS);
    int[] after = homes(new FakeCandidates(2, 2, 3), PICKS);
    for (int i = 0; i < PICKS; i++) {
      assertTrue(before[i] == after[i] || after[i] == 2);
    }
  }

  @ParameterizedTest(name = "active {0} {1} {2}, bound {3}")
  @CsvSource({
    "0, 0, 0, 1.25, true", // 1 of 1: at most 0.42 of it, but any may have the first
    "4, 0, 0, 1.25, false",
    "2, 2, 1, 1.25, true", // 2.5 for each of three
    "3, 2, 1, 1.25, false",
    "3, 2, 1, 1.5, true",
  })
  void anEndpointAboveItsBoundIsPassedOver(int a, int b, int c, double bound, boolean stays) {
    FakeCandidates candidates = new FakeCandidates(1, 1, 1);
    LoadBalancer balancer = new ConsistentHash(bound);
    int key = 0;
    do {
      candidates.hash = key++;
    } while (balancer.choose(candidates, random) != 0);
    candidates.active(a, b, c);
    assertEquals(stays, balancer.choose(candidates, random) == 0);
  }

  @Test
  void likeRequestsGoToTheNextEndpointTogether() {
    FakeCandidates candidates = new FakeCandidates(1, 1, 1, 1);
    int home = LoadBalancers.consistentHash().choose(candidates, random);
    candidates.active[home] = 100;
    int next = LoadBalancers.consistentHash().choose(candidates, random);
    for (int i = 0; i < 100; i++) {
      assertEquals(next, LoadBalancers.consistentHash().choose(candidates, random));
    }
  }
}
