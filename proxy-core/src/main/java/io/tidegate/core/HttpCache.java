package io.tidegate.core;

import io.tidegate.core.cache.CacheRules;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.cache.CacheStatistics;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.InvalidationScope;
import io.tidegate.core.cache.Invalidator;
import io.tidegate.core.cache.TargetUri;
import io.tidegate.core.cache.memory.CacheCounters;
import io.tidegate.core.cache.memory.CacheCounters.Counter;
import io.tidegate.core.cache.memory.Collapse;
import io.tidegate.core.cache.memory.MemoryStore;
import io.tidegate.core.exchange.PurgeAccess;
import io.tidegate.core.exchange.ResponseCache;
import io.tidegate.core.http.Authority;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.Plugins;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cache of HTTP responses (RFC 9111), in memory. Several proxies, forward and reverse, may share
 * one: a response is known by its target URI, whichever way it came. Every method may be called on
 * any thread.
 */
public final class HttpCache implements AutoCloseable {
  /** What becomes of responses that are invalidated. */
  public enum Invalidation {
    /** They are forgotten. */
    REMOVE,
    /** They are stale from now on: validated before they are used, or used while they are. */
    MARK_STALE
  }

  /**
   * What is known about one stored response.
   *
   * @param key its key: method, URI and what else sets it apart
   * @param status its status code
   * @param ageSeconds its current age (RFC 9111 §4.2.3)
   * @param freshForSeconds for how long it is fresh yet; negative if it is stale
   * @param bytes the length of its content in octets, -1 if that is not known yet
   */
  public record Entry(String key, int status, long ageSeconds, long freshForSeconds, long bytes) {}

  private static final System.Logger LOG = System.getLogger(HttpCache.class.getName());

  private final CacheStore store;
  private final CacheCounters counters;
  private final Collapse collapse = new Collapse(new SecureRandom().nextLong());
  private final InstantSource clock = InstantSource.system();
  private final Invalidator invalidator;

  /** How large a proxy's own is; for who holds the proxy's lock for reloads. */
  private CacheSettings size = CacheSettings.FORWARD;

  private boolean servesForward;
  private boolean servesAnyHost;

  private HttpCache(CacheStore store, CacheCounters counters) {
    this.store = store;
    this.counters = counters;
    this.invalidator = new Invalidator(store);
  }

  private static HttpCache in(MemoryStore store) {
    return new HttpCache(store, store.counters());
  }

  /**
   * A cache in memory.
   *
   * @param maxBytes how much all responses together may occupy, in octets; the content of one may
   *     have an eighth of it
   */
  public static HttpCache inMemory(long maxBytes) {
    return in(new MemoryStore(maxBytes, maxBytes / 8, 32));
  }

  /**
   * A cache in a store of the application's own. When that fails, or does not answer in time, it is
   * as if nothing were stored; what it throws is logged. Of what becomes of stored responses,
   * {@link #statistics} tells what was invalidated only.
   */
  public static HttpCache in(CacheStore store) {
    return new HttpCache(new FailSafeStore(store, HttpCache::log), new CacheCounters());
  }

  private static void log(RuntimeException failure) {
    LOG.log(Level.WARNING, "the store of a cache has failed", failure);
  }

  /** A proxy's own, as large as its settings say. */
  static HttpCache of(CacheSettings settings) {
    HttpCache own =
        in(
            new MemoryStore(
                settings.maxBytes(), settings.longestResponse(), settings.maxVariants()));
    own.size = settings;
    return own;
  }

  /** Makes one that is {@linkplain #of a proxy's own} as large as other settings say. */
  void resize(CacheSettings settings) {
    boolean same =
        settings.maxBytes() == size.maxBytes()
            && settings.longestResponse() == size.longestResponse()
            && settings.maxVariants() == size.maxVariants();
    if (!same && store instanceof MemoryStore memory) {
      size = settings;
      memory.resize(settings.maxBytes(), settings.longestResponse(), settings.maxVariants());
    }
  }

  /**
   * Takes one more proxy in, unless that is noted in {@code checks} as wrong, or anything else is.
   */
  synchronized void admit(Plugins plugins, Checks checks) {
    check(plugins, checks);
    if (checks.passed()) {
      take(plugins);
    }
  }

  /**
   * Notes in {@code checks} if such a proxy cannot be taken in. One that answers for any host
   * stores what its own destinations say under whatever name a client puts into Host; a forward
   * proxy would give that to those who ask for this name.
   */
  synchronized void check(Plugins plugins, Checks checks) {
    if (servesForward(plugins) && servesAnyHost(plugins)) {
      checks.reject(
          "cache",
          "shared by a forward proxy and a proxy with a route for any host",
          "routes that name their hosts, or a cache for each");
    }
  }

  /** Takes one more proxy in, which has been checked. */
  synchronized void take(Plugins plugins) {
    servesForward = servesForward(plugins);
    servesAnyHost = servesAnyHost(plugins);
  }

  private boolean servesForward(Plugins plugins) {
    return servesForward || plugins.direction() == Direction.FORWARD;
  }

  private boolean servesAnyHost(Plugins plugins) {
    return servesAnyHost || plugins.takesAnyHost();
  }

  /** Has invalidation find responses by the keys that these rules make too. */
  void findKeysOf(CacheSettings rules) {
    invalidator.findKeysOf(rules.keys());
  }

  /** What a proxy with these rules works with. */
  ResponseCache attached(
      CacheSettings rules, PurgeAccess purge, Function<ClientRequest, String> partition) {
    return new ResponseCache(
        rules, new CacheRules(rules), store, invalidator, collapse, counters, purge, partition);
  }

  /**
   * Invalidates every response with this URI, whatever else is in its key.
   *
   * @return how many there were
   * @throws IllegalArgumentException if it is no http or https URI with a host
   */
  public long invalidate(URI uri, Invalidation how) {
    return invalidate(new InvalidationScope.Uri(target(uri)), how);
  }

  /**
   * Invalidates every response whose URI begins like this; looks at all there are.
   *
   * @return how many there were
   */
  public long invalidatePrefix(String prefix, Invalidation how) {
    return invalidate(new InvalidationScope.Prefix(prefix), how);
  }

  /**
   * Invalidates every response of an origin that belongs to a group (RFC 9875).
   *
   * @param origin scheme, host and port; a path does not count
   * @return how many there were
   * @throws IllegalArgumentException if it is no http or https URI with a host
   */
  public long invalidateGroup(URI origin, String group, Invalidation how) {
    return invalidate(new InvalidationScope.Groups(target(origin), Set.of(group)), how);
  }

  /**
   * Invalidates every response with a tag, of all origins; see {@link CacheBuilder#tagField}.
   *
   * @return how many there were
   */
  public long invalidateTag(String tag, Invalidation how) {
    return invalidate(new InvalidationScope.Tags(Set.of(tag)), how);
  }

  private long invalidate(InvalidationScope scope, Invalidation how) {
    return switch (how) {
      case REMOVE -> invalidator.remove(scope);
      case MARK_STALE -> invalidator.markStale(scope, clock.millis());
    };
  }

  private static TargetUri target(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    @Nullable Authority authority =
        uri.getRawAuthority() == null ? null : Authority.parseOrNull(uri.getRawAuthority());
    if (authority == null
        || authority.host().isEmpty()
        || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException("uri: (expected: an http or https URI with a host)");
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new TargetUri(scheme, authority, path + query);
  }

  /** Stored responses whose URI begins like this, at most so many; looks at all there are. */
  public List<Entry> find(String prefix, int limit) {
    List<Entry> found = new ArrayList<>();
    long now = clock.millis();
    store.forAll(
        entry -> found.size() < limit && entry.key().uri().startsWith(prefix),
        entry -> found.add(told(entry, now)));
    return found;
  }

  /** Stored responses with a tag, at most so many; see {@link CacheBuilder#tagField}. */
  public List<Entry> findTag(String tag, int limit) {
    return find(new InvalidationScope.Tags(Set.of(tag)), limit);
  }

  /**
   * Stored responses with this URI, whatever else is in their keys; at most so many.
   *
   * @throws IllegalArgumentException if it is no http or https URI with a host
   */
  public List<Entry> find(URI uri, int limit) {
    return find(new InvalidationScope.Uri(target(uri)), limit);
  }

  private List<Entry> find(InvalidationScope scope, int limit) {
    long now = clock.millis();
    return invalidator.find(scope).stream().limit(limit).map(one -> told(one, now)).toList();
  }

  private static Entry told(CacheStore.Entry entry, long now) {
    return new Entry(
        entry.key().text(),
        entry.response().status(),
        entry.response().ageSeconds(now),
        entry.response().freshForSeconds(now),
        entry.length());
  }

  /** What has happened since the cache was made. */
  public CacheStatistics statistics() {
    return statistics(counters, invalidator);
  }

  /** The same for a cache that counts like this. */
  static CacheStatistics statistics(CacheCounters counters, Invalidator invalidator) {
    long ended = counters.get(Counter.FILLS_ENDED); // read first: none ends before it begins
    return new CacheStatistics(
        counters.get(Counter.HITS),
        counters.get(Counter.STALE_HITS),
        counters.get(Counter.VALIDATED),
        counters.get(Counter.MISSES),
        counters.get(Counter.PASSED),
        counters.get(Counter.COLLAPSED),
        counters.get(Counter.REFRESHED),
        counters.get(Counter.HIT_OCTETS),
        counters.get(Counter.MISS_OCTETS),
        counters.get(Counter.FILLS_BEGUN) - ended,
        counters.get(Counter.STORED),
        counters.get(Counter.TOO_LONG),
        counters.get(Counter.EVICTED),
        invalidator.invalidated());
  }

  /** How many responses are stored. */
  public long entries() {
    return store.entries();
  }

  /** How many octets they occupy. */
  public long bytes() {
    return store.octets();
  }

  /** Forgets everything. */
  @Override
  public void close() {
    store.close();
  }
}
