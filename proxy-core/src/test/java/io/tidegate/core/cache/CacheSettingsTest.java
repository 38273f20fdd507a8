package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.http.FieldName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheSettingsTest {
  private static final Duration YEAR = Duration.ofDays(365);

  @Test
  void onlyAReverseProxyHasATargetedField() {
    assertEquals(List.of(), CacheSettings.FORWARD.targets());
    assertEquals(List.of(FieldName.of("CDN-Cache-Control")), CacheSettings.REVERSE.targets());
  }

  @Test
  void oneResponseTakesAnEighthOfTheMemoryAtTheMost() {
    CacheSettings defaults = CacheSettings.FORWARD;
    assertEquals(64L << 20, defaults.maxBytes());
    assertEquals(defaults.maxBytes() / 8, defaults.longestResponse());
  }

  @Test
  void aQueryOfUpTo64KiBIsStored() {
    assertEquals(65_536, CacheSettings.FORWARD.maxQueryBytes());
    assertEquals(65_536, CacheSettings.REVERSE.maxQueryBytes());
  }

  @Test
  void extremesAreAccepted() {
    settings(0, 0, 1, 0, Duration.ofMillis(1), 1, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    settings(9, 9, 1, 16 << 20, YEAR, 100, YEAR, YEAR, YEAR);
  }

  @Test
  void everyProblemIsNamed() {
    Duration long1 = YEAR.plusMillis(1);
    Duration less = Duration.ofMillis(-1);
    Exception low =
        assertThrows(
            IllegalArgumentException.class,
            () -> settings(-1, 1, 0, -1, Duration.ofNanos(999_999), 0, less, less, less));
    assertEquals(
        """
        maxBytes: -1 (expected: >= 0)
        maxResponseBytes: 1 (expected: 0 to 0)
        maxVariants: 0 (expected: >= 1)
        maxQueryBytes: -1 (expected: 0 to 16777216)
        fillTimeout: PT0.000999999S (expected: 1 ms to 365 days)
        heuristicPercent: 0 (expected: 1 to 100)
        heuristicMax: PT-0.001S (expected: 0 to 365 days)
        staleWhileRevalidate: PT-0.001S (expected: 0 to 365 days)
        staleIfUnreachable: PT-0.001S (expected: 0 to 365 days)
        staleIfError: PT-0.001S (expected: 0 to 365 days)""",
        String.join("\n", low.getMessage().lines().toList()));
    Exception high =
        assertThrows(
            IllegalArgumentException.class,
            () -> settings(5, 6, 1, (16 << 20) + 1, long1, 101, long1, long1, long1));
    assertEquals(8, high.getMessage().lines().count());
  }

  private static CacheSettings settings(
      long maxBytes,
      long maxResponseBytes,
      int maxVariants,
      int maxQueryBytes,
      Duration fillTimeout,
      int percent,
      Duration heuristicMax,
      Duration whileRevalidate,
      Duration ifOriginFails) {
    return new CacheSettings(
        maxBytes,
        Optional.of(maxResponseBytes),
        maxVariants,
        maxQueryBytes,
        fillTimeout,
        true,
        percent,
        heuristicMax,
        whileRevalidate,
        ifOriginFails,
        ifOriginFails,
        List.of(),
        true,
        KeyPolicy.DEFAULT,
        Optional.empty(),
        true,
        true,
        true,
        false);
  }
}
