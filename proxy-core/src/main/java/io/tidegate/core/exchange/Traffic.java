package io.tidegate.core.exchange;

import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.io.Tally;
import java.util.Collection;
import java.util.function.Function;

/** The requests of clients on one IO thread, as numbers: which any thread may read. */
public final class Traffic {
  private static final int CLASSES = 6;

  private final Tally underWay = new Tally();
  private final Tally tunnels = new Tally();
  private final Tally pending = new Tally();
  private final Tally failed = new Tally();
  private final Tally received = new Tally();
  private final Tally sent = new Tally();

  /** Those that are over: without a status code, 1xx, 2xx, … */
  private final Tally[] ended = new Tally[CLASSES];

  Traffic() {
    for (int i = 0; i < CLASSES; i++) {
      ended[i] = new Tally();
    }
  }

  /** A request has come. */
  void began() {
    underWay.add(1);
  }

  /** One has become a tunnel. */
  void tunnelled() {
    tunnels.add(1);
  }

  /** One is over. */
  void ended(boolean tunnel, int status, boolean failure, long fromClient, long toClient) {
    underWay.add(-1);
    if (tunnel) {
      tunnels.add(-1);
    }
    ended[Math.min(status / 100, CLASSES - 1)].add(1);
    if (failure) {
      failed.add(1);
    }
    received.add(fromClient);
    sent.add(toClient);
  }

  /** So many more of them wait for an upstream connection. */
  void pending(int change) {
    pending.add(change);
  }

  /** Requests under way, but for tunnels. */
  public static long active(Collection<Traffic> all) {
    return Math.max(0, sum(all, one -> one.underWay) - sum(all, one -> one.tunnels));
  }

  /** Tunnels under way. */
  public static long tunnels(Collection<Traffic> all) {
    return sum(all, one -> one.tunnels);
  }

  /** Requests that wait for an upstream connection. */
  public static long pending(Collection<Traffic> all) {
    return sum(all, one -> one.pending);
  }

  /** Requests that are over. */
  public static ProxyFigures.Requests requests(Collection<Traffic> all) {
    return new ProxyFigures.Requests(
        ended(all, 1),
        ended(all, 2),
        ended(all, 3),
        ended(all, 4),
        ended(all, 5),
        ended(all, 0),
        sum(all, one -> one.failed),
        sum(all, one -> one.received),
        sum(all, one -> one.sent));
  }

  private static long ended(Collection<Traffic> all, int statusClass) {
    return sum(all, one -> one.ended[statusClass]);
  }

  private static long sum(Collection<Traffic> all, Function<Traffic, Tally> tally) {
    return all.stream().mapToLong(one -> tally.apply(one).get()).sum();
  }
}
