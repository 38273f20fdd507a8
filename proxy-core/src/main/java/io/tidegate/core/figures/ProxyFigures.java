package io.tidegate.core.figures;

import java.util.List;
import java.util.Optional;

/**
 * What a proxy is doing, and has done since it was made. The numbers are read one after another
 * while it goes on, so they need not add up.
 *
 * @param clients who is there now
 * @param requests what has become of requests so far
 * @param upstreams the connections to upstreams now, and what waits for them
 * @param buffered what is kept for slow clients now
 * @param cache the cache; empty if there is none
 * @param clusters the clusters of a reverse proxy, in the order of its settings
 * @param routes the names of the routes of a reverse proxy, in the order of its settings
 * @param unlogged exchanges that listeners were told of and let go, for they could not keep up
 */
public record ProxyFigures(
    Clients clients,
    Requests requests,
    Upstreams upstreams,
    Buffered buffered,
    Optional<CacheFigures> cache,
    List<ClusterFigures> clusters,
    List<String> routes,
    long unlogged) {
  /** Copies the lists. */
  public ProxyFigures {
    clusters = List.copyOf(clusters);
    routes = List.copyOf(routes);
  }

  /**
   * Who is there now.
   *
   * @param connections connections of clients to our own listeners, tunnels included
   * @param activeRequests requests of clients that are under way, those of a mounted proxy too;
   *     tunnels are not among them
   * @param tunnels what CONNECT or 101 has opened, and TLS that is passed on
   */
  public record Clients(long connections, long activeRequests, long tunnels) {}

  /**
   * What has become of the requests of clients that are over, tunnels included, by the class of the
   * status code they got (RFC 9110 §15).
   *
   * @param informational 1xx: a tunnel of another protocol
   * @param successful 2xx
   * @param redirections 3xx
   * @param clientErrors 4xx
   * @param serverErrors 5xx
   * @param unanswered requests whose clients got no status code
   * @param failed how many of all these failed, whichever status code told it, if any
   * @param receivedBytes octets of content from clients, in tunnels all octets
   * @param sentBytes octets of content to clients, in tunnels all octets
   */
  public record Requests(
      long informational,
      long successful,
      long redirections,
      long clientErrors,
      long serverErrors,
      long unanswered,
      long failed,
      long receivedBytes,
      long sentBytes) {
    /** All requests that are over. */
    public long ended() {
      return informational + successful + redirections + clientErrors + serverErrors + unanswered;
    }
  }

  /**
   * The connections to upstreams, without those that have become tunnels.
   *
   * @param connections how many there are, those being made included
   * @param resting how many of them nobody uses
   * @param pendingRequests requests that wait for a connection: for one to be made, or to be free
   * @param lookups names that are being looked up
   * @param lookupsMade names that have been looked up so far
   */
  public record Upstreams(
      long connections, long resting, long pendingRequests, long lookups, long lookupsMade) {}

  /**
   * Content that is kept for slow clients.
   *
   * @param memoryBytes octets of it in memory
   * @param fileBytes octets of it in temporary files
   */
  public record Buffered(long memoryBytes, long fileBytes) {}
}
