package io.tidegate.reverse.protect;

import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.reverse.route.RouteTarget;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What protects one route; of the parts that both have, the route's own or else the proxy's. */
public final class RouteProtection {
  private final RequestFilter filters;
  private final RateLimits limits;
  private final List<ActiveRequests> active;
  private final @Nullable SecurityFields security;
  private final @Nullable Cors cors;
  private final @Nullable AllowedMethods methods;
  private final OptionalLong maxBodyBytes;
  private final boolean removesOverrides;

  RouteProtection(
      ProtectionSettings ofProxy,
      ProtectionSettings ofRoute,
      RequestFilter filters,
      RateLimits limits,
      List<ActiveRequests> active) {
    this.filters = filters;
    this.limits = limits;
    this.active = active;
    this.security =
        ofRoute.securityFields().or(ofProxy::securityFields).map(SecurityFields::new).orElse(null);
    this.cors = ofRoute.cors().or(ofProxy::cors).map(Cors::new).orElse(null);
    List<String> allowed = ofRoute.methods().isEmpty() ? ofProxy.methods() : ofRoute.methods();
    this.methods = allowed.isEmpty() ? null : new AllowedMethods(allowed);
    this.maxBodyBytes =
        ofRoute.maxBodyBytes().isPresent() ? ofRoute.maxBodyBytes() : ofProxy.maxBodyBytes();
    this.removesOverrides =
        ofProxy.filters().overrideFields() == FilterSettings.OverrideHandling.REMOVE
            || ofRoute.filters().overrideFields() == FilterSettings.OverrideHandling.REMOVE;
  }

  private boolean edits() {
    return security != null || cors != null || removesOverrides || limits.tells();
  }

  /** How fields are edited: as {@code headers} say, and then for protection. */
  public HeaderPolicy headers(HeaderPolicy headers) {
    return edits()
        ? new ProtectedHeaders(headers, security, cors, limits, removesOverrides)
        : headers;
  }

  /** The limits of exchanges on the route, which are {@code settings} but for protection. */
  public ExchangeSettings exchange(ExchangeSettings settings) {
    return maxBodyBytes.isPresent()
        ? settings.withMaxBodyBytes(maxBodyBytes.getAsLong())
        : settings;
  }

  /** The guard before {@code target}. */
  public RouteTarget guard(RouteTarget target) {
    boolean guards =
        filters != RequestFilter.NONE
            || edits()
            || methods != null
            || limits.any()
            || !active.isEmpty();
    return guards
        ? new RouteGuard(
            filters, cors, methods, limits, active, target, headers(new HeaderPolicy() {}))
        : target;
  }
}
