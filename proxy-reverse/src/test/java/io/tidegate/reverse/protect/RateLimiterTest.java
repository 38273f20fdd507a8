package io.tidegate.reverse.protect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.reverse.Requests;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimiterTest {
  private static final ForwardedFields FORWARDED =
      new ForwardedFields(ForwardedMode.X_FORWARDED, List.of(AddressRange.parse("10.0.0.0/8")));

  private long now = Long.MAX_VALUE - 5;

  private RateLimiter limiter(UnaryOperator<RateLimitBuilder> details) {
    RateLimitBuilder builder = new RateLimitBuilder("quota", 1, Duration.ofSeconds(10));
    return new RateLimiter(details.apply(builder).settings(), FORWARDED, () -> now);
  }

  private static ClientRequest from(String client, String... fields) {
    return Requests.request("GET", "a", "/", false, client, fields);
  }

  @ParameterizedTest(name = "{0} and {1} share a limit: {2}")
  @CsvSource({
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "2001:db8:0:1::1, 2001:db8:0:1:ffff::2, true",
    "2001:db8:0:1::1, 2001:db8:0:2::1, false",
  })
  void clientsAreCountedByAddressAndNetwork(String one, String other, boolean shared) {
    RateLimiter limiter = limiter(RateLimitBuilder::perClient);
    assertEquals(0, limiter.take(from(one)));
    assertEquals(shared ? 10_000_000_000L : 0, limiter.take(from(other)));
  }

  @ParameterizedTest(name = "/{0}: {1} and {2} share a limit: {3}")
  @CsvSource({
    "128, 2001:db8::1, 2001:db8::2, false",
    "127, 2001:db8::2, 2001:db8::3, true",
    "65, 2001:db8::8000:0:0:1, 2001:db8::1, false",
    "48, 2001:db8:1:2::1, 2001:db8:1:3::1, true",
    "48, 2001:db8:1::1, 2001:db8:2::1, false",
    "1, ::1, 7fff::1, true",
  })
  void anyPrefixCanCount(int prefix, String one, String other, boolean shared) {
    RateLimiter limiter = limiter(limit -> limit.perClient(prefix));
    assertEquals(0, limiter.take(from(one)));
    assertEquals(shared, limiter.take(from(other)) > 0);
  }

  @Test
  void clientsBehindATrustedProxyAreToldApart() {
    RateLimiter limiter = limiter(RateLimitBuilder::perClient);
    assertEquals(0, limiter.take(from("10.0.0.1", "X-Forwarded-For", "198.51.100.1")));
    assertEquals(0, limiter.take(from("10.0.0.1", "X-Forwarded-For", "198.51.100.2")));
    assertEquals(0, limiter.take(from("203.0.113.9", "X-Forwarded-For", "198.51.100.3")));
    assertEquals(
        10_000_000_000L, limiter.take(from("203.0.113.9", "X-Forwarded-For", "198.51.100.4")));
  }

  @Test
  void valuesOfAFieldAreCountedApartAndRequestsWithoutOneValueTogether() {
    RateLimiter limiter = limiter(limit -> limit.perField("X-Key"));
    String large = "k".repeat(5_000);
    assertEquals(0, limiter.take(from("192.0.2.1", "X-Key", "a")));
    assertEquals(0, limiter.take(from("192.0.2.1", "X-Key", "b")));
    assertEquals(0, limiter.take(from("192.0.2.1", "X-Key", large + "1")));
    assertEquals(0, limiter.take(from("192.0.2.1", "X-Key", large + "2")));
    assertEquals(0, limiter.take(from("192.0.2.1")));
    assertEquals(10_000_000_000L, limiter.take(from("192.0.2.2")));
    assertEquals(10_000_000_000L, limiter.take(from("192.0.2.2", "x-key", "a")));
    assertEquals(10_000_000_000L, limiter.take(from("192.0.2.2", "X-Key", "c", "X-Key", "d")));
    assertEquals(10_000_000_000L, limiter.take(from("192.0.2.2", "X-Key", large + "1")));
  }

  @Test
  void withoutAKeyAllAreCountedTogether() {
    RateLimiter limiter = limiter(limit -> limit);
    assertEquals(0, limiter.take(from("192.0.2.1")));
    now += 1;
    assertEquals(9_999_999_999L, limiter.take(from("192.0.2.2")));
  }

  @Test
  void aBucketThatFillsIsNotForgottenBefore() {
    RateLimiter limiter = limiter(limit -> limit.perClient().burst(2));
    assertEquals(0, limiter.take(from("192.0.2.1")));
    assertEquals(0, limiter.take(from("192.0.2.1")));
    now += 19_999_999_999L;
    assertEquals(0, limiter.take(from("192.0.2.1")));
    assertEquals(1, limiter.take(from("192.0.2.1")));
  }

  @Test
  void aResponseCanTellHowMuchIsLeft() {
    RateLimiter limiter = limiter(limit -> limit.perClient().burst(3));
    ClientRequest request = from("192.0.2.1");
    assertEquals(3, limiter.remaining(limiter.untilFull(request)));
    assertEquals(0, limiter.take(request));
    assertEquals(10_000_000_000L, limiter.untilFull(request));
    assertEquals(2, limiter.remaining(limiter.untilFull(request)));
    now += 1;
    assertEquals(2, limiter.remaining(limiter.untilFull(request)));
    now += 9_999_999_999L;
    assertEquals(3, limiter.remaining(limiter.untilFull(request)));
  }

  @Test
  void theNumberOfKeysIsBounded() {
    RateLimiter limiter = limiter(limit -> limit.perClient().maxKeys(10));
    for (int i = 0; i < 10_000; i++) {
      limiter.take(from("192.0." + i / 256 + "." + i % 256));
    }
    assertEquals(10, limiter.keys());
  }

  @Test
  void whatCannotWorkIsRejected() {
    record Case(RateLimitBuilder limit, String problem) {}
    Duration minute = Duration.ofMinutes(1);
    List<Case> cases =
        List.of(
            new Case(
                new RateLimitBuilder("", 1, minute),
                "rateLimit:  (expected: a name of printable ASCII)"),
            new Case(
                new RateLimitBuilder("q", 0, minute).burst(1),
                "rateLimit q: requests: 0 (expected: 1 to 1000000000)"),
            new Case(
                new RateLimitBuilder("q", 1, minute).burst(0),
                "rateLimit q: burst: 0 (expected: 1 to 1000000000)"),
            new Case(
                new RateLimitBuilder("q", 1, Duration.ZERO),
                "rateLimit q: per: PT0S (expected: more than 0, at most 365 days)"),
            new Case(
                new RateLimitBuilder("q", 1, minute).maxKeys(0),
                "rateLimit q: maxKeys: 0 (expected: >= 1)"),
            new Case(
                new RateLimitBuilder("q", 1_000_001, Duration.ofSeconds(1)),
                "rateLimit q: requests: 1000001 in PT1S (expected: at most 1000000 in a second)"),
            new Case(
                new RateLimitBuilder("q", 1, Duration.ofDays(365)).burst(1_000),
                "rateLimit q: burst: 1000 (expected: what comes back within a century)"),
            new Case(
                new RateLimitBuilder("q", 1, minute).perClient(129),
                "ipv6Prefix: 129 (expected: 1 to 128)"),
            new Case(
                new RateLimitBuilder("q", 1, minute).perField("a b"),
                "field name: 'a b' (expected: a token)"));
    for (Case one : cases) {
      InvalidSettingsException thrown =
          assertThrows(InvalidSettingsException.class, one.limit::settings);
      assertEquals(List.of(one.problem), thrown.problems());
    }
  }
}
