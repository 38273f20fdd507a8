package io.tidegate.core.cache.memory;

import io.tidegate.core.cache.CacheKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests for the same missing or stale response (collapsed forwarding): the first one leads, asks
 * the upstream and settles; those that come meanwhile follow, and look again when it has.
 */
public final class Collapse {
  /** The way to the upstream for one key, as long as its leader has not settled. */
  public final class Lead {
    private final CacheKey key;
    private final long since;
    private @Nullable List<Runnable> followers = new ArrayList<>(0);

    private Lead(CacheKey key, long now) {
      this.key = key;
      this.since = now;
    }

    /** Tells the followers, once, to look again. */
    public void settle() {
      leads.remove(key, this);
      List<Runnable> told;
      synchronized (this) {
        told = followers;
        followers = null;
      }
      if (told != null) {
        Wakening.wake(told);
      }
    }

    private synchronized boolean add(Runnable follower) {
      if (followers == null) {
        return false;
      }
      followers.add(follower);
      return true;
    }
  }

  private final ConcurrentHashMap<CacheKey, Lead> leads = new ConcurrentHashMap<>();
  private final Unshared unshared;

  /** Nobody asks for anything yet; {@code secret} is a number that no client can guess. */
  public Collapse(long secret) {
    this.unshared = new Unshared(secret);
  }

  /**
   * Whether waiting for another request would be in vain: the last response under this key was for
   * nobody else.
   *
   * @param now the time in milliseconds since the epoch
   */
  public boolean isFutile(CacheKey key, long now) {
    return unshared.contains(key, now);
  }

  /**
   * Learns from a response whether others are worth waiting for.
   *
   * @param shared whether others may use it
   * @param now the time in milliseconds since the epoch
   */
  public void learn(CacheKey key, boolean shared, long now) {
    if (shared) {
      unshared.remove(key);
    } else {
      unshared.add(key, now);
    }
  }

  /**
   * Leads, or follows whoever does: then null, and {@code settled} runs later, on any thread. Who
   * has led for too long is followed no more: another one takes over.
   *
   * @param settled null for one who leads or does not care
   * @param now the time in milliseconds
   * @param patience how long one may lead, in milliseconds
   */
  public @Nullable Lead lead(CacheKey key, long now, long patience, @Nullable Runnable settled) {
    Lead mine = new Lead(key, now);
    while (true) {
      Lead other = leads.putIfAbsent(key, mine);
      boolean stalled = other != null && now - other.since >= patience;
      if (other == null || (stalled && leads.replace(key, other, mine))) {
        return mine;
      }
      if (!stalled && (settled == null || other.add(settled))) {
        return null;
      }
    }
  }
}
