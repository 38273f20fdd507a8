package io.tidegate.reverse.protect;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Describes a rate limit. Counts all requests together unless told otherwise. */
public final class RateLimitBuilder {
  private final String name;
  private final long requests;
  private final Duration per;
  private Supplier<LimitKey> key = LimitKey.OfAll::new;
  private OptionalLong burst = OptionalLong.empty();
  private int maxKeys = RateLimitSettings.DEFAULT_MAX_KEYS;
  private boolean tellsClients;

  RateLimitBuilder(String name, long requests, Duration per) {
    this.name = name;
    this.requests = requests;
    this.per = per;
  }

  /** Starts from what {@code settings} say. */
  RateLimitBuilder settings(RateLimitSettings settings) {
    this.key = settings::key;
    this.tellsClients = settings.tellsClients();
    this.burst = settings.burst();
    return maxKeys(settings.maxKeys());
  }

  /** Counts by client address, those of an IPv6 /64 together. */
  public RateLimitBuilder perClient() {
    return perClient(LimitKey.OfClient.DEFAULT_IPV6_PREFIX);
  }

  /** Counts by client address, those of an IPv6 network with this prefix together. */
  public RateLimitBuilder perClient(int ipv6Prefix) {
    this.key = () -> new LimitKey.OfClient(ipv6Prefix);
    return this;
  }

  /** Counts by the value of a request field; requests without it are counted together. */
  public RateLimitBuilder perField(String name) {
    this.key = () -> new LimitKey.OfField(name);
    return this;
  }

  /** How many requests may come at once; as many as in the limit's time unless called. */
  public RateLimitBuilder burst(long requests) {
    this.burst = OptionalLong.of(requests);
    return this;
  }

  /**
   * How many addresses or values are remembered, 100,000 unless called. Each takes about 200
   * octets.
   */
  public RateLimitBuilder maxKeys(int keys) {
    this.maxKeys = keys;
    return this;
  }

  /**
   * Tells clients in RateLimit-Policy and RateLimit of every response how much they have left
   * (draft-ietf-httpapi-ratelimit-headers).
   */
  public RateLimitBuilder tellClients() {
    this.tellsClients = true;
    return this;
  }

  RateLimitSettings settings() {
    return new RateLimitSettings(name, key.get(), requests, per, burst, maxKeys, tellsClients);
  }
}
