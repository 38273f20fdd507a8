package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.Hash;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server of a cluster: whether it gets requests, how many it is serving for us, and what is known
 * of its load. Shared by all IO threads.
 */
public final class Endpoint {
  private final Destination destination;
  private final int weight;
  private final Placement placement;
  private final long identity;
  private final AtomicInteger activeRequests = new AtomicInteger();
  private final Latency latency = new Latency();
  private final ReportedShare reportedShare = new ReportedShare();
  private volatile EndpointState state = EndpointState.HEALTHY;
  private volatile @Nullable SlowStart slowStart;
  private volatile @Nullable String token;
  private volatile Consumer<Endpoint> whenAvailable = endpoint -> {};

  /** The endpoint at {@code destination}, whose share of the requests is {@code weight}. */
  public Endpoint(Destination destination, int weight, Placement placement) {
    this.destination = destination;
    this.weight = weight;
    this.placement = placement;
    String name = name(destination);
    this.identity = Hash.of(name, 0, name.length());
  }

  /** One name may lead to several endpoints, each at an address of its own. */
  private static String name(Destination destination) {
    InetAddress address = destination.address();
    return address == null ? destination.toString() : destination + " " + address.getHostAddress();
  }

  /** Whether it gets requests. */
  public EndpointState state() {
    return state;
  }

  /** Changes whether it gets requests. */
  public void state(EndpointState next) {
    this.state = next;
    if (next.isAvailable()) {
      whenAvailable.accept(this);
    }
  }

  /** Tells {@code listener} whenever the endpoint gets requests again. */
  void whenAvailable(Consumer<Endpoint> listener) {
    this.whenAvailable = listener;
  }

  /**
   * Lets its share grow from a tenth to all of it in the time that its cluster says, beginning at
   * {@code nowNanos}: for one that was added or has returned.
   */
  public void startSlowly(long nowNanos) {
    this.slowStart = new SlowStart(nowNanos);
  }

  Destination destination() {
    return destination;
  }

  int weight() {
    return weight;
  }

  String zone() {
    return placement.zone();
  }

  boolean backup() {
    return placement.backup();
  }

  long identity() {
    return identity;
  }

  Latency latency() {
    return latency;
  }

  ReportedShare reportedShare() {
    return reportedShare;
  }

  /**
   * The weight in hundredths, with slow start over {@code rampNanos} and what the endpoint reports
   * of its load.
   */
  int shapedWeight(long rampNanos, long now) {
    SlowStart slow = slowStart;
    int percent = slow == null ? 100 : slow.percent(rampNanos, now);
    return (int) Math.max(1, (long) weight * reportedShare.percent(now) * percent / 100);
  }

  int activeRequests() {
    return activeRequests.get();
  }

  void begin() {
    activeRequests.incrementAndGet();
  }

  /** Begins a request unless there are {@code most} already. */
  boolean tryBegin(int most) {
    int active = activeRequests.get();
    while (active < most) {
      int seen = activeRequests.compareAndExchange(active, active + 1);
      if (seen == active) {
        return true;
      }
      active = seen;
    }
    return false;
  }

  void end() {
    activeRequests.decrementAndGet();
  }

  /** What a client is told in place of the endpoint's name, so that it comes back here. */
  String token(AffinityTokens tokens) {
    String known = token;
    if (known == null) {
      known = tokens.of(name(destination));
      token = known;
    }
    return known;
  }
}
