package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Upstreams;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * A name each of whose addresses is an endpoint; until they are known, the name itself is one. It
 * is looked up again and again; when that fails, the addresses stay. For the thread of the
 * background work of its cluster.
 */
final class NamedEndpoints implements Completion<List<InetAddress>> {
  private static final System.Logger LOG = System.getLogger(NamedEndpoints.class.getName());

  private final Membership membership;
  private final Endpoint named;

  /** What was said of it in the beginning. */
  private final Endpoint said;

  private final long interval;
  private boolean asked;
  private boolean underWay;
  private boolean failing;
  private long due;

  NamedEndpoints(Membership membership, Endpoint named, Duration interval) {
    this.membership = membership;
    this.named = named;
    this.said = named.copy();
    this.interval = interval.toNanos();
  }

  /** Whether it is this name. */
  boolean leadsTo(Destination name) {
    return named.place().equals(name);
  }

  /** Whether the same was said of {@code other}. */
  boolean isSaidLike(NamedEndpoints other) {
    return interval == other.interval && said.isSaidLike(other.said);
  }

  /** The same for another cluster, as it was said. */
  NamedEndpoints in(Membership other) {
    return new NamedEndpoints(other, said.copy(), Duration.ofNanos(interval));
  }

  /** The endpoint that stands for its addresses until they are known. */
  Endpoint named() {
    return named;
  }

  /** No answer comes to the thread it was asked on. */
  void moved() {
    underWay = false;
  }

  /** Looks the name up if that is due {@code now}. */
  void look(Upstreams upstreams, long now) {
    if (underWay || (asked && now - due < 0)) {
      return;
    }
    asked = true;
    underWay = true;
    due = now + interval;
    upstreams.addresses(named.destination().host(), this);
  }

  @Override
  public void completed(List<InetAddress> addresses) {
    underWay = false;
    failing = false;
    membership.update(this, addresses.stream().distinct().map(named::at).toList());
  }

  @Override
  public void failed(Failure failure) {
    underWay = false;
    if (!failing) { // once is enough
      failing = true;
      LOG.log(
          Level.WARNING,
          "the addresses of {0} cannot be looked up, and stay as they are: {1}",
          named.name(),
          failure.error().token());
    }
  }
}
