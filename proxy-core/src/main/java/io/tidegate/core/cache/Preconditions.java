package io.tidegate.core.cache;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpDate;
import io.tidegate.core.http.RequestHead;
import java.util.List;

/**
 * The conditions of a request, evaluated for a stored response that may answer it (RFC 9110 §13,
 * RFC 9111 §4.3.2). Times are milliseconds since the epoch.
 */
public final class Preconditions {
  /** What becomes of the request. */
  public enum Outcome {
    /** The stored response is the answer, as if there were no conditions. */
    SERVE,
    /** The client has the representation: the answer is 304. */
    NOT_MODIFIED,
    /** The conditions are for the origin server, which must be asked. */
    FORWARD
  }

  /*
   * What describes content that a 304 does not have, and would update the wrong thing in a cache
   * that takes it for its own (RFC 9110 §15.4.5).
   */
  private static final List<FieldName> CONTENT_FIELDS =
      List.of(
          FieldName.CONTENT_DIGEST,
          FieldName.CONTENT_ENCODING,
          FieldName.CONTENT_LANGUAGE,
          FieldName.CONTENT_LENGTH,
          FieldName.CONTENT_RANGE,
          FieldName.CONTENT_TYPE,
          FieldName.REPR_DIGEST,
          FieldName.TRAILER,
          FieldName.TRANSFER_ENCODING);

  private Preconditions() {}

  /**
   * Evaluates the conditions in the order of RFC 9110 §13.2.2.
   *
   * <p>If-Match and If-Unmodified-Since guard against lost updates, which only the origin server
   * can tell: a cache evaluates neither and forwards the request. Conditions count for stored
   * responses with content to spare, 200 and 206; any other is served regardless.
   *
   * @param request a request that the stored response would answer if it had no conditions
   * @param status the status code of the stored response
   * @param stored its fields
   * @param received when it was received
   * @param now the present, to read dates with two digits of the year
   */
  public static Outcome evaluate(
      RequestHead request, int status, Fields stored, long received, long now) {
    Fields asked = request.fields();
    if (!isRead(request.method())
        || asked.contains(FieldName.IF_MATCH)
        || asked.contains(FieldName.IF_UNMODIFIED_SINCE)) {
      return Outcome.FORWARD;
    }
    if (status != 200 && status != 206) {
      return Outcome.SERVE;
    }
    boolean unmodified =
        asked.contains(FieldName.IF_NONE_MATCH)
            ? hasTag(asked, stored)
            : isUnmodifiedSince(asked, stored, received, now);
    return unmodified ? Outcome.NOT_MODIFIED : Outcome.SERVE;
  }

  /**
   * Whether the Range field of a request counts (RFC 9110 §13.1.5): it has no If-Range, or one that
   * holds. A date holds if it is exactly Last-Modified and that is strong (§8.8.2.2).
   *
   * @param request the fields of the request
   * @param stored the fields of the stored response
   * @param now the present, to read dates with two digits of the year
   */
  public static boolean rangeApplies(Fields request, Fields stored, long now) {
    List<String> conditions = request.all(FieldName.IF_RANGE);
    if (conditions.isEmpty()) {
      return true;
    }
    if (conditions.size() > 1) {
      return false;
    }
    EntityTag tag = EntityTag.parse(conditions.get(0));
    if (tag != null) {
      EntityTag own = Validators.entityTag(stored);
      return own != null && own.matchesStrongly(tag);
    }
    long date = HttpDate.parse(conditions.get(0), now);
    return date != HttpDate.INVALID && date == Validators.strongDate(stored, now);
  }

  /**
   * Makes the fields of a stored response those of a 304: without what describes content, and
   * without Last-Modified if there is an entity tag (RFC 9110 §15.4.5). The rest stays, that it may
   * update what the client has stored.
   */
  public static void toNotModified(FieldEdits response) {
    CONTENT_FIELDS.forEach(response::remove);
    if (response.contains(FieldName.ETAG)) {
      response.remove(FieldName.LAST_MODIFIED);
    }
  }

  /** GET, HEAD, and QUERY, whose conditions mean the same (RFC 10008). */
  private static boolean isRead(String method) {
    return method.equals("GET") || method.equals("HEAD") || method.equals("QUERY");
  }

  /** Whether If-None-Match names what is stored (RFC 9110 §13.1.2). */
  private static boolean hasTag(Fields request, Fields stored) {
    List<String> values = request.all(FieldName.IF_NONE_MATCH);
    if (values.equals(List.of("*"))) {
      return true;
    }
    EntityTag own = Validators.entityTag(stored);
    return own != null
        && values.stream()
            .flatMap(value -> EntityTag.parseList(value).stream())
            .anyMatch(own::matchesWeakly);
  }

  /** RFC 9110 §13.1.3; what stands in for a missing Last-Modified is in RFC 9111 §4.3.2. */
  private static boolean isUnmodifiedSince(Fields request, Fields stored, long received, long now) {
    long since = Validators.date(request, FieldName.IF_MODIFIED_SINCE, now);
    if (since == HttpDate.INVALID) {
      return false;
    }
    long modified = Validators.date(stored, FieldName.LAST_MODIFIED, now);
    if (modified == HttpDate.INVALID) {
      modified = Validators.date(stored, FieldName.DATE, now);
    }
    if (modified == HttpDate.INVALID) {
      modified = received - Math.floorMod(received, 1000L); // dates have no fractions of a second
    }
    return modified <= since;
  }
}
