package io.tidegate.forward.access;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values for names below others: keys are suffixes with the dot before them, {@code .example.com}.
 * Looking up makes no objects. Immutable.
 */
final class SuffixMap<V> {
  /*
   * A hash table with open addressing. The hash of a suffix is made from its end, so that one pass
   * over a name comes by the hashes of all its suffixes.
   */
  private final @Nullable String[] keys;
  private final Object[] values;
  private final int mask;
  private final int longest;

  SuffixMap(Map<String, V> entries) {
    int capacity = Integer.highestOneBit(Math.max(1, entries.size())) << 2;
    this.keys = new String[capacity];
    this.values = new Object[capacity];
    this.mask = capacity - 1;
    int most = 0;
    for (Map.Entry<String, V> entry : entries.entrySet()) {
      String key = entry.getKey();
      int hash = 0;
      for (int i = key.length() - 1; i >= 0; i--) {
        hash = hash(hash, key.charAt(i));
      }
      int slot = slot(hash, key, 0);
      keys[slot] = key;
      values[slot] = entry.getValue();
      most = Math.max(most, key.length());
    }
    this.longest = most;
  }

  /** The value for the longest suffix that {@code name} is below, {@code otherwise} if for none. */
  @SuppressWarnings("unchecked") // only values of this type have been put there
  V longest(String name, V otherwise) {
    V found = otherwise;
    int hash = 0;
    for (int i = name.length() - 1; i > 0 && name.length() - i <= longest; i--) {
      hash = hash(hash, name.charAt(i));
      if (name.charAt(i) == '.') {
        int slot = slot(hash, name, i);
        found = keys[slot] == null ? found : (V) values[slot];
      }
    }
    return found;
  }

  private static int hash(int hash, char c) {
    return hash * 31 + c;
  }

  /** Where the suffix of {@code name} that begins at {@code from} is, or an empty slot. */
  private int slot(int hash, String name, int from) {
    int slot = (hash ^ hash >>> 16) & mask;
    String key = keys[slot];
    while (key != null && !(key.length() == name.length() - from && name.startsWith(key, from))) {
      slot = slot + 1 & mask;
      key = keys[slot];
    }
    return slot;
  }
}
