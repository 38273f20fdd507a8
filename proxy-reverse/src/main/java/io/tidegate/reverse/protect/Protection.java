package io.tidegate.reverse.protect;

import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.limit.ActiveCount;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Kept;
import io.tidegate.reverse.route.HostPattern;
import io.tidegate.reverse.route.RouteTarget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The protection of a proxy at work: what is asked of every request, and what guards its routes.
 */
public final class Protection {
  private static final String PROXY = "proxy";

  /** Of several limits in one place that are equal, each has its number. */
  private record LimitPlace(Object where, RateLimitSettings settings, int number) {}

  private record CountPlace(Object where, Failure refusal) {}

  private final ProtectionSettings settings;
  private final ForwardedFields forwarded;
  private final List<HostPattern> routeHosts;
  private final LongSupplier nanoTime;
  private final Kept kept;
  private final AccessPolicy access;
  private final List<RateLimiter> limiters;
  private final List<ActiveRequests> active;

  /**
   * Protection as {@code settings} of the proxy say.
   *
   * @param own filters of the user's
   * @param forwarded whose word is believed about who the client is
   * @param routeHosts the hosts that routes name
   * @param nanoTime a clock like {@link System#nanoTime}
   * @param kept has what was counted before
   */
  public Protection(
      ProtectionSettings settings,
      List<RequestFilter> own,
      ForwardedFields forwarded,
      List<HostPattern> routeHosts,
      LongSupplier nanoTime,
      Kept kept) {
    this.settings = settings;
    this.forwarded = forwarded;
    this.routeHosts = List.copyOf(routeHosts);
    this.nanoTime = nanoTime;
    this.kept = kept;
    this.limiters = limiters(PROXY, settings);
    this.active = active(PROXY, settings);
    this.access = access(filters(settings, own));
  }

  private AccessPolicy access(RequestFilter filters) {
    if (filters == RequestFilter.NONE) {
      return AccessPolicy.PERMIT_ALL;
    }
    HeaderPolicy headers =
        new ProtectedHeaders(
            new HeaderPolicy() {},
            settings.securityFields().map(SecurityFields::new).orElse(null),
            null,
            new RateLimits(List.of()),
            false);
    return request -> {
      Failure refused = filters.refuses(request);
      return refused == null ? null : OwnFields.edited(refused, request, headers);
    };
  }

  /** The address lists and filters of the proxy. */
  public AccessPolicy access() {
    return access;
  }

  /** What guards {@code route}, which is told by its {@code equals}, with filters of the user's. */
  public RouteProtection route(Object route, ProtectionSettings ofRoute, List<RequestFilter> own) {
    List<RateLimiter> allLimiters = new ArrayList<>(limiters);
    allLimiters.addAll(limiters(route, ofRoute));
    List<ActiveRequests> allActive = new ArrayList<>(active);
    allActive.addAll(active(route, ofRoute));
    return new RouteProtection(
        settings, ofRoute, filters(ofRoute, own), new RateLimits(allLimiters), allActive);
  }

  /** {@code target} behind the limits that count for requests whatever they are. */
  public RouteTarget limited(RouteTarget target) {
    return limiters.isEmpty() && active.isEmpty()
        ? target
        : new RouteGuard(
            RequestFilter.NONE,
            null,
            null,
            new RateLimits(limiters),
            active,
            target,
            new HeaderPolicy() {});
  }

  private RequestFilter filters(ProtectionSettings of, List<RequestFilter> own) {
    List<RequestFilter> filters = new ArrayList<>();
    if (!of.allowedClients().isEmpty() || !of.deniedClients().isEmpty()) {
      filters.add(new ClientLists(of.allowedClients(), of.deniedClients(), forwarded));
    }
    filters.addAll(Filters.builtIn(of.filters(), routeHosts));
    filters.addAll(own);
    return filters.isEmpty() ? RequestFilter.NONE : new Filters(filters);
  }

  private List<RateLimiter> limiters(Object where, ProtectionSettings of) {
    List<RateLimiter> limits = new ArrayList<>();
    List<RateLimitSettings> all = of.rateLimits();
    for (int i = 0; i < all.size(); i++) {
      RateLimitSettings limit = all.get(i);
      int alike = Collections.frequency(all.subList(0, i), limit);
      Buckets buckets =
          kept.of(
              Buckets.class,
              new LimitPlace(where, limit, alike),
              () -> new Buckets(limit, nanoTime));
      limits.add(new RateLimiter(limit, buckets, KeyReader.of(limit.key(), forwarded), nanoTime));
    }
    return limits;
  }

  private List<ActiveRequests> active(Object where, ProtectionSettings of) {
    List<ActiveRequests> limits = new ArrayList<>();
    if (of.maxActiveRequestsPerClient() < ProtectionSettings.ANY) {
      LimitKey client = new LimitKey.OfClient(LimitKey.OfClient.DEFAULT_IPV6_PREFIX);
      limits.add(
          active(where, of.maxActiveRequestsPerClient(), client, ActiveRequests.CLIENT_BUSY));
    }
    if (of.maxActiveRequests() < ProtectionSettings.ANY) {
      limits.add(
          active(where, of.maxActiveRequests(), new LimitKey.OfAll(), ActiveRequests.ROUTE_BUSY));
    }
    return limits;
  }

  /** What is under way counts on, however many there may be. */
  private ActiveRequests active(Object where, int most, LimitKey key, Failure refusal) {
    ActiveCount count =
        kept.of(ActiveCount.class, new CountPlace(where, refusal), () -> new ActiveCount(most));
    kept.change(() -> count.most(most));
    return new ActiveRequests(count, KeyReader.of(key, forwarded), refusal);
  }
}
