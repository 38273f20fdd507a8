package io.tidegate.core.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a stale response may be used (RFC 9111 §4.2.4, RFC 5861). */
final class Staleness {
  private Staleness() {}

  /** What allows the use of a stale response now, or null. */
  static CacheDecision.@Nullable Allowance allowance(
      StoredResponse stored, CacheControl request, CacheSettings settings, long now) {
    long staleness = -stored.freshFor(now);
    if (stored.isNeverUsedStale()) {
      return null;
    }
    if (isWithin(staleness, maxStale(request))) {
      return CacheDecision.Allowance.MAX_STALE;
    }
    return !wantsFresh(request) && isWithin(staleness, whileRevalidate(stored, settings))
        ? CacheDecision.Allowance.WHILE_REVALIDATE
        : null;
  }

  /** Whether it may be used if the origin fails. Whichever of the two sides allows more counts. */
  static boolean ifError(
      StoredResponse stored, CacheControl request, CacheSettings settings, long now) {
    if (stored.isNeverUsedStale() || request.noCache()) {
      return false;
    }
    long granted = wantsFresh(request) ? 0 : ifError(stored, settings);
    return isWithin(-stored.freshFor(now), Math.max(granted, request.staleIfError() * 1000));
  }

  /** Whether it may be used if nobody answers (RFC 9111 §4.2.4: a cache that is disconnected). */
  static boolean ifUnreachable(
      StoredResponse stored, CacheControl request, CacheSettings settings, long now) {
    boolean allowed = !stored.isNeverUsedStale() && !request.noCache() && !wantsFresh(request);
    return allowed && isWithin(-stored.freshFor(now), settings.staleIfUnreachable().toMillis());
  }

  /** For how many milliseconds a response may be used while a fresh one is fetched. */
  static long whileRevalidate(StoredResponse stored, CacheSettings settings) {
    return grace(stored.directives().staleWhileRevalidate(), settings.staleWhileRevalidate());
  }

  /** For how many milliseconds a response may be used if the origin fails. */
  static long ifError(StoredResponse stored, CacheSettings settings) {
    return grace(stored.directives().staleIfError(), settings.staleIfError());
  }

  private static long grace(long seconds, Duration otherwise) {
    return seconds == CacheControl.ABSENT ? otherwise.toMillis() : seconds * 1000;
  }

  private static long maxStale(CacheControl request) {
    boolean any = request.maxStale() == CacheControl.ANY_STALENESS;
    return any ? Long.MAX_VALUE : request.maxStale() * 1000;
  }

  /** A client that says how fresh it wants a response takes no stale one (RFC 9111 §5.2.1.1). */
  private static boolean wantsFresh(CacheControl request) {
    return (request.maxAge() >= 0 || request.minFresh() >= 0) && request.maxStale() <= 0;
  }

  /** Both in milliseconds; a grace of none is no grace for what becomes stale this moment. */
  private static boolean isWithin(long staleness, long grace) {
    return grace > 0 && staleness <= grace;
  }
}
