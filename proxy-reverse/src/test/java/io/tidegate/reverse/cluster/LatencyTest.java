package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;
  private final Latency latency = new Latency();

  private static void assertNear(double expected, long actual) {
    assertEquals(expected, actual, expected * 0.01);
  }

  @Test
  void nothingIsKnownAtFirst() {
    assertEquals(0, latency.nanos(5 * SECOND));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, -7_000_000_000_000L, 1L << 52, (1L << 52) - 1, Long.MAX_VALUE - (1L << 40)})
  void aLongerTimeCountsAtOnceWhereverTheClockBegins(long start) {
    latency.add(10 * MS, start);
    latency.add(100 * MS, start + MS);
    assertNear(100 * MS, latency.nanos(start + MS));
  }

  @Test
  void aShorterTimeCountsByAndBy() {
    latency.add(100 * MS, 0);
    latency.add(10 * MS, 0);
    assertNear(100 * MS, latency.nanos(0));
    latency.add(10 * MS, SECOND); // a tenth of the decay: 1 / 1.105 is kept
    assertNear(100 * MS / 1.105 + 10 * MS * (1 - 1 / 1.105), latency.nanos(SECOND));
  }

  @ParameterizedTest(name = "after {0} s {1} % are left")
  @CsvSource({"0, 100", "10, 40", "20, 20", "100, 1.639"})
  void aTimeIsForgotten(long seconds, double percent) {
    latency.add(100 * MS, 0);
    assertNear(percent * MS, latency.nanos(seconds * SECOND));
  }

  @Test
  void manyAnswersInOneTickWeighNoMoreThanTheTimeThatPasses() {
    latency.add(100 * MS, 0);
    for (int i = 0; i < 10_000; i++) {
      latency.add(MS, 500_000);
    }
    assertNear(100 * MS, latency.nanos(500_000));
  }

  @Test
  void aQuickFailureCountsAsASlowAnswer() {
    latency.add(10 * MS, 0);
    latency.addFailure(MS, 0);
    assertNear(SECOND, latency.nanos(0));
  }

  @Test
  void furtherFailuresDoubleItUpToAMinute() {
    for (int i = 0; i < 4; i++) {
      latency.addFailure(MS, 0);
    }
    assertNear(8 * SECOND, latency.nanos(0));
    for (int i = 0; i < 20; i++) {
      latency.addFailure(MS, 0);
    }
    assertNear(60 * SECOND, latency.nanos(0));
    latency.addFailure(300 * SECOND, 0);
    assertNear(300 * SECOND, latency.nanos(0));
  }

  @Test
  void theLongestOfManyThreadsIsKept() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    for (int t = 1; t <= 4; t++) {
      int thread = t;
      threads.execute(
          () -> {
            for (int i = 1; i <= 10_000; i++) {
              latency.add(i * thread, 0);
            }
          });
    }
    threads.shutdown();
    assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
    assertNear(40_000, latency.nanos(0));
  }
}
