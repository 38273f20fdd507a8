package io.tidegate.reverse;

import io.tidegate.reverse.affinity.AffinitySettings;
import io.tidegate.reverse.balance.HashKey;
import io.tidegate.reverse.cluster.BalanceSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Describes how a cluster shares requests out to its endpoints, beside its load balancer. */
public final class BalanceBuilder {
  private HashKey hashKey = BalanceSettings.DEFAULT.hashKey();
  private double hashBound = BalanceSettings.DEFAULT.hashBound();
  private boolean reportedLoad = BalanceSettings.DEFAULT.reportedLoad();
  private Duration slowStart = BalanceSettings.DEFAULT.slowStart();
  private final List<String> zones = new ArrayList<>();
  private Supplier<Optional<AffinitySettings>> affinity = Optional::empty;
  private int maxActiveRequests = BalanceSettings.DEFAULT.maxActiveRequests();
  private int maxWaitingRequests = BalanceSettings.DEFAULT.maxWaitingRequests();
  private Duration maxWait = BalanceSettings.DEFAULT.maxWait();

  BalanceBuilder() {}

  /**
   * What of a request decides, for {@link LoadBalancers#consistentHash()}; the client's address
   * unless called. Requests without it go anywhere.
   */
  public BalanceBuilder hashKey(HashKey key) {
    this.hashKey = key;
    return this;
  }

  /**
   * How many times its share of the active requests an endpoint may have, for {@link
   * LoadBalancers#consistentHash()}; more than 1, at most 100, and 1.25 unless called.
   */
  public BalanceBuilder hashBound(double bound) {
    this.hashBound = bound;
    return this;
  }

  /**
   * Lets weights follow what endpoints report of their load in the response field {@code
   * endpoint-load-metrics}.
   */
  public BalanceBuilder reportedLoad() {
    this.reportedLoad = true;
    return this;
  }

  /**
   * Lets the share of an endpoint that was added or has returned grow from a tenth to all of it in
   * this time, up to a year; at once unless called.
   */
  public BalanceBuilder slowStart(Duration time) {
    this.slowStart = time;
    return this;
  }

  /**
   * The zones of endpoints in the order of their use: the first gets all requests as long as five
   * in seven of its endpoints are available, and the next ones what it cannot bear. Endpoints
   * elsewhere come last. Without a call, zones make no difference.
   */
  public BalanceBuilder zones(String... names) {
    zones.addAll(List.of(names));
    return this;
  }

  /** Keeps clients with the endpoint they were first sent to, by a cookie of this name. */
  public BalanceBuilder affinity(String cookie) {
    return affinity(cookie, details -> {});
  }

  /**
   * Keeps clients with the endpoint they were first sent to, by a cookie of this name with what
   * {@code details} say.
   */
  public BalanceBuilder affinity(String cookie, Consumer<AffinityBuilder> details) {
    AffinityBuilder builder = new AffinityBuilder(cookie);
    details.accept(builder);
    this.affinity = () -> Optional.of(builder.settings());
    return this;
  }

  /**
   * How many requests each endpoint gets at a time, from all IO threads together; more wait. Any
   * number unless called, or if 0.
   */
  public BalanceBuilder maxActiveRequests(int count) {
    this.maxActiveRequests = count;
    return this;
  }

  /**
   * How many requests may wait until an endpoint has room, in all of the cluster; one more is
   * answered with 503. 1,024 unless called.
   */
  public BalanceBuilder maxWaitingRequests(int count) {
    this.maxWaitingRequests = count;
    return this;
  }

  /**
   * How long a request may wait until an endpoint has room, up to a year; then it is answered with
   * 503. 5 seconds unless called.
   */
  public BalanceBuilder maxWait(Duration time) {
    this.maxWait = time;
    return this;
  }

  /** Takes over what {@code settings} say. */
  void settings(BalanceSettings settings) {
    hashKey(settings.hashKey()).hashBound(settings.hashBound()).slowStart(settings.slowStart());
    this.reportedLoad = settings.reportedLoad();
    zones.addAll(settings.zones());
    this.affinity = settings::affinity;
    maxActiveRequests(settings.maxActiveRequests());
    maxWaitingRequests(settings.maxWaitingRequests()).maxWait(settings.maxWait());
  }

  BalanceSettings settings() {
    return new BalanceSettings(
        hashKey,
        hashBound,
        reportedLoad,
        slowStart,
        zones,
        affinity.get(),
        maxActiveRequests,
        maxWaitingRequests,
        maxWait);
  }
}
