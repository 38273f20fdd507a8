package io.tidegate.forward.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * One counter for each key. Those that were asked for last are kept, and none is forgotten as long
 * as somebody holds it: a tunnel of yesterday and a request of today have the same one.
 */
final class Keyed<T> {
  /** How many counters are kept that nobody holds. */
  private static final int MOST_KEPT = 100_000;

  private final LongFunction<T> make;
  private final LongSupplier nanoTime;
  private final Cache<Object, T> kept;
  private final Cache<Object, T> all =
      Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

  /**
   * Counters that {@code make} makes for a time.
   *
   * @param memory how long one is kept that nobody asks for
   * @param nanoTime like {@link System#nanoTime}
   */
  Keyed(LongFunction<T> make, Duration memory, LongSupplier nanoTime) {
    this.make = make;
    this.nanoTime = nanoTime;
    this.kept =
        Caffeine.newBuilder()
            .maximumSize(MOST_KEPT)
            .expireAfterAccess(memory)
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** The counter of {@code key}. */
  T of(Object key) {
    T counter = kept.getIfPresent(key);
    if (counter == null) {
      counter = all.get(key, absent -> make.apply(nanoTime.getAsLong()));
      kept.put(key, counter);
    }
    return counter;
  }

  /** How many are kept. */
  long kept() {
    kept.cleanUp();
    return kept.estimatedSize();
  }
}
