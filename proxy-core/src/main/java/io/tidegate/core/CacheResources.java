package io.tidegate.core;

import io.tidegate.core.HttpCache.Invalidation;
import io.tidegate.core.admin.AdminException;
import io.tidegate.core.admin.AdminRequest;
import io.tidegate.core.admin.AdminResource;
import io.tidegate.core.cache.CacheStatistics;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the admin listener tells of the cache, and does with it. */
final class CacheResources {
  private static final int MOST_ENTRIES = 1000;

  private final Supplier<Optional<HttpCache>> current;

  /** {@code current} is asked each time: the cache may come and go with the settings. */
  CacheResources(Supplier<Optional<HttpCache>> current) {
    this.current = current;
  }

  private HttpCache cache() {
    return current.get().orElseThrow(() -> AdminException.notFound("the proxy has no cache"));
  }

  List<AdminResource> all() {
    return List.of(
        AdminResource.get("/v1/cache", "what has happened in the cache", request -> figures()),
        AdminResource.get("/v1/cache/entries", "what is stored", this::entries),
        AdminResource.get("/v1/cache/lookup", "what is stored of one URL", this::lookup),
        AdminResource.post("/v1/cache/purge", "invalidates stored responses", this::purge));
  }

  /**
   * The cache as a whole.
   *
   * @param entries how many responses are stored
   * @param bytes how many octets they occupy
   * @param hitRatio the part of requests that were hits
   * @param byteHitRatio the part of content that the origin did not have to send
   * @param statistics what has happened
   */
  record Figures(
      long entries, long bytes, double hitRatio, double byteHitRatio, CacheStatistics statistics) {}

  private Figures figures() {
    HttpCache cache = cache();
    CacheStatistics statistics = cache.statistics();
    return new Figures(
        cache.entries(),
        cache.bytes(),
        statistics.hitRatio(),
        statistics.byteHitRatio(),
        statistics);
  }

  private Object entries(AdminRequest request) {
    HttpCache cache = cache();
    int limit = (int) request.number("limit", 100, 1, MOST_ENTRIES);
    Optional<String> tag = request.parameter("tag");
    List<HttpCache.Entry> found =
        tag.isPresent()
            ? cache.findTag(tag.get(), limit)
            : cache.find(request.parameter("prefix").orElse(""), limit);
    return Map.of("entries", found);
  }

  private Object lookup(AdminRequest request) {
    return Map.of("entries", cache().find(uri(request.parameter("uri").orElse("")), MOST_ENTRIES));
  }

  /**
   * What to invalidate: one of the first four.
   *
   * @param uri every response of this URI
   * @param prefix every response whose URI begins like this
   * @param tag every response with this tag
   * @param all everything
   * @param stale whether they become stale; else they are forgotten
   */
  record Purge(
      Optional<String> uri,
      Optional<String> prefix,
      Optional<String> tag,
      boolean all,
      boolean stale) {
    static final Purge NOTHING =
        new Purge(Optional.empty(), Optional.empty(), Optional.empty(), false, false);
  }

  private Object purge(AdminRequest request) {
    Purge wanted = request.content(Purge.NOTHING);
    long said =
        Stream.of(wanted.uri(), wanted.prefix(), wanted.tag()).filter(Optional::isPresent).count();
    if (said + (wanted.all() ? 1 : 0) != 1 || wanted.prefix().filter(String::isEmpty).isPresent()) {
      throw AdminException.badRequest("(expected: one of uri, prefix, tag, all)");
    }
    Invalidation how = wanted.stale() ? Invalidation.MARK_STALE : Invalidation.REMOVE;
    return Map.of("invalidated", invalidate(wanted, how));
  }

  private long invalidate(Purge wanted, Invalidation how) {
    HttpCache cache = cache();
    if (wanted.uri().isPresent()) {
      return cache.invalidate(uri(wanted.uri().get()), how);
    }
    if (wanted.tag().isPresent()) {
      return cache.invalidateTag(wanted.tag().get(), how);
    }
    return cache.invalidatePrefix(wanted.prefix().orElse(""), how);
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw AdminException.badRequest("uri: (expected: an http or https URI with a host)");
    }
  }
}
