package io.tidegate.reverse;

import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.cluster.EndpointUri;
import io.tidegate.reverse.cluster.Placement;

/**
 * An endpoint of a cluster.
 *
 * @param uri {@code http://host[:port]} or {@code https://host[:port]}
 * @param weight its share of the requests, 1 to 1,000
 * @param placement when its turn is
 */
public record EndpointSettings(String uri, int weight, Placement placement) {
  /** The weight of an endpoint that is given none. */
  public static final int DEFAULT_WEIGHT = 1;

  /** Rejects what cannot work. */
  public EndpointSettings {
    Checks checks = new Checks();
    if (EndpointUri.parse(uri) == null) {
      checks.reject("endpoint", EndpointUri.withoutUser(uri), EndpointUri.EXPECTED);
    }
    checks.between("weight of endpoint " + EndpointUri.withoutUser(uri), weight, 1, 1000).done();
  }
}
