package io.tidegate.core.spi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a proxy keeps when its settings change: objects with a state, by what they were made of.
 * Whatever is made of the same again is the same object; what nobody asks for again is forgotten.
 * Not thread-safe.
 */
public final class Kept {
  private record Key(Class<?> kind, Object madeOf) {}

  private final Map<Key, Object> before;
  private final Map<Key, Object> now = new HashMap<>();
  private final List<Runnable> changes = new ArrayList<>();
  private final List<Runnable> afterwards = new ArrayList<>();

  private Kept(Map<Key, Object> before) {
    this.before = before;
  }

  /** Nothing as yet. */
  public Kept() {
    this(Map.of());
  }

  /** For the settings that come next, in place of those that this is for. */
  public Kept next() {
    return new Kept(now);
  }

  /** The same for another proxy by these settings: nothing of this one's is the other's. */
  public Kept anew() {
    return new Kept(before);
  }

  /**
   * The object of this kind that is made of {@code madeOf}: the one there is, else a new one.
   *
   * @param madeOf everything that it is made of, and where it belongs; has {@code equals}
   */
  public <T> T of(Class<T> kind, Object madeOf, Supplier<? extends T> made) {
    Key key = new Key(kind, madeOf);
    Object known = now.get(key);
    if (known == null) {
      known = before.get(key);
      if (known == null) {
        known = made.get();
      }
      now.put(key, known);
    }
    return kind.cast(known);
  }

  /**
   * Has an object that was kept changed, when all settings have turned out to be right: until then
   * it serves the old ones.
   */
  public void change(Runnable change) {
    changes.add(change);
  }

  /**
   * Has somebody told of a change when all have been made, and may be made again: whoever is told
   * may reload or stop the proxy.
   */
  public void afterwards(Runnable task) {
    afterwards.add(task);
  }

  /** What is to be done after {@link #commit}, whether that fails or not, without any lock. */
  public List<Runnable> afterwards() {
    return List.copyOf(afterwards);
  }

  /** Makes the changes, in the order in which they were said. */
  public void commit() {
    changes.forEach(Runnable::run);
    changes.clear();
  }
}
