package io.tidegate.core.figures;

import java.util.List;

/**
 * A cluster at one moment.
 *
 * @param name its name
 * @param waitingRequests requests that wait until one of its endpoints has room
 * @param endpoints its endpoints
 */
public record ClusterFigures(String name, int waitingRequests, List<EndpointFigures> endpoints) {
  /** Copies the list. */
  public ClusterFigures {
    endpoints = List.copyOf(endpoints);
  }

  /**
   * An endpoint at one moment.
   *
   * @param name its URI, and its address if it is one of several of a name
   * @param weight its share of the requests
   * @param state whether it gets requests: {@code healthy} if it does, else {@code ejected}, {@code
   *     down} or {@code draining}
   * @param reason why it is ejected or down; otherwise empty
   * @param activeRequests requests it is serving for this proxy
   */
  public record EndpointFigures(
      String name, int weight, String state, String reason, int activeRequests) {}
}
