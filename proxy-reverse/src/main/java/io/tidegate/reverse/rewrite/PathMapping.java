package io.tidegate.reverse.rewrite;

import org.jspecify.annotations.Nullable;

/** Maps paths between the client's side of a route and the upstream's, there and back. */
public interface PathMapping {
  /**
   * The upstream's path and query for the client's, or null if it would not be a clean path.
   *
   * @param pathAndQuery of a request that the route takes, without dot segments
   */
  @Nullable String toUpstream(String pathAndQuery);

  /**
   * The client's reference for the upstream's, which begins with a path; null if none of the
   * client's paths leads there, or nobody can tell which.
   */
  @Nullable String toClient(String reference);

  /**
   * The client's Path of a cookie for the upstream's (RFC 6265 §5.1.4). One that reaches above what
   * the upstream sees takes in all of the route.
   */
  String cookieToClient(String path);
}
