package io.tidegate.forward.quota;

import io.tidegate.core.limit.TokenBucket;
import io.tidegate.forward.access.RequestPattern;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What has passed of late by a limit of bandwidth: of each connection, each user and all. It does
 * not depend on the rates, which may change.
 */
final class BandwidthBuckets {
  private static final Duration MEMORY = Duration.ofMinutes(10);

  /** Of several limits for the same requests, each has its number. */
  record Place(RequestPattern only, int number) {}

  /** One way and the other. */
  record Pair(TokenBucket up, TokenBucket down) {
    static Pair at(long now) {
      return new Pair(new TokenBucket(now), new TokenBucket(now));
    }
  }

  final Keyed<Pair> connections;
  final Keyed<Pair> users;
  final Pair all;

  /** Nothing as yet; {@code nanoTime} is like {@link System#nanoTime}. */
  BandwidthBuckets(LongSupplier nanoTime) {
    this.connections = new Keyed<>(Pair::at, MEMORY, nanoTime);
    this.users = new Keyed<>(Pair::at, MEMORY, nanoTime);
    this.all = Pair.at(nanoTime.getAsLong());
  }
}
