package io.tidegate.reverse;

import io.tidegate.core.cache.CacheExplanation;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.reverse.cluster.ClusterExplanation;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What would become of a request, were it made now; see {@link ReverseProxy#explain}. Holds no
 * query, no value of a field and no name of a partition.
 *
 * @param request method and URI without query
 * @param route the route that takes it, by host, path and conditions; empty if none does
 * @param refusal why it would be refused, if it would be
 * @param status the status code that the proxy answers it with itself: by a refusal, a redirect, a
 *     fixed response or a preflight
 * @param upstream where it would go, if it is for a cluster
 */
public record Explanation(
    String request,
    Optional<String> route,
    Optional<Refusal> refusal,
    OptionalInt status,
    Optional<Upstream> upstream) {
  /** Who refuses requests. */
  public enum Refuser {
    /** What protects the proxy: address lists and filters. */
    PROXY,
    /** The table of the routes: none takes the request, or nobody can tell which one should. */
    ROUTE_TABLE,
    /** The route: its protection, or how it makes paths anew. */
    ROUTE
  }

  /**
   * Why a request is refused.
   *
   * @param by who refuses it
   * @param status the status code for the client
   * @param error the RFC 9209 error type
   * @param detail one phrase
   */
  public record Refusal(Refuser by, int status, String error, String detail) {
    static Refusal of(Refuser by, Failure failure) {
      return new Refusal(by, failure.status(), failure.error().token(), failure.detail());
    }
  }

  /**
   * Where a request would go.
   *
   * @param path the path for the upstream, without query
   * @param authorized whether another server is asked first if the request may pass; what that says
   *     is not known
   * @param cluster the endpoints, and which ones could be chosen
   * @param cache what the cache would do, before any endpoint is asked
   */
  public record Upstream(
      String path, boolean authorized, ClusterExplanation cluster, CacheExplanation cache) {}

  static Explanation refused(String request, Optional<String> route, Refusal refusal) {
    return new Explanation(
        request, route, Optional.of(refusal), OptionalInt.of(refusal.status()), Optional.empty());
  }

  static Explanation answered(String request, Optional<String> route, OwnResponse own) {
    OptionalInt status = OptionalInt.of(own.status());
    return new Explanation(request, route, Optional.empty(), status, Optional.empty());
  }

  /** Some lines for people to read. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(request);
    route.ifPresent(one -> text.append("\nroute ").append(one));
    refusal.ifPresent(
        why ->
            text.append("\nrefused by ")
                .append(why.by().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .append(": ")
                .append(why.detail())
                .append(" (")
                .append(why.error())
                .append(')'));
    status.ifPresent(code -> text.append("\nanswered with ").append(code));
    upstream.ifPresent(
        to ->
            text.append("\npath ")
                .append(to.path())
                .append(to.authorized() ? ", if another server lets it pass" : "")
                .append("\ncache ")
                .append(to.cache())
                .append('\n')
                .append(to.cluster()));
    return text.toString();
  }
}
