package io.tidegate.reverse.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a value by a piece of a string without cutting it out. Immutable; open addressing, half of
 * the places are free. Keys come from settings, so no client can make them collide.
 */
final class SegmentMap<V> {
  private final @Nullable String[] keys;
  private final @Nullable Object[] values;

  SegmentMap(Map<String, V> entries) {
    int size = entries.isEmpty() ? 1 : Integer.highestOneBit(entries.size()) * 4;
    keys = new @Nullable String[size];
    values = new @Nullable Object[size];
    entries.forEach(
        (key, value) -> {
          int at = spread(key.hashCode());
          while (keys[at] != null) {
            at = at + 1 & size - 1;
          }
          keys[at] = key;
          values[at] = value;
        });
  }

  private int spread(int hash) {
    return (hash ^ hash >>> 16) & keys.length - 1;
  }

  /** The value for the characters from {@code from} to {@code to}, which hash as strings do. */
  @SuppressWarnings("unchecked")
  @Nullable V get(String text, int from, int to, int hash) {
    int at = spread(hash);
    for (String key = keys[at]; key != null; key = keys[at]) {
      if (key.length() == to - from && text.startsWith(key, from)) {
        return (V) values[at];
      }
      at = at + 1 & keys.length - 1;
    }
    return null;
  }
}
