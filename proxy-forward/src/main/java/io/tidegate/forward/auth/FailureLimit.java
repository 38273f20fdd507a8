package io.tidegate.forward.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tidegate.core.limit.ClientNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Makes guessing slow: counts the failures of each client address within a window that begins with
 * the first. An IPv6 address counts with all others of its /64. For any thread.
 */
final class FailureLimit {
  private static final int MOST_ADDRESSES = 100_000;
  private static final long SECOND = 1_000_000_000;

  private record Failures(int count, long since) {}

  private final int most;
  private final long window;
  private final Duration delay;
  private final Duration maxDelay;
  private final LongSupplier nanoTime;
  private final Cache<Object, Failures> addresses;

  /**
   * Limits failures.
   *
   * @param most how many an address may have in a window
   * @param delay how long the first is slowed; doubles with each
   * @param maxDelay how long one is slowed at most
   * @param nanoTime like {@link System#nanoTime}
   */
  FailureLimit(
      int most, Duration window, Duration delay, Duration maxDelay, LongSupplier nanoTime) {
    this.most = most;
    this.window = window.toNanos();
    this.delay = delay;
    this.maxDelay = maxDelay;
    this.nanoTime = nanoTime;
    this.addresses =
        Caffeine.newBuilder()
            .maximumSize(MOST_ADDRESSES)
            .expireAfterWrite(window)
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** After how many seconds {@code client} may try again; 0 if it may now. */
  long retryAfter(InetAddress client) {
    Failures failures = addresses.getIfPresent(network(client));
    if (failures == null || failures.count() < most) {
      return 0;
    }
    long left = window - (nanoTime.getAsLong() - failures.since());
    return left <= 0 ? 0 : (left + SECOND - 1) / SECOND;
  }

  /** {@code client} has failed once more. */
  void count(InetAddress client) {
    Failures one = new Failures(1, nanoTime.getAsLong());
    addresses.asMap().merge(network(client), one, this::sum);
  }

  /** How long {@code client}, which has failed, is to wait for the answer. */
  Duration delay(InetAddress client) {
    Failures failures = addresses.getIfPresent(network(client));
    int doublings = failures == null ? 0 : Math.min(failures.count() - 1, 30);
    Duration doubled = delay.multipliedBy(1L << doublings);
    return doubled.compareTo(maxDelay) < 0 ? doubled : maxDelay;
  }

  private Failures sum(Failures before, Failures one) {
    boolean over = one.since() - before.since() >= window;
    return over ? one : new Failures(before.count() + 1, before.since());
  }

  /** {@code client} has given the right password: it may have been mistyped before. */
  void succeeded(InetAddress client) {
    addresses.invalidate(network(client));
  }

  /** How many addresses are remembered. */
  long size() {
    addresses.cleanUp();
    return addresses.estimatedSize();
  }

  private static Object network(InetAddress client) {
    return ClientNetwork.of(client, ClientNetwork.DEFAULT_IPV6_PREFIX);
  }
}
