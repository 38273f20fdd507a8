package io.tidegate.reverse;

/** Describes an endpoint of a cluster. */
public final class EndpointBuilder {
  private final String uri;
  private int weight = EndpointSettings.DEFAULT_WEIGHT;

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

  EndpointSettings settings() {
    return new EndpointSettings(uri, weight);
  }
}
