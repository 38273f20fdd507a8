package io.tidegate.reverse.protect;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.Checks;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What keeps harm from endpoints and browsers; of the proxy, or of a route. A request must pass
 * both; of {@code methods}, {@code maxBodyBytes}, {@code securityFields} and {@code cors} the
 * route's own counts instead of the proxy's.
 *
 * @param allowedClients clients that may ask; empty for all
 * @param deniedClients clients that may not, though they be allowed
 * @param filters which built-in filters are on
 * @param methods methods that are allowed, GET standing for HEAD too; empty for all
 * @param maxBodyBytes the longest request content; empty for what the proxy takes
 * @param rateLimits how many requests may come in a time
 * @param maxActiveRequests how many requests may be under way at once, or {@link #ANY}
 * @param maxActiveRequestsPerClient the same for each client address, or {@link #ANY}
 * @param securityFields fields that tell browsers to be careful
 * @param cors what pages of other origins may ask
 */
public record ProtectionSettings(
    List<AddressRange> allowedClients,
    List<AddressRange> deniedClients,
    FilterSettings filters,
    List<String> methods,
    OptionalLong maxBodyBytes,
    List<RateLimitSettings> rateLimits,
    int maxActiveRequests,
    int maxActiveRequestsPerClient,
    Optional<SecurityFieldSettings> securityFields,
    Optional<CorsSettings> cors) {
  /** No limit. */
  public static final int ANY = Integer.MAX_VALUE;

  /** No protection. */
  public static final ProtectionSettings NONE =
      new ProtectionSettings(
          List.of(),
          List.of(),
          FilterSettings.NONE,
          List.of(),
          OptionalLong.empty(),
          List.of(),
          ANY,
          ANY,
          Optional.empty(),
          Optional.empty());

  /** Copies the lists; rejects what cannot work. */
  public ProtectionSettings {
    allowedClients = List.copyOf(allowedClients);
    deniedClients = List.copyOf(deniedClients);
    methods = List.copyOf(methods);
    rateLimits = List.copyOf(rateLimits);
    Checks checks = new Checks();
    for (String method : methods) {
      if (!Ascii.isToken(method)) {
        checks.reject("allowedMethods", method, "a method");
      }
    }
    maxBodyBytes.ifPresent(bytes -> checks.atLeast("maxBodyBytes", bytes, 0));
    checks.atLeast("maxActiveRequests", maxActiveRequests, 1);
    checks.atLeast("maxActiveRequestsPerClient", maxActiveRequestsPerClient, 1);
    Set<String> names = new HashSet<>();
    for (RateLimitSettings limit : rateLimits) {
      if (!names.add(limit.name())) {
        checks.reject("rateLimit", limit.name(), "a name that no other limit has");
      }
    }
    checks.done();
  }
}
