package io.tidegate.reverse.route;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Resolution;

/** What becomes of the requests of a route. */
@FunctionalInterface
public interface RouteTarget {
  /**
   * Where {@code request} goes, or how it is answered.
   *
   * @throws SafeRegex.UndecidedException if a regular expression took too long
   */
  Resolution resolve(ClientRequest request);

  /** The same, but nothing is counted: for a request that is not made. */
  default Resolution look(ClientRequest request) {
    return resolve(request);
  }
}
