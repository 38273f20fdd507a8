package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cache directives of one message (RFC 9111 §5.2, RFC 5861, RFC 8246), from Cache-Control or
 * from a targeted field (RFC 9213). Immutable.
 *
 * <p>Names are read without regard to case, and unknown directives are ignored. If a directive has
 * several arguments, the first one counts. If it is given both with and without field names, it
 * holds for all of the response. A max-age or s-maxage that is not a number of seconds is 0, so
 * that the response is stale (RFC 9111 §4.2.1); any other directive with an invalid number is
 * ignored.
 */
public final class CacheControl {
  /** The number of a directive that is not there. */
  public static final long ABSENT = -1;

  /** The number of a max-stale directive without argument: a response of any staleness will do. */
  public static final long ANY_STALENESS = Long.MAX_VALUE;

  /** No directives. */
  public static final CacheControl NONE = new CacheControl(new Directives(), false);

  private static final CacheControl NO_CACHE = pragmaNoCache();

  private final Directives directives;
  private final boolean targeted;

  private CacheControl(Directives directives, boolean targeted) {
    this.directives = directives;
    this.targeted = targeted;
  }

  private static CacheControl pragmaNoCache() {
    Directives directives = new Directives();
    directives.add("no-cache", null);
    return new CacheControl(directives, false);
  }

  /**
   * The directives of a request. Without Cache-Control, {@code Pragma: no-cache} means what the
   * directive of that name does (RFC 9111 §5.4).
   */
  public static CacheControl ofRequest(Fields fields) {
    if (fields.contains(FieldName.CACHE_CONTROL)) {
      return ofCacheControl(fields);
    }
    return fields.hasMember(FieldName.PRAGMA, "no-cache") ? NO_CACHE : NONE;
  }

  /**
   * The directives of a response: those of the first field of {@code targets} that is there, is
   * valid and has members (RFC 9213 §2.2), else those of Cache-Control.
   */
  public static CacheControl ofResponse(Fields fields, List<FieldName> targets) {
    for (FieldName target : targets) {
      Directives directives = targeted(fields, target);
      if (directives != null) {
        return new CacheControl(directives, true);
      }
    }
    return fields.contains(FieldName.CACHE_CONTROL) ? ofCacheControl(fields) : NONE;
  }

  private static @Nullable Directives targeted(Fields fields, FieldName target) {
    return fields.contains(target) ? TargetedField.parse(fields.all(target)) : null;
  }

  private static CacheControl ofCacheControl(Fields fields) {
    Directives directives = new Directives();
    int index = fields.indexOf(FieldName.CACHE_CONTROL, 0);
    while (index >= 0) {
      DirectiveList.read(fields.value(index), directives);
      index = fields.indexOf(FieldName.CACHE_CONTROL, index + 1);
    }
    return new CacheControl(directives, false);
  }

  /** Whether they come from a targeted field, so that Expires does not count (RFC 9213 §2.2). */
  public boolean isTargeted() {
    return targeted;
  }

  /** Whether nothing may be stored (RFC 9111 §5.2.1.5, §5.2.2.5). */
  public boolean noStore() {
    return directives.has(Directives.NO_STORE);
  }

  /**
   * Whether nothing may be used without validation (RFC 9111 §5.2.1.4, §5.2.2.4); false if the
   * directive names fields.
   */
  public boolean noCache() {
    return directives.has(Directives.NO_CACHE);
  }

  /** The fields that may not be used without validation (RFC 9111 §5.2.2.4). */
  public List<FieldName> noCacheFields() {
    return List.copyOf(directives.noCacheFields);
  }

  /**
   * Whether only a private cache may store the response (RFC 9111 §5.2.2.7); false if the directive
   * names fields.
   */
  public boolean isPrivate() {
    return directives.has(Directives.PRIVATE);
  }

  /** The fields that only a private cache may store (RFC 9111 §5.2.2.7). */
  public List<FieldName> privateFields() {
    return List.copyOf(directives.privateFields);
  }

  /** The fields of both kinds, which are not stored: others get the response without them. */
  public List<FieldName> unstoredFields() {
    return Stream.concat(noCacheFields().stream(), privateFields().stream()).distinct().toList();
  }

  /** Whether the response may be stored in spite of what would forbid it (RFC 9111 §5.2.2.9). */
  public boolean isPublic() {
    return directives.has(Directives.PUBLIC);
  }

  /** Whether the response may not be used once stale (RFC 9111 §5.2.2.2). */
  public boolean mustRevalidate() {
    return directives.has(Directives.MUST_REVALIDATE);
  }

  /** Whether a shared cache may not use the response once stale (RFC 9111 §5.2.2.8). */
  public boolean proxyRevalidate() {
    return directives.has(Directives.PROXY_REVALIDATE);
  }

  /** Whether only a cache that knows the status code may store (RFC 9111 §5.2.2.3). */
  public boolean mustUnderstand() {
    return directives.has(Directives.MUST_UNDERSTAND);
  }

  /** Whether the content does not change while the response is fresh (RFC 8246 §2). */
  public boolean isImmutable() {
    return directives.has(Directives.IMMUTABLE);
  }

  /** Whether the client wants a stored response or none (RFC 9111 §5.2.1.7). */
  public boolean onlyIfCached() {
    return directives.has(Directives.ONLY_IF_CACHED);
  }

  /** Whether the content may not be transformed (RFC 9111 §5.2.1.6, §5.2.2.6). */
  public boolean noTransform() {
    return directives.has(Directives.NO_TRANSFORM);
  }

  /** Seconds of max-age (RFC 9111 §5.2.1.1, §5.2.2.1), or {@link #ABSENT}. */
  public long maxAge() {
    return directives.seconds(Directives.MAX_AGE);
  }

  /** Seconds of s-maxage (RFC 9111 §5.2.2.10), or {@link #ABSENT}. */
  public long sMaxAge() {
    return directives.seconds(Directives.S_MAXAGE);
  }

  /** Seconds of min-fresh (RFC 9111 §5.2.1.3), or {@link #ABSENT}. */
  public long minFresh() {
    return directives.seconds(Directives.MIN_FRESH);
  }

  /** Seconds of max-stale (RFC 9111 §5.2.1.2), {@link #ANY_STALENESS} or {@link #ABSENT}. */
  public long maxStale() {
    return directives.seconds(Directives.MAX_STALE);
  }

  /** Seconds of stale-while-revalidate (RFC 5861 §3), or {@link #ABSENT}. */
  public long staleWhileRevalidate() {
    return directives.seconds(Directives.STALE_WHILE_REVALIDATE);
  }

  /** Seconds of stale-if-error (RFC 5861 §4), or {@link #ABSENT}. */
  public long staleIfError() {
    return directives.seconds(Directives.STALE_IF_ERROR);
  }

  /** The directives that are there, in one canonical order and spelling. */
  @Override
  public String toString() {
    return directives.toString();
  }
}
