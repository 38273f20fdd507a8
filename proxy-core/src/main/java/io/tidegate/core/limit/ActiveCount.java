package io.tidegate.core.limit;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How much may be under way at once, what has one key together. There is an entry for each key that
 * has something under way, and for no other.
 */
public final class ActiveCount {
  private volatile int most;
  private final ConcurrentMap<Object, Integer> active = new ConcurrentHashMap<>();

  /** At most {@code most} for each key. */
  public ActiveCount(int most) {
    this.most = most;
  }

  /** At most so many from now on; what is under way counts on. */
  public void most(int count) {
    this.most = count;
  }

  /** Counts one more, unless there are too many. */
  public boolean begin(Object key) {
    while (true) {
      Integer before = active.get(key);
      if (before != null && before >= most) {
        return false;
      }
      boolean counted =
          before == null
              ? active.putIfAbsent(key, 1) == null
              : active.replace(key, before, before + 1);
      if (counted) {
        return true;
      }
    }
  }

  /** One that was counted is over. */
  public void end(Object key) {
    while (true) {
      Integer before = Objects.requireNonNull(active.get(key));
      boolean counted =
          before == 1 ? active.remove(key, before) : active.replace(key, before, before - 1);
      if (counted) {
        return;
      }
    }
  }

  /** Whether one more would be too many. */
  public boolean isFull(Object key) {
    Integer now = active.get(key);
    return now != null && now >= most;
  }

  /** How many keys have something under way. */
  public int keysInUse() {
    return active.size();
  }
}
