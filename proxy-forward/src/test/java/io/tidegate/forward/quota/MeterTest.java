package io.tidegate.forward.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an allowance gives, and when. */
class MeterTest {
  private static final long SECOND = 1_000_000_000;
  private static final long HOUR = 3600 * SECOND;
  private static final long DAY = 24 * HOUR;

  private static Meter meter(long most, String per, long now) {
    return new Allowance(most, Duration.parse(per)).meter(now);
  }

  /** Times of {@link System#nanoTime} may be anything, and pass from positive to negative. */
  @ParameterizedTest
  @ValueSource(longs = {0, -50, Long.MAX_VALUE - 30 * SECOND, Long.MIN_VALUE})
  void upToAnHourOneComesBackAfterAnother(long start) {
    Meter meter = meter(3, "PT1M", start);
    assertEquals(0, meter.take(start));
    assertEquals(0, meter.take(start));
    assertEquals(0, meter.take(start));
    assertEquals(20 * SECOND, meter.take(start));
    assertEquals(1, meter.take(start + 20 * SECOND - 1));
    assertEquals(0, meter.take(start + 20 * SECOND));
    assertEquals(20 * SECOND, meter.take(start + 20 * SECOND));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -50, Long.MAX_VALUE - HOUR, Long.MIN_VALUE})
  void beyondAnHourAllComesBackAtOnceATimeAfterTheFirstUse(long start) {
    Meter meter = meter(3, "P1D", start - 5 * HOUR);
    assertEquals(0, meter.take(start));
    assertEquals(0, meter.take(start + HOUR));
    assertEquals(0, meter.take(start + 2 * HOUR));
    assertEquals(DAY - 3 * HOUR, meter.take(start + 3 * HOUR));
    assertEquals(1, meter.take(start + DAY - 1));
    assertEquals(0, meter.take(start + DAY + HOUR));
    assertEquals(0, meter.take(start + DAY + HOUR));
    assertEquals(0, meter.take(start + DAY + HOUR));
    assertEquals(DAY, meter.take(start + DAY + HOUR)); // the second day began with its first use
  }

  @Test
  void anHourIsTheLongestTimeInWhichOneComesBackAfterAnother() {
    assertTrue(new Allowance(1, Duration.ofHours(1)).isSmooth());
    assertFalse(new Allowance(1, Duration.ofHours(1).plusNanos(1)).isSmooth());
  }

  @Test
  void octetsOfAnHourComeBackEvenlyAndWhatWasTooMuchIsOwed() {
    Meter meter = meter(3600, "PT1H", 0);
    assertFalse(meter.use(0, 3599));
    assertEquals(0, meter.untilMore(0));
    assertFalse(meter.use(0, 1));
    assertEquals(SECOND, meter.untilMore(0));
    assertEquals(1, meter.untilMore(SECOND - 1));
    assertEquals(0, meter.untilMore(SECOND));
    assertTrue(meter.use(SECOND, 101));
    assertEquals(101 * SECOND, meter.untilMore(SECOND));
    assertEquals(0, meter.untilMore(102 * SECOND));
  }

  @Test
  void octetsOfADayAreUsedUpUntilTheDayIsOver() {
    Meter meter = meter(1000, "P1D", 0);
    assertEquals(0, meter.untilMore(7));
    assertFalse(meter.use(7, 999));
    assertEquals(0, meter.untilMore(8));
    assertFalse(meter.use(8, 1));
    assertEquals(DAY - 1, meter.untilMore(8));
    assertTrue(meter.use(9, 5_000));
    assertEquals(1, meter.untilMore(DAY + 6));
    assertEquals(0, meter.untilMore(DAY + 7)); // nothing is owed
    assertFalse(meter.use(DAY + 7, 1000));
  }

  /** The products are beyond what a long holds. */
  @Test
  void largeAmountsAreExact() {
    Meter meter = meter(1L << 50, "PT1H", 0);
    assertFalse(meter.use(0, 1L << 49));
    assertFalse(meter.use(0, 1L << 49));
    assertTrue(meter.use(0, 1 << 20));
  }

  @ParameterizedTest
  @CsvSource({"PT1H", "P1D"})
  void threadsTogetherGetNotOneMore(String per) throws Exception {
    Meter meter = meter(30_000, per, 0);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Integer>> takers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        takers.add(
            () -> {
              int taken = 0;
              for (int n = 0; n < 10_000; n++) {
                taken += meter.take(0) == 0 ? 1 : 0;
              }
              return taken;
            });
      }
      int taken = 0;
      for (Future<Integer> one : threads.invokeAll(takers)) {
        taken += one.get();
      }
      assertEquals(30_000, taken);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.5S, 7 requests in 500 ms",
    "PT1S, 7 requests in 1 second",
    "PT90S, 7 requests in 90 seconds",
    "PT1M, 7 requests in 1 minute",
    "PT2H, 7 requests in 2 hours",
    "P1D, 7 requests in 1 day",
    "P30D, 7 requests in 30 days"
  })
  void itsTextIsInWords(String per, String text) {
    assertEquals(text, new Allowance(7, Duration.parse(per)).text("requests"));
  }
}
