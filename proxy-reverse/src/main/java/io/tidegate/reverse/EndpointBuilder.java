package io.tidegate.reverse;

import io.tidegate.reverse.cluster.Placement;

/** Describes an endpoint of a cluster. */
public final class EndpointBuilder {
  private final String uri;
  private int weight = EndpointSettings.DEFAULT_WEIGHT;
  private String zone = Placement.DEFAULT.zone();
  private boolean backup = Placement.DEFAULT.backup();

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

  /** Takes over what {@code settings} say. */
  void settings(EndpointSettings settings) {
    weight(settings.weight()).zone(settings.placement().zone());
    this.backup = settings.placement().backup();
  }

  EndpointSettings settings() {
    return new EndpointSettings(uri, weight, new Placement(zone, backup));
  }
}
