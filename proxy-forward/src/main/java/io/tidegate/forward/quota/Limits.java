package io.tidegate.forward.quota;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.CountedRoute;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.Pace;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.forward.access.RequestMatchers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Stands before a resolver and gives clients no more than they may have. */
public final class Limits implements DestinationResolver {
  private final DestinationResolver target;
  private final List<Quota> quotas;
  private final List<Bandwidth> bandwidths;
  private final LongSupplier nanoTime;

  private Limits(
      DestinationResolver target,
      LimitSettings settings,
      RequestMatchers matchers,
      LongSupplier nanoTime,
      Kept kept) {
    this.target = target;
    this.quotas = quotas(settings, matchers, nanoTime, kept);
    this.bandwidths = bandwidths(settings, matchers, nanoTime, kept);
    this.nanoTime = nanoTime;
  }

  private static List<Quota> quotas(
      LimitSettings settings, RequestMatchers matchers, LongSupplier nanoTime, Kept kept) {
    List<Quota> quotas = new ArrayList<>();
    List<QuotaCounts.Place> places = new ArrayList<>();
    for (QuotaSettings one : settings.quotas()) {
      int number = 0;
      while (places.contains(new QuotaCounts.Place(one.key(), one.only(), number))) {
        number++;
      }
      QuotaCounts.Place place = new QuotaCounts.Place(one.key(), one.only(), number);
      places.add(place);
      quotas.add(new Quota(one, QuotaCounts.of(one, place, nanoTime, kept), matchers));
    }
    return quotas;
  }

  private static List<Bandwidth> bandwidths(
      LimitSettings settings, RequestMatchers matchers, LongSupplier nanoTime, Kept kept) {
    List<Bandwidth> bandwidths = new ArrayList<>();
    List<BandwidthBuckets.Place> places = new ArrayList<>();
    for (BandwidthSettings one : settings.bandwidths()) {
      int number = 0;
      while (places.contains(new BandwidthBuckets.Place(one.only(), number))) {
        number++;
      }
      BandwidthBuckets.Place place = new BandwidthBuckets.Place(one.only(), number);
      places.add(place);
      BandwidthBuckets buckets =
          kept.of(BandwidthBuckets.class, place, () -> new BandwidthBuckets(nanoTime));
      bandwidths.add(new Bandwidth(one, buckets, matchers));
    }
    return bandwidths;
  }

  /**
   * {@code target} with these limits before it.
   *
   * @param matchers tell which requests a limit is about
   * @param nanoTime like {@link System#nanoTime}
   * @param kept has what was counted before
   */
  public static DestinationResolver before(
      DestinationResolver target,
      LimitSettings settings,
      RequestMatchers matchers,
      LongSupplier nanoTime,
      Kept kept) {
    return settings.equals(LimitSettings.NONE)
        ? target
        : new Limits(target, settings, matchers, nanoTime, kept);
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    Resolution resolution = target.resolve(request);
    return resolution instanceof Route route ? limit(request, route) : resolution;
  }

  private Resolution limit(ClientRequest request, Route route) {
    List<Quota.Use> used = new ArrayList<>(quotas.size());
    Failure refused = begin(request, used);
    if (refused == null) {
      refused = count(used);
    }
    if (refused != null) {
      used.forEach(Quota.Use::end);
      return refused;
    }
    return new Limited(route, used, pace(request, used));
  }

  private @Nullable Failure begin(ClientRequest request, List<Quota.Use> used) {
    for (Quota quota : quotas) {
      if (quota.concerns(request)) {
        Quota.Use use = quota.use(request);
        Failure refused = use.begin(nanoTime.getAsLong());
        if (refused != null) {
          return refused;
        }
        used.add(use);
      }
    }
    return null;
  }

  /** Counts the request in all of {@code used}, or in none: who is refused has used nothing. */
  private @Nullable Failure count(List<Quota.Use> used) {
    long now = used.isEmpty() ? 0 : nanoTime.getAsLong();
    for (int i = 0; i < used.size(); i++) {
      Failure refused = used.get(i).count(now);
      if (refused != null) {
        used.subList(0, i).forEach(before -> before.giveBack(now));
        return refused;
      }
    }
    return null;
  }

  private @Nullable Pace pace(ClientRequest request, List<Quota.Use> used) {
    List<Bandwidth.Lane> up = new ArrayList<>(3);
    List<Bandwidth.Lane> down = new ArrayList<>(3);
    for (Bandwidth bandwidth : bandwidths) {
      bandwidth.addLanes(request, up, down);
    }
    List<Quota.Use> volumes = used.stream().filter(Quota.Use::countsOctets).toList();
    return up.isEmpty() && down.isEmpty() && volumes.isEmpty()
        ? null
        : new LimitedPace(nanoTime, up, down, volumes);
  }

  private static final class Limited extends CountedRoute {
    private final @Nullable Pace pace;

    Limited(Route route, List<Quota.Use> used, @Nullable Pace pace) {
      super(route, () -> used.forEach(Quota.Use::end));
      this.pace = pace;
    }

    @Override
    public @Nullable Pace pace(ClientRequest request) {
      return pace;
    }
  }
}
