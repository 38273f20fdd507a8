package io.tidegate.reverse;

import io.tidegate.core.spi.Secret;
import io.tidegate.reverse.affinity.AffinitySettings;
import java.time.Duration;
import java.util.Optional;

/** Describes how clients stay with an endpoint. */
public final class AffinityBuilder {
  private final String cookie;
  private Optional<Duration> maxAge = Optional.empty();
  private Optional<Secret> key = Optional.empty();
  private boolean strict;

  AffinityBuilder(String cookie) {
    this.cookie = cookie;
  }

  /** How long clients keep the cookie, whole seconds; until they end unless called. */
  public AffinityBuilder maxAge(Duration time) {
    this.maxAge = Optional.of(time);
    return this;
  }

  /**
   * A secret of 16 to 1,024 characters that values of the cookie are made with: proxies with the
   * same one understand each other's cookies, and those from before a restart. Made up for each
   * proxy unless called.
   */
  public AffinityBuilder key(Secret secret) {
    this.key = Optional.of(secret);
    return this;
  }

  /** As {@link #key(Secret)}, with the secret itself. */
  public AffinityBuilder key(String secret) {
    return key(Secret.of(secret));
  }

  /**
   * Answers 503 to a client whose endpoint is gone or unavailable. Unless called, it is sent to
   * another endpoint, and stays there.
   */
  public AffinityBuilder strict() {
    this.strict = true;
    return this;
  }

  AffinitySettings settings() {
    return new AffinitySettings(cookie, maxAge, key, strict);
  }
}
