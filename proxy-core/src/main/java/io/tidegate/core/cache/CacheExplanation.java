package io.tidegate.core.cache;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a cache would do with a request, were it made now.
 *
 * @param outcome what it would do
 * @param reason why the upstream is asked, in the words of Cache-Status (RFC 9211 §2.2); empty if
 *     it is not
 * @param key what the response is stored under: method, URI without its query, and the partition as
 *     a short hash; empty if the cache has nothing to do with the request
 * @param stored how many responses are stored under the key
 * @param ageSeconds the current age of the one that is used or validated (RFC 9111 §4.2.3)
 * @param freshForSeconds for how long that is fresh yet; negative if it is stale
 */
public record CacheExplanation(
    Outcome outcome,
    String reason,
    String key,
    int stored,
    OptionalLong ageSeconds,
    OptionalLong freshForSeconds) {
  /** What becomes of a request. */
  public enum Outcome {
    /** There is no cache. */
    OFF,
    /** The upstream is asked, whatever is stored. */
    BYPASS,
    /** A fresh response answers it. */
    FRESH,
    /** A stale response answers it (RFC 9111 §4.2.4). */
    STALE,
    /** The upstream is asked whether a stored response is still good (RFC 9111 §4.3). */
    VALIDATE,
    /** The upstream is asked for what is missing of a stored part (RFC 9111 §3.4). */
    COMPLETE,
    /** The upstream is asked, for nothing that is stored will do. */
    MISS,
    /** 504: the client wants a stored response or none (RFC 9111 §5.2.1.7). */
    UNSATISFIED,
    /** Stored responses are invalidated, if the client may do that. */
    PURGE,
    /** Nobody can tell without the content, which is a part of the key (RFC 10008 §2.7). */
    UNKNOWN
  }

  /** That nothing is looked up. */
  public static CacheExplanation without(Outcome outcome, String reason) {
    return new CacheExplanation(outcome, reason, "", 0, OptionalLong.empty(), OptionalLong.empty());
  }

  /** One phrase. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(outcome.name().toLowerCase(Locale.ROOT));
    text.append(reason.isEmpty() ? "" : " (" + reason + ")");
    text.append(key.isEmpty() ? "" : ", key " + key + ", " + stored + " stored");
    ageSeconds.ifPresent(age -> text.append(", age ").append(age).append(" s"));
    freshForSeconds.ifPresent(left -> text.append(", fresh for ").append(left).append(" s"));
    return text.toString();
  }
}
