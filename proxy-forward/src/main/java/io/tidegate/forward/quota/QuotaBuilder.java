package io.tidegate.forward.quota;

import io.tidegate.forward.access.RequestPattern;
import java.time.Duration;
import java.util.Optional;

/** Describes a quota. Counts all requests together unless told otherwise. */
public final class QuotaBuilder {
  private QuotaKey key = QuotaKey.ALL;
  private RequestPattern only = RequestPattern.ANY;
  private Optional<Allowance> requests = Optional.empty();
  private Optional<Allowance> octets = Optional.empty();
  private boolean cutsOff;
  private Optional<Integer> maxActiveRequests = Optional.empty();
  private Optional<Integer> maxTunnels = Optional.empty();

  /** A quota of nothing yet. */
  QuotaBuilder() {}

  /** Counts by user; clients without a name by address, those of an IPv6 /64 together. */
  public QuotaBuilder perUser() {
    this.key = QuotaKey.USER;
    return this;
  }

  /** Counts by client address, those of an IPv6 /64 together. */
  public QuotaBuilder perClient() {
    this.key = QuotaKey.CLIENT;
    return this;
  }

  /**
   * Is about these requests only. They may be told by anything but the address that is dialled,
   * which nobody knows yet.
   */
  public QuotaBuilder only(RequestPattern pattern) {
    this.only = pattern;
    return this;
  }

  /** How many requests may come in a time, a tunnel being one; {@link Allowance} tells how. */
  public QuotaBuilder requests(long most, Duration per) {
    this.requests = Optional.of(new Allowance(most, per));
    return this;
  }

  /**
   * How many octets may pass in a time, both ways together: content of requests and responses, and
   * all that goes through tunnels. Who has none left is refused; what is under way may finish.
   */
  public QuotaBuilder octets(long most, Duration per) {
    this.octets = Optional.of(new Allowance(most, per));
    return this;
  }

  /** Cuts what is under way too when the octets are used up. */
  public QuotaBuilder cutOff() {
    this.cutsOff = true;
    return this;
  }

  /** How many requests may be under way at once, tunnels among them. */
  public QuotaBuilder maxActiveRequests(int most) {
    this.maxActiveRequests = Optional.of(most);
    return this;
  }

  /** How many tunnels may be open at once: those of CONNECT, and of WebSockets. */
  public QuotaBuilder maxTunnels(int most) {
    this.maxTunnels = Optional.of(most);
    return this;
  }

  /**
   * What was said so far, as data.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  QuotaSettings settings() {
    return new QuotaSettings(key, only, requests, octets, cutsOff, maxActiveRequests, maxTunnels);
  }
}
