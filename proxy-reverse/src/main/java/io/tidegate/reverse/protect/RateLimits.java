package io.tidegate.reverse.protect;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.StructuredValue;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rate limits of a route, asked in the order of their declaration, and what clients are told of
 * them (draft-ietf-httpapi-ratelimit-headers-11). A request that one refuses has counted for those
 * before.
 */
final class RateLimits implements RequestFilter {
  private static final FieldName POLICY = FieldName.of("RateLimit-Policy");
  private static final FieldName STATE = FieldName.of("RateLimit");
  private static final Failure REFUSED = Refusals.denied(429, "too many requests");
  private static final long SECOND = 1_000_000_000;

  private final RateLimiter[] limiters;
  private final boolean tells;

  RateLimits(List<RateLimiter> limiters) {
    this.limiters = limiters.toArray(RateLimiter[]::new);
    this.tells = limiters.stream().anyMatch(limiter -> limiter.settings().tellsClients());
  }

  /** Whether there is a limit. */
  boolean any() {
    return limiters.length > 0;
  }

  /** Whether every response tells of a limit. */
  boolean tells() {
    return tells;
  }

  /** Counts a request: null if it may pass. */
  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    for (RateLimiter limiter : limiters) {
      long wait = limiter.take(request);
      if (wait > 0) {
        return REFUSED.with(
            "Retry-After",
            Long.toString(seconds(wait)),
            POLICY.toString(),
            policy(limiter),
            STATE.toString(),
            state(limiter, request));
      }
    }
    return null;
  }

  /** What {@link #refuses} would say; the request does not count, and the client is told less. */
  @Nullable Failure wouldRefuse(ClientRequest request) {
    for (RateLimiter limiter : limiters) {
      if (!limiter.wouldTake(request)) {
        return REFUSED;
      }
    }
    return null;
  }

  /** Tells of the limits that are to be told. */
  void tell(ClientRequest request, FieldEdits fields) {
    for (RateLimiter limiter : limiters) {
      if (limiter.settings().tellsClients()) {
        fields.append(POLICY, policy(limiter));
        fields.append(STATE, state(limiter, request));
      }
    }
  }

  /** As {@link #tell}, in a response of our own: a refusal tells of its limit only. */
  void tellUnlessTold(ClientRequest request, FieldEdits fields) {
    if (!fields.contains(STATE)) {
      tell(request, fields);
    }
  }

  /** {@code q} requests in {@code w} seconds: what a full bucket holds, and how long it fills. */
  private static String policy(RateLimiter limiter) {
    RateLimitSettings settings = limiter.settings();
    long window = seconds(settings.interval() * settings.capacity());
    return item(settings)
        .with("q", new StructuredValue.Int(settings.capacity()))
        .with("w", new StructuredValue.Int(window))
        .text();
  }

  /** {@code r} requests that remain, and {@code t} seconds until there are all of them again. */
  private static String state(RateLimiter limiter, ClientRequest request) {
    long untilFull = limiter.untilFull(request);
    return item(limiter.settings())
        .with("r", new StructuredValue.Int(limiter.remaining(untilFull)))
        .with("t", new StructuredValue.Int(seconds(untilFull)))
        .text();
  }

  private static StructuredValue.Item item(RateLimitSettings settings) {
    return StructuredValue.Item.of(new StructuredValue.Text(settings.name()));
  }

  private static long seconds(long nanos) {
    return (nanos + SECOND - 1) / SECOND;
  }
}
