package io.tidegate.reverse;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.reverse.cluster.EndpointUri;
import io.tidegate.reverse.cluster.Placement;
import java.time.Duration;
import java.util.Optional;

/**
 * An endpoint of a cluster.
 *
 * @param uri {@code http://host[:port]} or {@code https://host[:port]}
 * @param weight its share of the requests, 1 to 1,000
 * @param placement when its turn is
 * @param lookUp how often the name is looked up, if each of its addresses is an endpoint
 * @param serverName the host to ask for and to expect in its certificate, in place of the one that
 *     is gone to, or that its cluster says
 */
public record EndpointSettings(
    String uri,
    int weight,
    Placement placement,
    Optional<Duration> lookUp,
    Optional<String> serverName) {
  /** The weight of an endpoint that is given none. */
  public static final int DEFAULT_WEIGHT = 1;

  /** How often a name is looked up unless that is said. */
  public static final Duration DEFAULT_LOOK_UP = Duration.ofSeconds(30);

  /** An endpoint that is told nothing else. */
  public EndpointSettings(String uri, int weight) {
    this(uri, weight, Placement.DEFAULT, Optional.empty(), Optional.empty());
  }

  /** Rejects what cannot work. */
  public EndpointSettings {
    Checks checks = new Checks();
    Destination destination = EndpointUri.parse(uri);
    if (destination == null) {
      checks.reject("endpoint", EndpointUri.withoutUser(uri), EndpointUri.EXPECTED);
    }
    lookUp.ifPresent(
        interval ->
            checks.duration("everyAddress of endpoint " + EndpointUri.withoutUser(uri), interval));
    if (lookUp.isPresent() && destination != null && Ip.parse(destination.host()) != null) {
      checks.problem(
          "everyAddress of endpoint "
              + EndpointUri.withoutUser(uri)
              + " needs a name: this is an address");
    }
    serverName
        .filter(name -> !UpstreamTlsSettings.isHost(name))
        .ifPresent(
            name ->
                checks.reject(
                    "serverName of endpoint " + EndpointUri.withoutUser(uri),
                    name,
                    "a DNS name or an IP address"));
    checks.between("weight of endpoint " + EndpointUri.withoutUser(uri), weight, 1, 1000).done();
  }
}
