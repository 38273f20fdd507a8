package io.tidegate.reverse.protect;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.reverse.route.HostPattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests for hosts that no route names, though a route for any host would take them: a
 * scanner knows an address, a customer a name (RFC 9110 §7.4).
 */
final class KnownHosts implements RequestFilter {
  private static final Failure UNKNOWN =
      Failure.of(ProxyError.DESTINATION_NOT_FOUND, "this host is not served here").withStatus(421);

  private final HostPattern[] known;

  /** The hosts that routes name; patterns for any host do not count. */
  KnownHosts(List<HostPattern> ofRoutes) {
    this.known =
        ofRoutes.stream()
            .filter(host -> host.kind() != HostPattern.Kind.ANY)
            .distinct()
            .toArray(HostPattern[]::new);
  }

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    for (HostPattern host : known) {
      if (host.takes(request.authority().host())) {
        return null;
      }
    }
    return UNKNOWN;
  }
}
