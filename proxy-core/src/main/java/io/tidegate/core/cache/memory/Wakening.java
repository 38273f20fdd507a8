package io.tidegate.core.cache.memory;

import java.lang.System.Logger.Level;

/** Tells those who wait for something. */
final class Wakening {
  private static final System.Logger LOG = System.getLogger(Wakening.class.getName());

  private Wakening() {}

  /** Runs each of them, whatever the others throw: neither they nor the caller are to blame. */
  static void wake(Iterable<Runnable> waiting) {
    for (Runnable one : waiting) {
      try {
        one.run();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "one who has waited for a response of the cache has failed", e);
      }
    }
  }
}
