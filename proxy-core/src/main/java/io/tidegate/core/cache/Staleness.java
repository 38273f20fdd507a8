package io.tidegate.core.cache;

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
    if (isWithin(staleness, request.maxStale())) {
      return CacheDecision.Allowance.MAX_STALE;
    }
    long given = stored.directives().staleWhileRevalidate();
    long grace = given >= 0 ? given : settings.staleWhileRevalidate().toSeconds();
    return !wantsFresh(request) && isWithin(staleness, grace)
        ? CacheDecision.Allowance.WHILE_REVALIDATE
        : null;
  }

  /** Whether it may be used if the origin fails. Whichever of the two sides allows more counts. */
  static boolean ifError(
      StoredResponse stored, CacheControl request, CacheSettings settings, long now) {
    if (stored.isNeverUsedStale() || request.noCache()) {
      return false;
    }
    long given = stored.directives().staleIfError();
    long grace = given >= 0 ? given : settings.staleIfError().toSeconds();
    long granted = wantsFresh(request) ? 0 : grace;
    return isWithin(-stored.freshFor(now), Math.max(granted, request.staleIfError()));
  }

  /** Whether it may be used if nobody answers (RFC 9111 §4.2.4: a cache that is disconnected). */
  static boolean ifUnreachable(
      StoredResponse stored, CacheControl request, CacheSettings settings, long now) {
    boolean allowed = !stored.isNeverUsedStale() && !request.noCache() && !wantsFresh(request);
    return allowed && isWithin(-stored.freshFor(now), settings.staleIfUnreachable().toSeconds());
  }

  /** A client that says how fresh it wants a response takes no stale one (RFC 9111 §5.2.1.1). */
  private static boolean wantsFresh(CacheControl request) {
    return (request.maxAge() >= 0 || request.minFresh() >= 0) && request.maxStale() <= 0;
  }

  /** Whether so many milliseconds are no more than so many seconds, of which there are some. */
  private static boolean isWithin(long milliseconds, long seconds) {
    boolean any = seconds == CacheControl.ANY_STALENESS;
    return seconds > 0 && (any || milliseconds <= seconds * 1000);
  }
}
