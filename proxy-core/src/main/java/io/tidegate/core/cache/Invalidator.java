package io.tidegate.core.cache;

import io.tidegate.core.cache.CacheStore.Entry;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Invalidates stored responses, whichever of the proxies that share a store has stored them.
 * Thread-safe.
 */
public final class Invalidator {
  private final CacheStore store;
  private final InvalidationLog log = new InvalidationLog();
  private final LongAdder invalidated = new LongAdder();
  private final Set<KeyPolicy> policies = new CopyOnWriteArraySet<>(Set.of(KeyPolicy.DEFAULT));

  /** Invalidates what is in {@code store}. */
  public Invalidator(CacheStore store) {
    this.store = store;
  }

  /** Finds responses of a URI from now on also under the keys that {@code policy} makes. */
  public void findKeysOf(KeyPolicy policy) {
    policies.add(policy);
  }

  /** Forgets responses, and tells how many. */
  public long remove(InvalidationScope scope) {
    return invalidate(scope, store::remove);
  }

  /**
   * Makes responses stale, and tells how many; also those that have been stale before.
   *
   * @param now the time in milliseconds since the epoch
   */
  public long markStale(InvalidationScope scope, long now) {
    return invalidate(
        scope,
        entry -> store.update(entry, entry.response().staleFrom(now), entry.labels()) != null);
  }

  /** This moment, to be handed to {@link #hasInvalidated}. */
  public long moment() {
    return log.moment();
  }

  /**
   * Whether a response that was asked for at some moment may be among those that have been
   * invalidated since; nobody could find it then.
   *
   * @param labels its tags and groups
   */
  public boolean hasInvalidated(CacheKey key, Set<String> labels, long since) {
    return log.hasSince(since, key.uri())
        || labels.stream().anyMatch(label -> log.hasSince(since, label));
  }

  /** How many responses have been removed or made stale until now. */
  public long invalidated() {
    return invalidated.sum();
  }

  private long invalidate(InvalidationScope scope, Predicate<Entry> done) {
    note(scope); // before anything is looked for: who stores now looks at the log afterwards
    long count = 0;
    for (Entry entry : find(scope)) {
      if (done.test(entry)) {
        count++;
      }
    }
    invalidated.add(count);
    return count;
  }

  private void note(InvalidationScope scope) {
    if (scope instanceof InvalidationScope.Uri of) {
      policies.forEach(policy -> log.add(policy.uri(of.uri())));
    } else if (scope instanceof InvalidationScope.Groups groups) {
      groups.names().forEach(group -> log.add(CacheGroups.label(groups.origin(), group)));
    } else if (scope instanceof InvalidationScope.Tags tags) {
      tags.names().forEach(tag -> log.add(TagField.label(tag)));
    } else {
      log.addAny();
    }
  }

  /** The stored responses in {@code scope}, each once, also if it has several of the tags. */
  public Set<Entry> find(InvalidationScope scope) {
    Set<Entry> found = Collections.newSetFromMap(new IdentityHashMap<>());
    if (scope instanceof InvalidationScope.Uri of) {
      policies.forEach(policy -> store.forUri(policy.uri(of.uri()), found::add));
    } else if (scope instanceof InvalidationScope.Prefix prefix) {
      store.forAll(entry -> entry.key().uri().startsWith(prefix.start()), found::add);
    } else if (scope instanceof InvalidationScope.Groups groups) {
      groups
          .names()
          .forEach(g -> store.forLabel(CacheGroups.label(groups.origin(), g), found::add));
    } else if (scope instanceof InvalidationScope.Tags tags) {
      tags.names().forEach(tag -> store.forLabel(TagField.label(tag), found::add));
    }
    return found;
  }
}
