package io.tidegate.forward.quota;

import io.tidegate.core.limit.TokenBucket;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.access.RequestMatchers;
import java.util.List;

/** Limits of bandwidth at work, shared by all IO threads. */
final class Bandwidth {
  private static final long SECOND = 1_000_000_000;

  /**
   * A rate that somebody has, perhaps with others. Whoever takes octets takes a place in one line
   * at the same time, so none is passed over.
   */
  record Lane(TokenBucket bucket, long rate, long burst) {
    /** So many octets pass: the nanoseconds after which the next may. */
    long pass(long now, int octets) {
      return bucket.spend(now, octets * SECOND / rate) - burst;
    }
  }

  private final Pattern only;
  private final long burst;
  private final Rates perConnection;
  private final Rates perUser;
  private final Rates whole;
  private final BandwidthBuckets buckets;

  /** A limit that goes on with {@code buckets}. */
  Bandwidth(BandwidthSettings settings, BandwidthBuckets buckets, RequestMatchers matchers) {
    this.only = new Pattern(settings.only(), matchers);
    this.burst = settings.burst().toNanos();
    this.perConnection = settings.perConnection();
    this.perUser = settings.perUser();
    this.whole = settings.whole();
    this.buckets = buckets;
  }

  /** Adds the lanes of {@code request} each way. */
  void addLanes(ClientRequest request, List<Lane> up, List<Lane> down) {
    if (!only.matches(request)) {
      return;
    }
    if (!perConnection.equals(Rates.UNLIMITED)) {
      add(perConnection, buckets.connections.of(request.clientAddress()), up, down);
    }
    if (!perUser.equals(Rates.UNLIMITED)) {
      add(perUser, buckets.users.of(QuotaKey.USER.of(request)), up, down);
    }
    add(whole, buckets.all, up, down);
  }

  private void add(Rates rates, BandwidthBuckets.Pair pair, List<Lane> up, List<Lane> down) {
    if (rates.up() > 0) {
      up.add(new Lane(pair.up(), rates.up(), burst));
    }
    if (rates.down() > 0) {
      down.add(new Lane(pair.down(), rates.down(), burst));
    }
  }
}
