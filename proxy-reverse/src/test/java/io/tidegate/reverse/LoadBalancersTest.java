package io.tidegate.reverse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.reverse.balance.Candidates;
import io.tidegate.reverse.balance.LoadBalancer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LoadBalancersTest {
  private final RandomGenerator random = new Random(1);

  private int[] counts(LoadBalancer balancer, Candidates candidates, int rounds) {
    int[] counts = new int[candidates.size()];
    for (int i = 0; i < rounds; i++) {
      counts[balancer.choose(candidates, random)]++;
    }
    return counts;
  }

  private String sequence(LoadBalancer balancer, Candidates candidates, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + balancer.choose(candidates, random)));
    }
    return text.toString();
  }

  private static void assertNear(double expected, int actual) {
    assertTrue(Math.abs(actual - expected) < expected * 0.1, actual + " is not about " + expected);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "1, 1, 1",
    "2, 1, 1",
    "5, 1, 1",
    "3, 3, 1",
    "7, 4, 2",
    "1, 5, 1000",
  })
  void roundRobinSpreadsTurnsByWeight(int a, int b, int c) {
    FakeCandidates candidates = new FakeCandidates(a, b, c);
    String sequence = sequence(LoadBalancers.roundRobin(), candidates, 70 * (a + b + c));
    assertEquals(70 * a, sequence.chars().filter(x -> x == 'a').count(), sequence);
    assertEquals(70 * b, sequence.chars().filter(x -> x == 'b').count(), sequence);
    assertEquals(70 * c, sequence.chars().filter(x -> x == 'c').count(), sequence);
  }

  @Test
  void roundRobinDoesNotBunchTheTurnsOfAHeavyEndpoint() {
    String sequence = sequence(LoadBalancers.roundRobin(), new FakeCandidates(5, 1, 1), 70);
    assertTrue(!sequence.contains("aaaaa"), sequence);
    assertTrue(!sequence.contains("bc") && !sequence.contains("cb"), sequence);
  }

  @Test
  void roundRobinSurvivesTheEndOfItsCount() {
    FakeCandidates candidates = new FakeCandidates(2, 1, 3);
    candidates.turn = Long.MAX_VALUE - 50;
    int[] counts = counts(LoadBalancers.roundRobin(), candidates, 600);
    assertNear(200, counts[0]);
    assertNear(100, counts[1]);
    assertNear(300, counts[2]);
  }

  @ParameterizedTest(name = "active {0} {1}, weights {2} {3}")
  @CsvSource({"3, 2, 1, 1, 1", "2, 3, 1, 1, 0", "4, 3, 2, 1, 0", "5, 2, 2, 1, 1", "0, 1, 1, 9, 0"})
  void leastRequestsWeighsActiveRequests(int a, int b, int weightA, int weightB, int expected) {
    FakeCandidates candidates = new FakeCandidates(weightA, weightB).active(a, b);
    assertEquals(expected, LoadBalancers.leastRequests().choose(candidates, random));
  }

  @Test
  void leastRequestsLetsChanceByWeightDecideBetweenEquals() {
    FakeCandidates candidates = new FakeCandidates(1, 2, 3, 1).active(0, 0, 0, 1);
    int[] counts = counts(LoadBalancers.leastRequests(), candidates, 12_000);
    assertNear(2000, counts[0]);
    assertNear(4000, counts[1]);
    assertNear(6000, counts[2]);
    assertEquals(0, counts[3]);
  }

  @Test
  void randomFollowsWeights() {
    int[] counts = counts(LoadBalancers.random(), new FakeCandidates(1, 2, 3), 12_000);
    assertNear(2000, counts[0]);
    assertNear(4000, counts[1]);
    assertNear(6000, counts[2]);
  }

  @Test
  void twoChoicesNeverTakeTheBusiestOfAll() {
    FakeCandidates candidates = new FakeCandidates(1, 1, 1, 1).active(1, 9, 1, 1);
    int[] counts = counts(LoadBalancers.powerOfTwoChoices(), candidates, 6000);
    assertEquals(0, counts[1]);
    assertTrue(counts[0] > 1000 && counts[2] > 1000 && counts[3] > 1000);
  }

  @Test
  void twoChoicesReachEveryEndpoint() {
    int[] counts = counts(LoadBalancers.powerOfTwoChoices(), new FakeCandidates(1, 1, 1), 6000);
    assertNear(2000, counts[0]);
    assertNear(2000, counts[1]);
    assertNear(2000, counts[2]);
  }

  @ParameterizedTest(name = "active {0} {1}, weights {2} {3}")
  @CsvSource({"1, 1, 1, 2, 1", "1, 1, 2, 1, 0", "2, 3, 1, 2, 1", "1, 0, 5, 1, 1"})
  void twoChoicesWeighActiveRequests(int a, int b, int weightA, int weightB, int expected) {
    FakeCandidates candidates = new FakeCandidates(weightA, weightB).active(a, b);
    for (int i = 0; i < 20; i++) {
      assertEquals(expected, LoadBalancers.powerOfTwoChoices().choose(candidates, random));
    }
  }

  static Stream<LoadBalancer> shipped() {
    return LoadBalancers.names().stream().map(name -> LoadBalancers.named(name).orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void theOnlyCandidateIsChosen(LoadBalancer balancer) {
    assertEquals(0, balancer.choose(new FakeCandidates(3), random));
  }

  @Test
  void thoseThatShipHaveNames() {
    assertEquals(
        List.of(
            "round-robin",
            "least-requests",
            "random",
            "power-of-two-choices",
            "least-load",
            "consistent-hash"),
        List.copyOf(LoadBalancers.names()));
    assertSame(LoadBalancers.leastRequests(), LoadBalancers.named("least-requests").orElseThrow());
    assertEquals(Optional.of("random"), LoadBalancers.nameOf(LoadBalancers.random()));
    assertEquals(Optional.empty(), LoadBalancers.named("fastest"));
    assertEquals(Optional.empty(), LoadBalancers.nameOf((candidates, chance) -> 0));
  }
}
