package io.tidegate.reverse.protect;

import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.limit.TokenBucket;
import io.tidegate.core.spi.ClientRequest;
import java.util.function.LongSupplier;

/** A rate limit at work: a token bucket for each key, shared by all IO threads. */
final class RateLimiter {
  private final RateLimitSettings settings;
  private final KeyReader keys;
  private final LongSupplier nanoTime;
  private final long interval;

  private final Buckets buckets;

  /** A limiter whose buckets are full; {@code nanoTime} is like {@link System#nanoTime}. */
  RateLimiter(RateLimitSettings settings, ForwardedFields forwarded, LongSupplier nanoTime) {
    this(
        settings,
        new Buckets(settings, nanoTime),
        KeyReader.of(settings.key(), forwarded),
        nanoTime);
  }

  /** A limiter that counts on in {@code buckets}, by {@code keys}. */
  RateLimiter(RateLimitSettings settings, Buckets buckets, KeyReader keys, LongSupplier nanoTime) {
    this.settings = settings;
    this.keys = keys;
    this.nanoTime = nanoTime;
    this.interval = settings.interval();
    this.buckets = buckets;
  }

  RateLimitSettings settings() {
    return settings;
  }

  /** Counts a request: 0 if it may pass, else the nanoseconds after which one may. */
  long take(ClientRequest request) {
    long now = nanoTime.getAsLong();
    return bucket(request, now).take(now, interval, settings.capacity());
  }

  /** Whether a request may pass; it does not count, nor is its key remembered for it. */
  boolean wouldTake(ClientRequest request) {
    TokenBucket bucket = buckets.only();
    if (bucket == null) {
      bucket = buckets.known(keys.key(request));
    }
    long missing = bucket == null ? 0 : bucket.untilFull(nanoTime.getAsLong());
    return missing <= (settings.capacity() - 1) * interval;
  }

  /** The nanoseconds until the request's key has all its tokens again. */
  long untilFull(ClientRequest request) {
    long now = nanoTime.getAsLong();
    return bucket(request, now).untilFull(now);
  }

  /** How many requests may come at once when the bucket is full after {@code untilFull}. */
  long remaining(long untilFull) {
    return Math.max(0, settings.capacity() - (untilFull + interval - 1) / interval);
  }

  /** How many keys are remembered. */
  long keys() {
    return buckets.keys();
  }

  private TokenBucket bucket(ClientRequest request, long now) {
    TokenBucket single = buckets.only();
    return single != null ? single : buckets.of(keys.key(request), now);
  }
}
