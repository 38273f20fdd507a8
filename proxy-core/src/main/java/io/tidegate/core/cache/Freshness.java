package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpDate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a response is fresh, and how old it was when it came (RFC 9111 §4.2).
 *
 * @param lifetime the freshness lifetime in seconds (RFC 9111 §4.2.1), 0 if there is none
 * @param heuristic whether the lifetime was guessed (RFC 9111 §4.2.2)
 * @param initialAge the corrected initial age in milliseconds (RFC 9111 §4.2.3)
 * @param date when the response was made, in milliseconds since the epoch: its Date, or the time it
 *     was received if that is missing or invalid
 */
public record Freshness(long lifetime, boolean heuristic, long initialAge, long date) {
  /**
   * The freshness of a response.
   *
   * @param requestTime when the request for it was sent, in milliseconds since the epoch
   * @param responseTime when it was received, in milliseconds since the epoch
   */
  public static Freshness of(
      int status,
      Fields fields,
      CacheControl directives,
      CacheSettings settings,
      long requestTime,
      long responseTime) {
    Instant dated = date(fields, FieldName.DATE, responseTime);
    long date = dated == null ? responseTime : dated.toEpochMilli();
    long initialAge = initialAge(fields, date, requestTime, responseTime);
    if (isExplicit(fields, directives)) {
      return new Freshness(explicit(fields, directives, date), false, initialAge, date);
    }
    boolean guess =
        settings.heuristicFreshness()
            && (StatusCodes.isHeuristicallyCacheable(status) || directives.isPublic())
            && !fields.hasMember(FieldName.PRAGMA, "no-cache");
    long lifetime = guess ? heuristic(fields, settings, date) : 0;
    return new Freshness(lifetime, lifetime > 0, initialAge, date);
  }

  /** Whether the response says itself how long it is fresh (RFC 9111 §4.2.1). */
  static boolean isExplicit(Fields fields, CacheControl directives) {
    return directives.sMaxAge() >= 0
        || directives.maxAge() >= 0
        || (!directives.isTargeted() && fields.contains(FieldName.EXPIRES));
  }

  private static long explicit(Fields fields, CacheControl directives, long date) {
    if (directives.sMaxAge() >= 0) {
      return directives.sMaxAge();
    }
    if (directives.maxAge() >= 0) {
      return directives.maxAge();
    }
    Instant expires = date(fields, FieldName.EXPIRES, date);
    return expires == null ? 0 : Math.max(0, (expires.toEpochMilli() - date) / 1000);
  }

  private static long heuristic(Fields fields, CacheSettings settings, long date) {
    Instant modified = date(fields, FieldName.LAST_MODIFIED, date);
    if (modified == null) {
      return 0;
    }
    long unchanged = Math.max(0, (date - modified.toEpochMilli()) / 1000);
    return Math.min(
        unchanged * settings.heuristicPercent() / 100, settings.heuristicMax().toSeconds());
  }

  /** Date has whole seconds only: less than one of them does not make a response look old. */
  private static long initialAge(Fields fields, long date, long requestTime, long responseTime) {
    long apparent = Math.max(0, (responseTime - date) / 1000 * 1000);
    long delay = Math.max(0, responseTime - requestTime);
    return Math.max(apparent, age(fields) * 1000 + delay);
  }

  /** The first member of the first Age, or 0 if that is invalid (RFC 9111 §5.1). */
  private static long age(Fields fields) {
    String value = fields.first(FieldName.AGE);
    if (value == null) {
      return 0;
    }
    int comma = value.indexOf(',');
    String first = comma < 0 ? value : value.substring(0, comma).strip();
    return Math.max(0, DeltaSeconds.parse(first));
  }

  /** The date in the first line of a field, or null if it is missing or invalid. */
  static @Nullable Instant date(Fields fields, FieldName name, long now) {
    String value = fields.first(name);
    return value == null ? null : HttpDate.parse(value, Instant.ofEpochMilli(now));
  }
}
