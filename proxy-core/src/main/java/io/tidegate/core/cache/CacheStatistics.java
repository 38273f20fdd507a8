package io.tidegate.core.cache;

/**
 * What has happened in a cache since it was made, at one moment. Every request of a client that the
 * cache had a part in counts once: among {@code hits}, {@code validated}, {@code misses} or {@code
 * passed}.
 *
 * @param hits requests answered with what was stored, without the origin or in place of its failure
 * @param staleHits how many of the hits were with a stale response (RFC 9111 §4.2.4)
 * @param validated requests answered with what was stored, after the origin has said that it is
 *     good (RFC 9111 §4.3.3)
 * @param misses requests that a stored response could have answered, and none did
 * @param passed requests that no stored response could have answered: for their method or a
 *     condition that is for the origin only
 * @param collapsed requests that have waited for the answer to another one
 * @param refreshed requests of the cache's own, for what was used stale meanwhile (RFC 5861 §3)
 * @param hitBytes octets of content sent to clients for hits and what was validated
 * @param missBytes octets of content sent to clients for misses
 * @param fills responses that are on their way into the store now
 * @param stored responses that have been stored to their end
 * @param tooLong responses that were not stored because their content was too long
 * @param evicted stored responses that have made way for others
 * @param invalidated stored responses that have been invalidated: by a request (RFC 9111 §4.4), by
 *     what a response said (RFC 9875 §3), or by the application
 */
public record CacheStatistics(
    long hits,
    long staleHits,
    long validated,
    long misses,
    long passed,
    long collapsed,
    long refreshed,
    long hitBytes,
    long missBytes,
    long fills,
    long stored,
    long tooLong,
    long evicted,
    long invalidated) {
  /**
   * The part of requests that were hits, among those that a stored response could have answered; 0
   * if there were none.
   */
  public double hitRatio() {
    return ratio(hits, validated + misses);
  }

  /** The part of content that the origin did not have to send, in octets; 0 if there was none. */
  public double byteHitRatio() {
    return ratio(hitBytes, missBytes);
  }

  private static double ratio(long part, long rest) {
    return part == 0 ? 0 : (double) part / (part + rest);
  }
}
