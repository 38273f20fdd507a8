package io.tidegate.reverse.route;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.Resolution;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by the host that a TLS client wants where its connection is passed on undecrypted: the
 * exact host comes first, then the longest wildcard. What is decrypted here goes by the table of
 * routes. Immutable.
 */
public final class ServerNames implements DestinationResolver {
  private final DestinationResolver table;
  private final Map<String, DestinationResolver> exact = new HashMap<>();
  private final Map<String, DestinationResolver> below = new HashMap<>();

  /** Passes on what wants one of {@code targets}, of which none is for any host. */
  public ServerNames(DestinationResolver table, Map<HostPattern, RouteTarget> targets) {
    this.table = table;
    targets.forEach(
        (host, target) ->
            (host.kind() == HostPattern.Kind.EXACT ? exact : below)
                .put(host.text(), target::resolve));
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    return table.resolve(request);
  }

  @Override
  public @Nullable DestinationResolver passthrough(String serverName) {
    DestinationResolver found = exact.get(serverName);
    int dot = below.isEmpty() ? -1 : serverName.indexOf('.', 1);
    while (found == null && dot >= 0) {
      found = below.get(serverName.substring(dot));
      dot = serverName.indexOf('.', dot + 1);
    }
    return found;
  }
}
