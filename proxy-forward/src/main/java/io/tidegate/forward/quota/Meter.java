package io.tidegate.forward.quota;

/**
 * Counts what is used of an {@link Allowance}, for all threads and without locks. Times are those
 * of {@link System#nanoTime}.
 */
interface Meter {
  /** Uses one if there is one: 0, else the nanoseconds until there is. */
  long take(long now);

  /** Gives back the one that {@link #take} has used, if that was lately. */
  void giveBack(long now);

  /** 0 if there is anything left, else the nanoseconds until there is. */
  long untilMore(long now);

  /** Uses so many, whether they are there or not; whether that was too much. */
  boolean use(long now, long amount);
}
