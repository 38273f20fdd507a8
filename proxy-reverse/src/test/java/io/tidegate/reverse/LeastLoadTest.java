package io.tidegate.reverse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeastLoadTest {
  private final Random random = new Random(1);

  private int chosen(FakeCandidates candidates) {
    return LoadBalancers.leastLoad().choose(candidates, random);
  }

  @ParameterizedTest(name = "active {0} {1}, latency {2} {3}, weight {4} {5}")
  @CsvSource({
    "0, 0, 10, 20, 1, 1, 0", // 10 against 20
    "2, 0, 10, 20, 1, 1, 1", // 30 against 20
    "0, 0, 10, 20, 1, 3, 1", // 10 against 6.7
    "9, 0, 10, 101, 1, 1, 0", // 100 against 101
    "9, 0, 10, 99, 1, 1, 1", // 100 against 99
  })
  void loadIsTheRequestsWithTheNextOneTimesLatencyForItsWeight(
      int a, int b, long latencyA, long latencyB, int weightA, int weightB, int expected) {
    assertEquals(
        expected,
        chosen(new FakeCandidates(weightA, weightB).active(a, b).latencies(latencyA, latencyB)));
  }

  @Test
  void anUnknownEndpointGetsARequestAtOnce() {
    assertEquals(1, chosen(new FakeCandidates(1, 1).latencies(1, 0)));
  }

  @Test
  void anUnknownEndpointGetsNoMoreThanTheSlowestWouldUntilItHasAnswered() {
    FakeCandidates candidates = new FakeCandidates(1, 1, 1).active(0, 0, 1).latencies(10, 100, 0);
    int unknown = 0;
    for (int i = 0; i < 60; i++) {
      int chosen = chosen(candidates);
      candidates.active[chosen]++;
      unknown += chosen == 2 ? 1 : 0;
    }
    assertTrue(unknown > 0 && unknown <= candidates.active[1], unknown + " requests");
  }

  @Test
  void amongUnknownEndpointsTheOneWithFewestRequestsIsChosen() {
    assertEquals(1, chosen(new FakeCandidates(1, 1, 1).active(3, 1, 2)));
  }
}
