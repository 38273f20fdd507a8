package io.tidegate.core.spool;

import java.util.concurrent.atomic.AtomicLong;

/** A number of octets that many share. Thread-safe. */
final class Room {
  private volatile long most;
  private final AtomicLong used = new AtomicLong();

  Room(long most) {
    this.most = most;
  }

  /** There may be so many from now on; those that are taken already stay. */
  void change(long octetsInAll) {
    most = octetsInAll;
  }

  /** Takes {@code octets}; false, and nothing is taken, if so many are not left. */
  boolean take(long octets) {
    if (used.addAndGet(octets) <= most) {
      return true;
    }
    used.addAndGet(-octets);
    return false;
  }

  /** Takes {@code octets} even if so many are not left: they are there already. */
  void exceed(long octets) {
    used.addAndGet(octets);
  }

  /** Gives back {@code octets}. */
  void give(long octets) {
    used.addAndGet(-octets);
  }

  /** How many octets are taken. */
  long used() {
    return used.get();
  }
}
