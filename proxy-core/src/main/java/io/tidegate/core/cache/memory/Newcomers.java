package io.tidegate.core.cache.memory;

import io.tidegate.core.cache.CacheKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The responses that have come last, or are still coming. They are kept, however seldom they were
 * asked for so far: those who have waited for one have to find it. Bounded in number and in octets;
 * the first to come is the first to leave. Thread-safe, and calls nobody.
 */
final class Newcomers {
  /** More of them would make of the cache one that keeps what is recent, not what is used. */
  private static final int MOST = 64;

  private record Newcomer(CacheKey key, long octets) {}

  private final Map<MemoryBody, Newcomer> all = new LinkedHashMap<>();
  private long maxOctets;
  private long octets;

  /** None yet; they may be so long together. */
  Newcomers(long maxOctets) {
    this.maxOctets = maxOctets;
  }

  /**
   * Takes in a response of {@code size} octets, unless it is too long.
   *
   * @return the keys of those that have left for it
   */
  synchronized List<CacheKey> add(MemoryBody body, CacheKey key, long size) {
    return size <= maxOctets ? put(body, new Newcomer(key, size)) : List.of();
  }

  /**
   * Notes how long a newcomer is now.
   *
   * @return the keys of those that have left, perhaps its own; null if it is no newcomer
   */
  synchronized @Nullable List<CacheKey> resize(MemoryBody body, long size) {
    Newcomer before = all.get(body);
    return before == null ? null : put(body, new Newcomer(before.key, size));
  }

  private List<CacheKey> put(MemoryBody body, Newcomer newcomer) {
    Newcomer before = all.put(body, newcomer);
    octets += newcomer.octets - (before == null ? 0 : before.octets);
    return leave();
  }

  /**
   * Allows them so much from now on.
   *
   * @return the keys of those that have left
   */
  synchronized List<CacheKey> allow(long octetsAllowed) {
    maxOctets = octetsAllowed;
    return leave();
  }

  private List<CacheKey> leave() {
    List<CacheKey> left = new ArrayList<>(1);
    Iterator<Newcomer> first = all.values().iterator();
    while (octets > maxOctets || all.size() > MOST) {
      Newcomer leaving = first.next();
      first.remove();
      octets -= leaving.octets;
      left.add(leaving.key);
    }
    return left;
  }

  /** Forgets a response, if it is a newcomer. */
  synchronized void remove(MemoryBody body) {
    Newcomer removed = all.remove(body);
    octets -= removed == null ? 0 : removed.octets;
  }

  /** Whether this is one. */
  synchronized boolean contains(MemoryBody body) {
    return all.containsKey(body);
  }

  /** How many octets they occupy together. */
  synchronized long octets() {
    return octets;
  }
}
