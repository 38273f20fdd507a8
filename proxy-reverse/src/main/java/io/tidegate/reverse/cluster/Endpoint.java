package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.Hash;
import io.tidegate.reverse.health.EndpointState;
import io.tidegate.reverse.health.HealthState;
import java.net.InetAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server of a cluster: whether it gets requests, how many it is serving for us, and what is known
 * of its load. Shared by all IO threads.
 */
public final class Endpoint {
  private record Token(AffinityTokens by, String text) {}

  /** Which endpoint it is; all else that is said of it may change. */
  private final Destination place;

  private volatile Destination destination;
  private volatile @Nullable String serverName;
  private volatile int weight;
  private volatile Placement placement;
  private final long identity;
  private final AtomicInteger activeRequests = new AtomicInteger();
  private final Latency latency = new Latency();
  private final ReportedShare reportedShare = new ReportedShare();
  private final EndpointHealth health = new EndpointHealth();
  private volatile @Nullable Runnable whenIdle;
  private volatile EndpointState state = EndpointState.HEALTHY;
  private volatile @Nullable SlowStart slowStart;
  private volatile @Nullable Token token;
  private volatile Consumer<Endpoint> whenAvailable = endpoint -> {};

  /** The endpoint at {@code destination}, whose share of the requests is {@code weight}. */
  public Endpoint(Destination destination, int weight, Placement placement) {
    this(destination, null, weight, placement);
  }

  /** The same; {@code serverName} is what was said of it for TLS, null for nothing. */
  public Endpoint(
      Destination destination, @Nullable String serverName, int weight, Placement placement) {
    this.destination = destination;
    this.place = destination.place();
    this.serverName = serverName;
    this.weight = weight;
    this.placement = placement;
    String name = name();
    this.identity = Hash.of(name, 0, name.length());
  }

  /** The same at one of the addresses of its name. */
  Endpoint at(InetAddress address) {
    return new Endpoint(destination.at(address), serverName, weight, placement);
  }

  /** Another one of which the same is said. */
  Endpoint copy() {
    return new Endpoint(destination, serverName, weight, placement);
  }

  /** Whether the same is said of {@code other}, but for how a cluster speaks to all of its own. */
  boolean isSaidLike(Endpoint other) {
    return place.equals(other.place)
        && weight == other.weight
        && placement.equals(other.placement)
        && Objects.equals(serverName, other.serverName);
  }

  /**
   * Takes over what is said of {@code other}, which is at the same place, and is spoken to as that.
   */
  void takeOver(Endpoint other) {
    weight = other.weight;
    placement = other.placement;
    serverName = other.serverName;
    speak((place, name) -> other.destination);
  }

  /**
   * Is spoken to by {@code transport} from now on. Responses find their endpoint by the very object
   * of its destination: it stays unless it says something new.
   */
  void speak(Transport transport) {
    Destination next = transport.to(place, serverName);
    if (!next.equals(destination)) {
      destination = next;
    }
  }

  /** What it is called: its URI, and the address if it is one of several. */
  String name() {
    return place.name();
  }

  /** Whether it is at {@code name}, or at one of the addresses of that. */
  boolean isOf(Destination name) {
    InetAddress address = place.address();
    return place.equals(name) || (address != null && name.at(address).equals(place));
  }

  Destination place() {
    return place;
  }

  EndpointStatus status() {
    return new EndpointStatus(name(), weight, state, health.reason(), activeRequests());
  }

  EndpointHealth health() {
    return health;
  }

  /** Its health has become {@code next}, for this reason. Only under the lock of its cluster. */
  void become(HealthState next, String reason) {
    health.become(next, reason);
    if (next.shown() != state) {
      state(next.shown());
    }
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

  /**
   * Begins a request, of a {@code session} that it serves or not; unless it drains, and false is
   * returned.
   */
  boolean begin(boolean session) {
    activeRequests.incrementAndGet();
    return staysBegun(session);
  }

  /** It may have begun to drain meanwhile; who drains it looks at the count after that. */
  private boolean staysBegun(boolean session) {
    boolean stays = health.takesRequests(session);
    if (!stays) {
      end();
    }
    return stays;
  }

  /** As {@link #begin}, unless there are {@code most} already. */
  boolean tryBegin(int most, boolean session) {
    return reserve(most) && staysBegun(session);
  }

  /** Counts one more request, unless there are {@code most}; whether it drains is not looked at. */
  boolean reserve(int most) {
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
    if (activeRequests.decrementAndGet() == 0) {
      Runnable told = whenIdle;
      if (told != null) {
        told.run();
      }
    }
  }

  /** What to do whenever its last request has ended. */
  void whenIdle(@Nullable Runnable task) {
    whenIdle = task;
  }

  /** What a client is told in place of the endpoint's name, so that it comes back here. */
  String token(AffinityTokens tokens) {
    Token known = token;
    if (known == null || known.by != tokens) {
      known = new Token(tokens, tokens.of(name()));
      token = known;
    }
    return known.text;
  }
}
