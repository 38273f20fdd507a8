package io.tidegate.core.connect;

/** A connection that nobody uses, and that is kept for those to come. */
interface Resting {
  /** When it will have rested long enough, in milliseconds. */
  long idleUntil();

  /** Takes no more requests: closes as soon as none is under way. */
  void retire();
}
