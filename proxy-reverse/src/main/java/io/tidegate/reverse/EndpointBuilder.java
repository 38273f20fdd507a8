package io.tidegate.reverse;

import io.tidegate.reverse.cluster.Placement;
import java.time.Duration;
import java.util.Optional;

/** Describes an endpoint of a cluster. */
public final class EndpointBuilder {
  private final String uri;
  private int weight = EndpointSettings.DEFAULT_WEIGHT;
  private String zone = Placement.DEFAULT.zone();
  private boolean backup = Placement.DEFAULT.backup();
  private Optional<Duration> lookUp = Optional.empty();
  private Optional<String> serverName = Optional.empty();

  EndpointBuilder(String uri) {
    this.uri = uri;
  }

  /**
   * Its share of the requests, 1 to 1,000, beside those of the other endpoints; 1 unless called.
   */
  public EndpointBuilder weight(int weight) {
    this.weight = weight;
    return this;
  }

  /** Where it is; {@link BalanceBuilder#zones} says which zone comes first. */
  public EndpointBuilder zone(String name) {
    this.zone = name;
    return this;
  }

  /** Uses it only when no other endpoint of the cluster is available. */
  public EndpointBuilder backup() {
    this.backup = true;
    return this;
  }

  /** As {@link #everyAddress(Duration)}, every 30 s. */
  public EndpointBuilder everyAddress() {
    return everyAddress(EndpointSettings.DEFAULT_LOOK_UP);
  }

  /**
   * Makes each address of the name an endpoint like this; requests still ask for the name. The name
   * is looked up so often, but not more often than its addresses are remembered ({@code nameTtl} of
   * the proxy). When that fails, the addresses stay as they are.
   */
  public EndpointBuilder everyAddress(Duration interval) {
    this.lookUp = Optional.of(interval);
    return this;
  }

  /**
   * Asks it for this host in TLS and expects that in its certificate, in place of the one that is
   * gone to, or that {@link ClusterBuilder#tls} says.
   */
  public EndpointBuilder serverName(String name) {
    this.serverName = Optional.of(name);
    return this;
  }

  /** Takes over what {@code settings} say. */
  void settings(EndpointSettings settings) {
    weight(settings.weight()).zone(settings.placement().zone());
    this.backup = settings.placement().backup();
    this.lookUp = settings.lookUp();
    this.serverName = settings.serverName();
  }

  EndpointSettings settings() {
    return new EndpointSettings(uri, weight, new Placement(zone, backup), lookUp, serverName);
  }
}
