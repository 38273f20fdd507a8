package io.tidegate.reverse.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
  private static Latencies of(double percentile, int count, long micros) {
    Latencies latencies = new Latencies(percentile);
    for (int i = 0; i < count; i++) {
      latencies.record(micros * 1000);
    }
    return latencies;
  }

  @Test
  void nothingIsKnownFromTooFewSamples() {
    assertEquals(-1, of(95, Latencies.ENOUGH - 1, 1000).percentileMicros());
    assertTrue(of(95, Latencies.ENOUGH, 1000).percentileMicros() > 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 7, 100, 999, 1024, 65_535, 10_000_000, 3_600_000_000L})
  void aValueIsRoundedUpByAQuarterAtMost(long micros) {
    long told = of(50, Latencies.ENOUGH, micros).percentileMicros();
    assertTrue(told > micros, () -> told + " for " + micros);
    assertTrue(told <= Math.max(4, micros + micros / 4 + 1), () -> told + " for " + micros);
  }

  @Test
  void thePercentileDividesTheSamples() {
    Latencies latencies = new Latencies(95);
    Random random = new Random(1);
    for (int i = 0; i < 4000; i++) {
      latencies.record(1000L * (1 + random.nextInt(10_000)));
    }
    assertEquals(9500, latencies.percentileMicros(), 9500 * 0.25);
  }

  @Test
  void whatIsLongAgoIsForgotten() {
    Latencies latencies = of(95, 10_000, 1_000_000);
    for (int i = 0; i < 40_000; i++) {
      latencies.record(1_000_000);
    }
    assertTrue(latencies.percentileMicros() <= 1300);
  }

  @Test
  void aHedgeWaitsForThePercentileButNotLessThanTheLeastDelay() {
    Hedges hedges = new Hedges(new HedgeSettings(95, Duration.ofMillis(20), BudgetSettings.HEDGES));
    assertEquals(-1, hedges.delayMillis());
    for (int i = 0; i < Latencies.ENOUGH; i++) {
      hedges.responded(Duration.ofMillis(1).toNanos());
    }
    assertEquals(20, hedges.delayMillis());
    for (int i = 0; i < 2 * Latencies.ENOUGH; i++) {
      hedges.responded(Duration.ofMillis(100).toNanos());
    }
    assertEquals(115, hedges.delayMillis(), 15);
  }

  @Test
  void hedgesHaveABudget() {
    Hedges hedges =
        new Hedges(new HedgeSettings(95, Duration.ofMillis(1), new BudgetSettings(50, 0)));
    hedges.began();
    assertFalse(hedges.permits());
    hedges.began();
    assertTrue(hedges.permits());
    assertFalse(hedges.permits());
  }
}
