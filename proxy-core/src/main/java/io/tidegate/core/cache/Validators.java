package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpDate;
import org.jspecify.annotations.Nullable;

/**
 * The validators of a response (RFC 9110 §8.8), and which of them are strong. Times are
 * milliseconds since the epoch; what is missing, repeated or malformed is {@link HttpDate#INVALID}
 * or null.
 */
final class Validators {
  /** How much later than Last-Modified a response must be for the date to be strong. */
  private static final long STRONG_AFTER = 1000; // RFC 9110 §8.8.2.2

  private Validators() {}

  static @Nullable EntityTag entityTag(Fields response) {
    String value = only(response, FieldName.ETAG);
    return value == null ? null : EntityTag.parse(value);
  }

  static long date(Fields fields, FieldName name, long now) {
    String value = only(fields, name);
    return value == null ? HttpDate.INVALID : HttpDate.parse(value, now);
  }

  /** Last-Modified if the response was made when no further change in that second could come. */
  static long strongDate(Fields response, long now) {
    long modified = date(response, FieldName.LAST_MODIFIED, now);
    long made = date(response, FieldName.DATE, now);
    boolean strong =
        modified != HttpDate.INVALID && made != HttpDate.INVALID && made - modified >= STRONG_AFTER;
    return strong ? modified : HttpDate.INVALID;
  }

  /** The strongest validator as If-Range takes it (RFC 9110 §13.1.5), or null if none is strong. */
  static @Nullable String forRange(Fields response, long now) {
    EntityTag tag = entityTag(response);
    if (tag != null) {
      return tag.weak() ? null : tag.text();
    }
    return strongDate(response, now) == HttpDate.INVALID
        ? null
        : response.first(FieldName.LAST_MODIFIED);
  }

  /** The value of the one line with this name, or null if there are none or several. */
  private static @Nullable String only(Fields fields, FieldName name) {
    return fields.count(name) == 1 ? fields.first(name) : null;
  }
}
