package io.tidegate.reverse.cluster;

import io.tidegate.reverse.health.EndpointState;
import io.tidegate.reverse.health.HealthSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * The endpoints of a cluster at one moment, sorted by what they are good for when the moment came:
 * exchanges do not have to look. Immutable.
 *
 * @param all every endpoint
 * @param array the same, not to be changed
 * @param selectable those that get requests
 * @param lastResort the ejected ones, for exchanges that have tried all the others
 * @param staying how many of {@link #all} are not draining
 * @param available how many of these are healthy
 * @param panicking whether unhealthy ones are selectable because too few are healthy
 * @param trials whether any is on trial
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Members(
    List<Endpoint> all,
    Endpoint[] array,
    List<Endpoint> selectable,
    List<Endpoint> lastResort,
    int staying,
    int available,
    boolean panicking,
    boolean trials) {
  /** What {@code endpoints} are good for as they are now. */
  static Members of(List<Endpoint> endpoints, HealthSettings settings) {
    List<Endpoint> staying = new ArrayList<>();
    List<Endpoint> healthy = new ArrayList<>();
    List<Endpoint> ejected = new ArrayList<>();
    boolean trials = false;
    for (Endpoint endpoint : endpoints) {
      EndpointState state = endpoint.state();
      if (state != EndpointState.DRAINING) {
        staying.add(endpoint);
      }
      if (state.isAvailable()) {
        healthy.add(endpoint);
      } else if (state == EndpointState.EJECTED) {
        ejected.add(endpoint);
      }
      trials |= endpoint.health().onTrial();
    }
    boolean panicking = settings.panics(healthy.size(), staying.size());
    return new Members(
        List.copyOf(endpoints),
        endpoints.toArray(Endpoint[]::new),
        List.copyOf(panicking ? staying : healthy),
        panicking ? List.of() : List.copyOf(ejected),
        staying.size(),
        healthy.size(),
        panicking,
        trials);
  }
}
