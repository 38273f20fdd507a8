package io.tidegate.reverse.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.reverse.health.EjectionSettings.FailureRate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EjectionSettingsTest {
  private static final long SECOND = 1_000_000_000L;

  /** Chance at its lowest. */
  private static final RandomGenerator NONE = () -> 0;

  private static EjectionSettings maxShare(int percent) {
    return new EjectionSettings(
        5,
        List.of(new StatusRange(502, 504)),
        Optional.empty(),
        Optional.empty(),
        percent,
        Duration.ofSeconds(10),
        Duration.ofSeconds(45));
  }

  @ParameterizedTest(name = "{1} of {2} available, at most {0}% out: {3}")
  @CsvSource({
    "50, 1, 1, false",
    "50, 2, 2, true",
    "50, 1, 2, false",
    "50, 3, 3, true",
    "50, 2, 3, false",
    "50, 4, 4, true",
    "50, 3, 4, true",
    "50, 2, 4, false",
    "1, 100, 100, true",
    "1, 99, 100, false",
    "100, 2, 100, true",
    "100, 1, 100, false",
    "50, 0, 0, false",
  })
  void endpointsAreEjectedUpToTheMaximumShare(
      int percent, int available, int all, boolean expected) {
    assertEquals(expected, maxShare(percent).permits(available, all));
  }

  @ParameterizedTest(name = "{0} of {1}, panic below {2}%: {3}")
  @CsvSource({
    "0, 3, 10, true",
    "1, 3, 10, false",
    "1, 10, 10, false",
    "1, 11, 10, true",
    "1, 2, 50, false",
    "1, 3, 50, true",
    "0, 3, 0, false",
    "0, 0, 10, false",
    "9, 10, 100, true",
    "10, 10, 100, false",
  })
  void tooFewAvailableEndpointsAreReasonToPanic(
      int available, int all, int below, boolean expected) {
    HealthSettings settings = new HealthSettings(Optional.empty(), Optional.empty(), below);
    assertEquals(expected, settings.panics(available, all));
  }

  @ParameterizedTest(name = "{0} of {1}: {2}")
  @CsvSource({"4, 9, false", "5, 10, true", "4, 10, false", "9, 9, false", "50, 101, false"})
  void aFailureRateNeedsEnoughRequests(int failed, int requests, boolean expected) {
    FailureRate rate = new FailureRate(50, 10, Duration.ofSeconds(10));
    assertEquals(expected, rate.exceeded(failed, requests));
  }

  @Test
  void eachEjectionLastsABaseLongerUpToTheLongest() {
    EjectionSettings settings = maxShare(50);
    EjectionTime time = EjectionTime.NONE;
    long now = -5 * SECOND;
    for (int seconds : new int[] {10, 20, 30, 40, 45, 45}) {
      time = time.next(settings, now, NONE);
      assertEquals(now + seconds * SECOND, time.free());
      now = time.free();
    }
  }

  @Test
  void everyBaseWithoutAnEjectionTakesOneBack() {
    EjectionSettings settings = maxShare(50);
    EjectionTime third = new EjectionTime(3, 0);
    assertEquals(4, third.next(settings, 10 * SECOND - 1, NONE).times());
    assertEquals(3, third.next(settings, 10 * SECOND, NONE).times());
    assertEquals(1, third.next(settings, 30 * SECOND, NONE).times());
    assertEquals(1, third.next(settings, 3000 * SECOND, NONE).times());
  }

  @Test
  void chanceLengthensAnEjectionByATenthAtMost() {
    RandomGenerator most = () -> -1L >>> 1; // what nextLong(bound) makes the most of
    long free = EjectionTime.NONE.next(maxShare(50), 0, most).free();
    assertTrue(free > 10 * SECOND && free <= 11 * SECOND, () -> "" + free);
  }

  @ParameterizedTest
  @CsvSource({"501, false", "502, true", "504, true", "505, false"})
  void statusesOfTheRangesCount(int status, boolean expected) {
    assertEquals(expected, maxShare(50).countsAsFailure(status));
  }

  @Test
  void whatTheClientOrWeOurselvesCauseIsNotHeldAgainstTheEndpoint() {
    Failure left = Failure.badRequest(499, "the client went away");
    assertFalse(RequestFailures.areOfEndpoint(left.error()));
    assertFalse(RequestFailures.areOfEndpoint(ProxyError.CONNECTION_LIMIT_REACHED));
    assertFalse(RequestFailures.areOfEndpoint(ProxyError.PROXY_INTERNAL_ERROR));
    assertFalse(RequestFailures.areOfEndpoint(ProxyError.PROXY_CONFIGURATION_ERROR));
    assertTrue(RequestFailures.areOfEndpoint(ProxyError.CONNECTION_REFUSED));
    assertTrue(RequestFailures.areOfEndpoint(ProxyError.HTTP_RESPONSE_TIMEOUT));
  }
}
