package io.tidegate.reverse.cluster;

import io.tidegate.core.figures.ClusterFigures.EndpointFigures;
import io.tidegate.reverse.health.EndpointState;
import java.util.Locale;

/**
 * How an endpoint fares at one moment.
 *
 * @param endpoint its URI, and its address if it is one of several of a name
 * @param weight its share of the requests
 * @param state whether it gets requests
 * @param reason why it is ejected or down; otherwise empty
 * @param activeRequests how many requests it is serving for this proxy
 */
public record EndpointStatus(
    String endpoint, int weight, EndpointState state, String reason, int activeRequests) {
  /** The same as plain data. */
  EndpointFigures figures() {
    String word = state.name().toLowerCase(Locale.ROOT);
    return new EndpointFigures(endpoint, weight, word, reason, activeRequests);
  }
}
