package io.tidegate.reverse.protect;

import io.tidegate.core.http.StructuredValue;
import io.tidegate.core.spi.Checks;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How many requests may come in a time.
 *
 * @param name what clients see in RateLimit fields; printable ASCII
 * @param key which requests are counted together
 * @param requests how many tokens come back in {@code per}; one is taken for each request
 * @param per the time for {@code requests}
 * @param burst how many tokens there are at most, which is how many requests may come at once;
 *     empty for as many as {@code requests}
 * @param maxKeys how many keys are remembered; beyond it those seen least are forgotten and begin
 *     anew
 * @param tellsClients whether every response has RateLimit-Policy and RateLimit, not only a refusal
 */
public record RateLimitSettings(
    String name,
    LimitKey key,
    long requests,
    Duration per,
    OptionalLong burst,
    int maxKeys,
    boolean tellsClients) {
  /** The keys that are remembered unless said otherwise. */
  public static final int DEFAULT_MAX_KEYS = 100_000;

  private static final long MOST = 1_000_000_000;

  /** Rejects what cannot work. */
  public RateLimitSettings {
    String limit = "rateLimit " + name + ": ";
    Checks checks = new Checks();
    if (name.isEmpty() || !StructuredValue.Text.isPrintable(name)) {
      checks.reject("rateLimit", name, "a name of printable ASCII");
    }
    checks.between(limit + "requests", requests, 1, MOST);
    checks.duration(limit + "per", per);
    burst.ifPresent(tokens -> checks.between(limit + "burst", tokens, 1, MOST));
    checks.atLeast(limit + "maxKeys", maxKeys, 1);
    if (checks.passed() && per.toNanos() / requests < 1_000) {
      checks.reject(limit + "requests", requests + " in " + per, "at most 1000000 in a second");
    }
    long most = burst.orElse(requests);
    if (checks.passed() && Long.MAX_VALUE / 2 / interval(requests, per) < most) {
      checks.reject(limit + "burst", most, "what comes back within a century");
    }
    checks.done();
  }

  /** How many tokens there are at most. */
  long capacity() {
    return burst.orElse(requests);
  }

  /** Nanoseconds in which one token comes back, rounded up: the rate is never exceeded. */
  long interval() {
    return interval(requests, per);
  }

  private static long interval(long requests, Duration per) {
    return (per.toNanos() + requests - 1) / requests;
  }
}
