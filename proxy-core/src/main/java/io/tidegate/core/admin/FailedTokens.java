package io.tidegate.core.admin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tidegate.core.limit.ClientNetwork;
import io.tidegate.core.limit.TokenBucket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Who has tried too many wrong tokens: each client has ten attempts, and one more in six seconds.
 */
final class FailedTokens {
  private static final int ATTEMPTS = 10;
  private static final long INTERVAL = Duration.ofSeconds(6).toNanos();
  private static final int MOST_CLIENTS = 10_000;

  private final LongSupplier nanoTime;
  private final Cache<Object, TokenBucket> clients;

  /** {@code nanoTime} is like {@link System#nanoTime}. */
  FailedTokens(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.clients =
        Caffeine.newBuilder()
            .maximumSize(MOST_CLIENTS)
            .expireAfterAccess(Duration.ofNanos(INTERVAL * ATTEMPTS))
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** After how many seconds {@code client} may try again; 0 if it may now. */
  long retryAfter(InetAddress client) {
    TokenBucket attempts = clients.getIfPresent(key(client));
    if (attempts == null) {
      return 0;
    }
    long wait = attempts.untilFull(nanoTime.getAsLong()) - (ATTEMPTS - 1) * INTERVAL;
    return wait <= 0 ? 0 : (wait + 999_999_999) / 1_000_000_000;
  }

  /** {@code client} has tried a wrong one. */
  void count(InetAddress client) {
    long now = nanoTime.getAsLong();
    TokenBucket attempts = clients.get(key(client), made -> new TokenBucket(now));
    attempts.take(now, INTERVAL, ATTEMPTS);
  }

  private static Object key(InetAddress client) {
    return ClientNetwork.of(client, ClientNetwork.DEFAULT_IPV6_PREFIX);
  }
}
