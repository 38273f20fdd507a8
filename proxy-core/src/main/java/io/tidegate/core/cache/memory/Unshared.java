package io.tidegate.core.cache.memory;

import io.tidegate.core.cache.CacheKey;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Keys whose responses have turned out to be of no use to others: who asks for one of them would
 * wait in vain. Bounded, so that keys may be forgotten before their time. Thread-safe.
 */
final class Unshared {
  private static final int SLOTS = 1 << 12;

  /** For how long a key is kept unless it is remembered again. */
  private static final int SECONDS = 120;

  private static final long PRIME = Integer.MAX_VALUE;

  private final long point;

  /** The hash of a key above, the second at which it expires below; the lower bits say where. */
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  /** None yet; {@code secret} is a number that nobody can guess. */
  Unshared(long secret) {
    this.point = 1 + Math.floorMod(secret, PRIME - 1);
  }

  /**
   * Keeps a key.
   *
   * @param now the time in milliseconds since the epoch
   */
  void add(CacheKey key, long now) {
    slots.set(slot(key), (long) hash(key) << 32 | (now / 1000 + SECONDS));
  }

  /** Forgets a key: its response is for all. */
  void remove(CacheKey key) {
    long kept = slots.get(slot(key));
    if (kept != 0 && isAbout(kept, key)) {
      slots.compareAndSet(slot(key), kept, 0);
    }
  }

  /**
   * Whether a key is kept; rarely also if another one with the same {@link #hash} is.
   *
   * @param now the time in milliseconds since the epoch
   */
  boolean contains(CacheKey key, long now) {
    long kept = slots.get(slot(key));
    return kept != 0 && isAbout(kept, key) && now / 1000 < (kept & 0xffff_ffffL);
  }

  private int slot(CacheKey key) {
    return hash(key) & SLOTS - 1;
  }

  /**
   * A polynomial over what identifies the key. Nobody outside knows at which point it is evaluated:
   * URLs with the same {@code hashCode} as another are easily made, and one who could make two of
   * them collide here could have everybody ask the origin for what many want.
   */
  private int hash(CacheKey key) {
    long hash = key.hashCode() & Integer.MAX_VALUE;
    String uri = key.uri();
    for (int i = 0; i < uri.length(); i++) {
      hash = (hash * point + uri.charAt(i)) % PRIME;
    }
    return (int) hash;
  }

  private boolean isAbout(long kept, CacheKey key) {
    return (int) (kept >>> 32) == hash(key);
  }
}
