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

  /** The hash of a key above, the second at which it expires below; the lower bits say where. */
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  /**
   * Keeps a key.
   *
   * @param now the time in milliseconds since the epoch
   */
  void add(CacheKey key, long now) {
    slots.set(slot(key), (long) key.hashCode() << 32 | (now / 1000 + SECONDS));
  }

  /** Forgets a key: its response is for all. */
  void remove(CacheKey key) {
    long kept = slots.get(slot(key));
    if (kept != 0 && isAbout(kept, key)) {
      slots.compareAndSet(slot(key), kept, 0);
    }
  }

  /**
   * Whether a key is kept; rarely also if another one with the same hash is.
   *
   * @param now the time in milliseconds since the epoch
   */
  boolean contains(CacheKey key, long now) {
    long kept = slots.get(slot(key));
    return kept != 0 && isAbout(kept, key) && now / 1000 < (kept & 0xffff_ffffL);
  }

  private static int slot(CacheKey key) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 16) & SLOTS - 1;
  }

  private static boolean isAbout(long kept, CacheKey key) {
    return (int) (kept >>> 32) == key.hashCode();
  }
}
