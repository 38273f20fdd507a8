package io.tidegate.reverse.protect;

import java.util.List;

/**
 * The filters of the user's, which settings cannot hold.
 *
 * @param ofProxy those of the proxy
 * @param ofRoutes those of each route, in the order of their declaration
 */
public record OwnFilters(List<RequestFilter> ofProxy, List<List<RequestFilter>> ofRoutes) {
  /** None. */
  public static final OwnFilters NONE = new OwnFilters(List.of(), List.of());

  /** Copies the lists. */
  public OwnFilters {
    ofProxy = List.copyOf(ofProxy);
    ofRoutes = ofRoutes.stream().map(List::copyOf).toList();
  }

  /** Those of the route declared {@code index}th, from 0. */
  public List<RequestFilter> ofRoute(int index) {
    return index < ofRoutes.size() ? ofRoutes.get(index) : List.of();
  }
}
