package io.tidegate.core.cache;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpDate;
import io.tidegate.core.http.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How partial responses become a larger one (RFC 9111 §3.4, RFC 9110 §15.3.7.3). Times are
 * milliseconds since the epoch.
 */
final class PartialResponses {
  private static final List<FieldName> CONDITIONS =
      List.of(
          FieldName.IF_MATCH,
          FieldName.IF_MODIFIED_SINCE,
          FieldName.IF_NONE_MATCH,
          FieldName.IF_RANGE,
          FieldName.IF_UNMODIFIED_SINCE);

  private PartialResponses() {}

  /**
   * How a stored part comes to answer a request.
   *
   * @param stored a 206 response that does not yet
   * @param maxLength how many octets may be stored
   * @return null if the request should rather go to the origin server as it is
   */
  static CacheDecision.@Nullable Complete complete(
      StoredResponse stored, RequestHead request, long maxLength, long now) {
    PartialContent part = stored.part();
    ByteRange wanted = part == null ? null : wanted(request, part.completeLength());
    if (part == null || wanted == null || !part.isCombinable() || !mayAsk(stored, request, now)) {
      return null;
    }
    ByteRange missing = part.missing(wanted);
    if (missing == null || !isWorthIt(part, missing, maxLength)) {
      return null;
    }
    boolean all = wanted.first() > part.held().last() || wanted.last() < part.held().first();
    return new CacheDecision.Complete(stored, missing, all);
  }

  /**
   * Whether what is held may grow by a range. It is copied then: if it did so by little and little,
   * it would be copied over and over again.
   */
  private static boolean isWorthIt(PartialContent part, ByteRange missing, long maxLength) {
    long length = part.lengthWith(missing);
    long held = part.held().length();
    return length <= maxLength && (length == part.completeLength() || (length - held) * 8 >= held);
  }

  private static @Nullable ByteRange wanted(RequestHead request, long completeLength) {
    ByteRanges ranges = ByteRanges.of(request);
    if (ranges == null) {
      return request.isHead() ? null : ByteRange.from(0);
    }
    RangeSelection selection = ranges.select(completeLength, 1);
    return selection.kind() == RangeSelection.Kind.SOME ? selection.ranges().get(0) : null;
  }

  /** What a client asks conditionally is not asked otherwise on its behalf. */
  private static boolean mayAsk(StoredResponse stored, RequestHead request, long now) {
    return !request.fields().contains(FieldName.IF_NONE_MATCH)
        && !request.fields().contains(FieldName.IF_MODIFIED_SINCE)
        && Preconditions.rangeApplies(request.fields(), stored.fields(), now);
  }

  /**
   * Turns the request of a client into one for what is missing. If-Range makes the answer the whole
   * new representation should it have changed. Without a strong validator there is none, and a 206
   * cannot be combined.
   */
  static void ask(FieldEdits request, ByteRange range, StoredResponse stored, long now) {
    CONDITIONS.forEach(request::remove);
    request.set(FieldName.RANGE, "bytes=" + range.text());
    String validator = Validators.forRange(stored.fields(), now);
    if (validator != null) {
      request.set(FieldName.IF_RANGE, validator);
    }
  }

  /**
   * A stored part and the part that a response has brought as one response: a 200 if nothing is
   * missing of it, else a 206. Null if the two do not belong together, or may not be stored.
   */
  static @Nullable StoredResponse combine(
      StoredResponse stored, Answer answer, CacheSettings settings) {
    StoredResponse received = StoreRules.decide(answer, settings).response();
    PartialContent own = stored.part();
    PartialContent other = received == null ? null : received.part();
    boolean same = mayCombine(stored.fields(), answer.response().fields(), answer.responseTime());
    PartialContent both = same && own != null && other != null ? own.with(other) : null;
    return both == null ? null : Validation.combined(stored, answer, both, settings);
  }

  /**
   * Whether two responses hold octets of the same representation: they share a strong entity tag,
   * or, if neither has a tag, a strong Last-Modified (RFC 9110 §8.8.1).
   *
   * @param now the present, to read dates with two digits of the year
   */
  static boolean mayCombine(Fields stored, Fields received, long now) {
    if (stored.contains(FieldName.ETAG) || received.contains(FieldName.ETAG)) {
      EntityTag own = Validators.entityTag(stored);
      EntityTag other = Validators.entityTag(received);
      return own != null && other != null && own.matchesStrongly(other);
    }
    long date = Validators.strongDate(stored, now);
    return date != HttpDate.INVALID && date == Validators.strongDate(received, now);
  }
}
