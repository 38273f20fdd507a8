package io.tidegate.reverse.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Requests that a route makes besides those of clients.
 *
 * @param authorization who else decides whether a request may pass; empty for nobody
 * @param mirror where copies go; empty for nowhere
 */
public record TrafficSettings(
    Optional<AuthorizationSettings> authorization, Optional<MirrorSettings> mirror) {
  /** What uncalled builder methods mean. */
  public static final TrafficSettings NONE =
      new TrafficSettings(Optional.empty(), Optional.empty());

  /** The names of the clusters that get requests. */
  public List<String> clusters() {
    List<String> names = new ArrayList<>();
    authorization.ifPresent(settings -> names.add(settings.cluster()));
    mirror.ifPresent(settings -> names.add(settings.cluster()));
    return names;
  }
}
