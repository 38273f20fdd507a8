package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a cache is set up.
 *
 * @param maxBytes how much memory stored responses may take in all
 * @param maxResponseBytes the largest response that is stored; at most {@code maxBytes}, of which
 *     it is an eighth if it is empty
 * @param maxVariants how many responses are stored for one key (RFC 9111 §4.1)
 * @param maxQueryBytes the longest content of a QUERY request, in octets, whose response is stored
 *     (RFC 10008 §2.7); 0 if none is. At most 16 MiB: it is digested at one go
 * @param fillTimeout how long a request waits for another one to fetch what both want, and how long
 *     the origin may pause in the middle of content before nobody else waits for the rest
 * @param heuristicFreshness whether a response that does not say how long it is fresh may be taken
 *     for fresh because it has not changed for long (RFC 9111 §4.2.2)
 * @param heuristicPercent for how much of the time since its last change
 * @param heuristicMax for how long at the most
 * @param staleWhileRevalidate how long a stale response is used while a fresh one is fetched, if
 *     the response does not say (RFC 5861 §3)
 * @param staleIfUnreachable how long a stale response is used if the origin cannot be reached or
 *     does not answer, unless the response forbids it (RFC 9111 §4.2.4)
 * @param staleIfError how long a stale response is used if the origin fails, if the response does
 *     not say (RFC 5861 §4)
 * @param targets names of targeted fields, the one that counts most first (RFC 9213 §2.2)
 * @param storeSetCookie whether a response with Set-Cookie may be stored, as RFC 9111 §7.3 allows
 * @param keys what of a request becomes its key
 * @param tagField the field in which responses name their tags; empty for none
 * @param statusField whether responses say in Cache-Status what the cache did (RFC 9211)
 * @param statusKey whether Cache-Status tells the key
 * @param statusDetail whether Cache-Status tells details
 * @param perUser whether what one user gets is for no other
 */
public record CacheSettings(
    long maxBytes,
    Optional<Long> maxResponseBytes,
    int maxVariants,
    int maxQueryBytes,
    Duration fillTimeout,
    boolean heuristicFreshness,
    int heuristicPercent,
    Duration heuristicMax,
    Duration staleWhileRevalidate,
    Duration staleIfUnreachable,
    Duration staleIfError,
    List<FieldName> targets,
    boolean storeSetCookie,
    KeyPolicy keys,
    Optional<TagField> tagField,
    boolean statusField,
    boolean statusKey,
    boolean statusDetail,
    boolean perUser) {
  private static final int LONGEST_QUERY = 16 << 20;
  private static final Duration LONGEST = Duration.ofDays(365);

  /** What an uncalled builder method of a forward proxy means. */
  public static final CacheSettings FORWARD = withTargets(List.of());

  /** What an uncalled builder method of a reverse proxy means. */
  public static final CacheSettings REVERSE = withTargets(List.of(FieldName.CDN_CACHE_CONTROL));

  private static CacheSettings withTargets(List<FieldName> targets) {
    return new CacheSettings(
        64L << 20,
        Optional.empty(),
        32,
        64 << 10,
        Duration.ofSeconds(5),
        true,
        10,
        Duration.ofDays(1),
        Duration.ZERO,
        Duration.ofDays(1),
        Duration.ZERO,
        targets,
        true,
        KeyPolicy.DEFAULT,
        Optional.empty(),
        true,
        false,
        false,
        false);
  }

  /**
   * Rejects what cannot work.
   *
   * @throws IllegalArgumentException with a line for each problem, like {@code maxBytes: -1
   *     (expected: >= 0)}
   */
  public CacheSettings {
    List<String> problems = new ArrayList<>();
    between("maxBytes", maxBytes, 0, Long.MAX_VALUE, problems);
    maxResponseBytes.ifPresent(
        bytes -> between("maxResponseBytes", bytes, 0, Math.max(0, maxBytes), problems));
    between("maxVariants", maxVariants, 1, Integer.MAX_VALUE, problems);
    between("maxQueryBytes", maxQueryBytes, 0, LONGEST_QUERY, problems);
    between("fillTimeout", fillTimeout, Duration.ofMillis(1), problems);
    between("heuristicPercent", heuristicPercent, 1, 100, problems);
    between("heuristicMax", heuristicMax, Duration.ZERO, problems);
    between("staleWhileRevalidate", staleWhileRevalidate, Duration.ZERO, problems);
    between("staleIfUnreachable", staleIfUnreachable, Duration.ZERO, problems);
    between("staleIfError", staleIfError, Duration.ZERO, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
    }
    targets = List.copyOf(targets);
  }

  /** The largest response that is stored, in octets. */
  public long longestResponse() {
    return maxResponseBytes.orElse(maxBytes / 8);
  }

  private static void between(
      String name, long value, long least, long most, List<String> problems) {
    if (value < least || value > most) {
      boolean open = most == Long.MAX_VALUE || most == Integer.MAX_VALUE;
      String expected = open ? ">= " + least : least + " to " + most;
      problems.add(name + ": " + value + " (expected: " + expected + ")");
    }
  }

  private static void between(String name, Duration value, Duration least, List<String> problems) {
    if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
      String expected = least.isZero() ? "0 to 365 days" : "1 ms to 365 days";
      problems.add(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
