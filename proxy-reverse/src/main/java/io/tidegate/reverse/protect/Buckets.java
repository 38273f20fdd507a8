package io.tidegate.reverse.protect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tidegate.core.limit.TokenBucket;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The token buckets of a rate limit, one for each key; full ones to begin with. For all threads.
 */
final class Buckets {
  /** The bucket of a limit with a single key; otherwise there is {@link #buckets}. */
  private final @Nullable TokenBucket only;

  /** A bucket that nobody has touched for as long as it takes to fill is as good as a new one. */
  private final Cache<Object, TokenBucket> buckets;

  /** {@code nanoTime} is like {@link System#nanoTime}. */
  Buckets(RateLimitSettings settings, LongSupplier nanoTime) {
    this.only =
        settings.key() instanceof LimitKey.OfAll ? new TokenBucket(nanoTime.getAsLong()) : null;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(settings.maxKeys())
            .expireAfterAccess(Duration.ofNanos(settings.interval() * settings.capacity()))
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** The bucket of all requests; null if there is one for each key. */
  @Nullable TokenBucket only() {
    return only;
  }

  /** The bucket of {@code key}, a new one at {@code now} if there is none. */
  TokenBucket of(Object key, long now) {
    return buckets.get(key, absent -> new TokenBucket(now));
  }

  /** The bucket of {@code key} if there is one; it is not remembered any longer for being asked. */
  @Nullable TokenBucket known(Object key) {
    return buckets.policy().getIfPresentQuietly(key);
  }

  /** How many keys are remembered. */
  long keys() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }
}
