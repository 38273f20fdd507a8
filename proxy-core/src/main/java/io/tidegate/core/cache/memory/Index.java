package io.tidegate.core.cache.memory;

import io.tidegate.core.cache.CacheKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The keys of stored responses by something they have in common: a URI, a tag, a group. */
final class Index {
  private final ConcurrentHashMap<String, Set<CacheKey>> keys = new ConcurrentHashMap<>();

  void add(String name, CacheKey key) {
    keys.compute(
        name,
        (n, before) -> {
          Set<CacheKey> all = before == null ? ConcurrentHashMap.newKeySet(1) : before;
          all.add(key);
          return all;
        });
  }

  void remove(String name, CacheKey key) {
    keys.computeIfPresent(
        name,
        (n, all) -> {
          all.remove(key);
          return all.isEmpty() ? null : all;
        });
  }

  /** The keys at this moment; others may come and go meanwhile. */
  Set<CacheKey> keys(String name) {
    return keys.getOrDefault(name, Set.of());
  }

  /** How many names there are. */
  int size() {
    return keys.size();
  }
}
