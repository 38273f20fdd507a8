package io.tidegate.reverse;

import io.tidegate.core.UpstreamTlsBuilder;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ProxyProtocolVersion;
import io.tidegate.core.spi.UpstreamHttp;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.cluster.BalanceSettings;
import io.tidegate.reverse.health.HealthSettings;
import io.tidegate.reverse.resilience.BudgetSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Describes a cluster: endpoints that serve the same requests. */
public final class ClusterBuilder {
  private final String name;
  private final List<EndpointBuilder> endpoints = new ArrayList<>();
  private String balancerName = ClusterSettings.DEFAULT_LOAD_BALANCER;
  private Optional<LoadBalancer> ownBalancer = Optional.empty();
  private Supplier<BudgetSettings> retryBudget = () -> BudgetSettings.RETRIES;
  private final BalanceBuilder balance = new BalanceBuilder();
  private final HealthBuilder health = new HealthBuilder();
  private boolean mayBeEmpty;
  private final List<EndpointSource> sources = new ArrayList<>();
  private final List<String> alsoKnownAs = new ArrayList<>();
  private Optional<ProxyProtocolVersion> proxyProtocol = Optional.empty();
  private UpstreamHttp http = TransportSettings.DEFAULT.http();
  private @Nullable UpstreamTlsBuilder tls;

  ClusterBuilder(String name) {
    this.name = name;
  }

  /** Adds the endpoint {@code http://host[:port]} or {@code https://host[:port]}. */
  public ClusterBuilder endpoint(String uri) {
    return endpoint(uri, endpoint -> {});
  }

  /**
   * Adds the endpoint {@code http://host[:port]} or {@code https://host[:port]} with what {@code
   * details} say.
   */
  public ClusterBuilder endpoint(String uri, Consumer<EndpointBuilder> details) {
    EndpointBuilder endpoint = new EndpointBuilder(uri);
    details.accept(endpoint);
    endpoints.add(endpoint);
    return this;
  }

  /**
   * Decides which endpoint serves a request; {@link LoadBalancers#powerOfTwoChoices()} unless
   * called.
   */
  public ClusterBuilder loadBalancer(LoadBalancer balancer) {
    Optional<String> shipped = LoadBalancers.nameOf(balancer);
    balancerName = shipped.orElse(ClusterSettings.DEFAULT_LOAD_BALANCER);
    ownBalancer = shipped.isPresent() ? Optional.empty() : Optional.of(balancer);
    return this;
  }

  /** As {@link #loadBalancer(LoadBalancer)}, by a name out of {@link LoadBalancers#names()}. */
  public ClusterBuilder loadBalancer(String shippedName) {
    balancerName = shippedName;
    ownBalancer = Optional.empty();
    return this;
  }

  /**
   * How many requests may be sent again, so that failures do not multiply load: {@code percent} of
   * those that clients send, and {@code reserve} besides; 20 and 10 unless called.
   */
  public ClusterBuilder retryBudget(int percent, int reserve) {
    this.retryBudget = () -> new BudgetSettings(percent, reserve);
    return this;
  }

  /** What else decides which endpoint gets a request, and how many it gets at a time. */
  public ClusterBuilder balance(Consumer<BalanceBuilder> details) {
    details.accept(balance);
    return this;
  }

  /** How the cluster finds out which of its endpoints work; repeated calls accumulate. */
  public ClusterBuilder health(Consumer<HealthBuilder> details) {
    details.accept(health);
    return this;
  }

  /** Lets the cluster begin without endpoints, because the application adds them later. */
  public ClusterBuilder mayBeEmpty() {
    this.mayBeEmpty = true;
    return this;
  }

  /**
   * Lets {@code source} tell endpoints, besides those that are named here; there need not be any.
   * Repeated calls accumulate.
   */
  public ClusterBuilder endpointSource(EndpointSource source) {
    sources.add(source);
    return mayBeEmpty();
  }

  /**
   * Internal names of its servers, {@code host} for any port or {@code host:port}, beside those of
   * the endpoints: references to them become references to us, and no field tells them to clients.
   */
  public ClusterBuilder alsoKnownAs(String... names) {
    alsoKnownAs.addAll(List.of(names));
    return this;
  }

  /**
   * Speaks HTTP/2 (RFC 9113) to https endpoints that choose it in the TLS handshake, with many
   * requests at a time on one connection; HTTP/1.1 to others. HTTP/1.1 to all unless this or {@link
   * #http2Only} is called.
   */
  public ClusterBuilder http2() {
    this.http = UpstreamHttp.NEGOTIATED;
    return this;
  }

  /**
   * Speaks HTTP/2 and nothing else: to https endpoints, whose handshake fails unless they choose
   * it, and to http endpoints without asking them (h2c by prior knowledge, RFC 9113 §3.3).
   */
  public ClusterBuilder http2Only() {
    this.http = UpstreamHttp.HTTP_2;
    return this;
  }

  /**
   * How TLS is spoken to its https endpoints, in place of what the proxy does ({@code
   * upstreamTls}); probes of their health included. Repeated calls accumulate.
   */
  public ClusterBuilder tls(Consumer<UpstreamTlsBuilder> details) {
    if (tls == null) {
      tls = new UpstreamTlsBuilder();
    }
    details.accept(tls);
    return this;
  }

  /**
   * Tells endpoints, before anything else, on whose behalf a connection is made: with a header of
   * the PROXY protocol. Then each client's requests have connections of their own; probes say that
   * they come from us.
   */
  public ClusterBuilder proxyProtocol(ProxyProtocolVersion version) {
    this.proxyProtocol = Optional.of(version);
    return this;
  }

  /** Takes over what {@code settings} say, but for endpoints and load balancer. */
  ClusterBuilder settings(ClusterSettings settings) {
    retryBudget = settings::retryBudget;
    balance.settings(settings.balance());
    health.settings(settings.health());
    mayBeEmpty = settings.mayBeEmpty();
    alsoKnownAs.addAll(settings.alsoKnownAs());
    http = settings.transport().http();
    settings.transport().tls().ifPresent(said -> tls(details -> details.settings(said)));
    proxyProtocol = settings.transport().proxyProtocol();
    return this;
  }

  String name() {
    return name;
  }

  /** The load balancer if it is the user's own: behaviour, and no part of settings. */
  Optional<LoadBalancer> ownBalancer() {
    return ownBalancer;
  }

  /** Who tells endpoints: behaviour, and no part of settings. */
  List<EndpointSource> sources() {
    return sources;
  }

  private Optional<UpstreamTlsSettings> tls(Checks checks) {
    UpstreamTlsBuilder described = tls;
    return described == null
        ? Optional.empty()
        : Optional.ofNullable(checks.collect("cluster " + name + ": tls: ", described::settings));
  }

  @Nullable ClusterSettings settings(Checks checks) {
    List<EndpointSettings> good = new ArrayList<>();
    for (EndpointBuilder endpoint : endpoints) {
      EndpointSettings settings = checks.collect(endpoint::settings);
      if (settings != null) {
        good.add(settings);
      }
    }
    BalanceSettings balanced = checks.collect(balance::settings);
    HealthSettings healthy = health.settings(checks);
    TransportSettings transport = new TransportSettings(http, tls(checks), proxyProtocol);
    if (good.isEmpty() && !endpoints.isEmpty()) {
      ClusterSettings.check(checks, name, true, balancerName);
      return null; // that there are no endpoints left is not the user's problem
    }
    BudgetSettings budget = checks.collect(retryBudget);
    if (budget == null || balanced == null) {
      return null;
    }
    return checks.collect(
        () ->
            new ClusterSettings(
                name,
                good,
                balancerName,
                budget,
                balanced,
                healthy,
                mayBeEmpty,
                alsoKnownAs,
                transport));
  }
}
