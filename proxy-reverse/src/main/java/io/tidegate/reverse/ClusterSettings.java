package io.tidegate.reverse;

import io.tidegate.core.http.Authority;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.cluster.BalanceSettings;
import io.tidegate.reverse.cluster.EndpointUri;
import io.tidegate.reverse.health.HealthSettings;
import io.tidegate.reverse.resilience.BudgetSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints that serve the same requests.
 *
 * @param name what routes call the cluster
 * @param endpoints at least one, unless {@code mayBeEmpty}
 * @param loadBalancer a name out of {@link LoadBalancers#names()}
 * @param retryBudget how many requests may be sent to it again
 * @param balance what else decides which endpoint gets a request
 * @param health how it finds out which endpoints work
 * @param mayBeEmpty whether it may begin without endpoints, because they come later
 * @param alsoKnownAs internal names of its servers, {@code host} or {@code host:port}, beside those
 *     of the endpoints
 * @param transport how its endpoints are spoken to
 */
public record ClusterSettings(
    String name,
    List<EndpointSettings> endpoints,
    String loadBalancer,
    BudgetSettings retryBudget,
    BalanceSettings balance,
    HealthSettings health,
    boolean mayBeEmpty,
    List<String> alsoKnownAs,
    TransportSettings transport) {
  /** The load balancer of a cluster that is given none. */
  public static final String DEFAULT_LOAD_BALANCER = LoadBalancers.POWER_OF_TWO_CHOICES;

  /** Copies the list; rejects what cannot work. */
  public ClusterSettings {
    endpoints = List.copyOf(endpoints);
    alsoKnownAs = List.copyOf(alsoKnownAs);
    Checks checks = new Checks();
    check(checks, name, !endpoints.isEmpty() || mayBeEmpty, loadBalancer);
    Set<@Nullable Destination> known = new HashSet<>();
    for (EndpointSettings endpoint : endpoints) {
      if (!known.add(EndpointUri.parse(endpoint.uri()))) {
        checks.reject("cluster " + name + ": endpoint", endpoint.uri(), "each endpoint once");
      }
    }
    for (String internal : alsoKnownAs) {
      Authority authority = Authority.parseOrNull(internal);
      if (authority == null || authority.host().isEmpty()) {
        checks.reject("cluster " + name + ": alsoKnownAs", internal, "a host, or a host and port");
      }
    }
    checks.done();
  }

  /** What can be wrong with a cluster whatever its endpoints are. */
  static void check(Checks checks, String name, boolean enough, String loadBalancer) {
    if (name.isBlank()) {
      checks.reject("cluster", "'" + name + "'", "a name");
    }
    if (!enough) {
      checks.reject("cluster " + name + ": endpoints", "none", "at least one");
    }
    if (LoadBalancers.named(loadBalancer).isEmpty()) {
      checks.reject(
          "cluster " + name + ": loadBalancer",
          loadBalancer,
          "one of " + String.join(", ", LoadBalancers.names()));
    }
  }
}
