package io.tidegate.reverse.protect;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.CountedRoute;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.reverse.route.RouteTarget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a route. In this order: address lists and filters, the preflight of CORS,
 * methods, rate limits, active requests.
 */
final class RouteGuard implements RouteTarget {
  private final RequestFilter filters;
  private final @Nullable Cors cors;
  private final @Nullable AllowedMethods methods;
  private final RateLimits limits;
  private final List<ActiveRequests> active;
  private final RouteTarget target;
  private final HeaderPolicy headers;

  /** Before {@code target}, whose responses {@code headers} edits. */
  RouteGuard(
      RequestFilter filters,
      @Nullable Cors cors,
      @Nullable AllowedMethods methods,
      RateLimits limits,
      List<ActiveRequests> active,
      RouteTarget target,
      HeaderPolicy headers) {
    this.filters = filters;
    this.cors = cors;
    this.methods = methods;
    this.limits = limits;
    this.active = active;
    this.target = target;
    this.headers = headers;
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    Resolution answer = answer(request, limits);
    if (answer == null) {
      answer = target.resolve(request);
      if (answer instanceof Route route && !active.isEmpty()) {
        answer = count(request, route);
      } else if (answer instanceof OwnResponse own) {
        answer = OwnFields.edited(own, request, headers);
      }
    }
    return answer instanceof Failure failure ? OwnFields.edited(failure, request, headers) : answer;
  }

  @Override
  public Resolution look(ClientRequest request) {
    Resolution answer = answer(request, limits::wouldRefuse);
    if (answer == null) {
      answer = target.look(request);
    }
    Failure busy = answer instanceof Route ? busy(request) : null;
    return busy == null ? answer : busy;
  }

  private @Nullable Failure busy(ClientRequest request) {
    for (ActiveRequests limit : active) {
      Failure refused = limit.wouldRefuse(request);
      if (refused != null) {
        return refused;
      }
    }
    return null;
  }

  /** What the client gets in place of what it asked for, if anything. */
  private @Nullable Resolution answer(ClientRequest request, RequestFilter last) {
    Failure refused = filters.refuses(request);
    if (refused != null) {
      return refused;
    }
    // Before the methods: OPTIONS is the browser's, not the page's.
    Resolution preflight = cors == null ? null : cors.preflight(request);
    if (preflight != null) {
      return preflight;
    }
    refused = methods == null ? null : methods.refuses(request);
    return refused != null ? refused : last.refuses(request);
  }

  private Resolution count(ClientRequest request, Route route) {
    Object[] keys = new Object[active.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = active.get(i).key(request);
      if (!active.get(i).begin(keys[i])) {
        end(keys, i);
        return active.get(i).refusal();
      }
    }
    return new CountedRoute(route, () -> end(keys, keys.length));
  }

  private void end(Object[] keys, int begun) {
    for (int i = 0; i < begun; i++) {
      active.get(i).end(keys[i]);
    }
  }
}
