package io.tidegate.reverse.protect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.limit.TokenBucket;
import io.tidegate.core.spi.ClientRequest;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A rate limit at work: a token bucket for each key, shared by all IO threads. */
final class RateLimiter {
  private final RateLimitSettings settings;
  private final KeyReader keys;
  private final LongSupplier nanoTime;
  private final long interval;

  /** The bucket of a limit with a single key; otherwise there is {@link #buckets}. */
  private final @Nullable TokenBucket only;

  /** A bucket that nobody has touched for as long as it takes to fill is as good as a new one. */
  private final Cache<Object, TokenBucket> buckets;

  /** A limiter whose buckets are full; {@code nanoTime} is like {@link System#nanoTime}. */
  RateLimiter(RateLimitSettings settings, ForwardedFields forwarded, LongSupplier nanoTime) {
    this.settings = settings;
    this.keys = KeyReader.of(settings.key(), forwarded);
    this.nanoTime = nanoTime;
    this.interval = settings.interval();
    this.only =
        settings.key() instanceof LimitKey.OfAll ? new TokenBucket(nanoTime.getAsLong()) : null;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(settings.maxKeys())
            .expireAfterAccess(Duration.ofNanos(interval * settings.capacity()))
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
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
    TokenBucket bucket = only;
    if (bucket == null) {
      bucket = buckets.policy().getIfPresentQuietly(keys.key(request));
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
    buckets.cleanUp();
    return buckets.estimatedSize();
  }

  private TokenBucket bucket(ClientRequest request, long now) {
    TokenBucket single = only;
    return single != null ? single : buckets.get(keys.key(request), key -> new TokenBucket(now));
  }
}
