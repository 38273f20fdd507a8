package io.tidegate.core.cache;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpDate;
import java.util.List;

/**
 * How partial responses become a larger one (RFC 9111 §3.4, RFC 9110 §15.3.7.3). Times are
 * milliseconds since the epoch.
 */
public final class PartialResponses {
  /** What speaks of one message only, and not of the combination. */
  private static final List<FieldName> OF_ONE_MESSAGE =
      List.of(FieldName.CONTENT_LENGTH, FieldName.CONTENT_RANGE, FieldName.TRANSFER_ENCODING);

  private static final List<FieldName> CONDITIONS =
      List.of(
          FieldName.IF_MATCH,
          FieldName.IF_MODIFIED_SINCE,
          FieldName.IF_NONE_MATCH,
          FieldName.IF_RANGE,
          FieldName.IF_UNMODIFIED_SINCE);

  private PartialResponses() {}

  /**
   * Whether two responses hold octets of the same representation: they share a strong entity tag,
   * or, if neither has a tag, a strong Last-Modified (RFC 9110 §8.8.1).
   *
   * @param now the present, to read dates with two digits of the year
   */
  public static boolean mayCombine(Fields stored, Fields received, long now) {
    if (stored.contains(FieldName.ETAG) || received.contains(FieldName.ETAG)) {
      EntityTag own = Validators.entityTag(stored);
      EntityTag other = Validators.entityTag(received);
      return own != null && other != null && own.matchesStrongly(other);
    }
    long date = Validators.strongDate(stored, now);
    return date != HttpDate.INVALID && date == Validators.strongDate(received, now);
  }

  /**
   * Makes the fields of a stored response those of the combination: every field of the received
   * response replaces those of its name. Content-Range and Content-Length go; the latter comes back
   * when the content is complete, and the response is then as good as a 200.
   *
   * @param stored the fields that are stored
   * @param received the fields of the new response, without those of the connection
   * @param content what is held after both
   */
  public static void combine(FieldEdits stored, Fields received, PartialContent content) {
    OF_ONE_MESSAGE.forEach(stored::remove);
    for (int i = 0; i < received.size(); i++) {
      FieldName name = FieldName.of(received.name(i));
      if (!OF_ONE_MESSAGE.contains(name)) {
        if (received.indexOf(name, 0) == i) {
          stored.remove(name);
        }
        stored.add(name, received.value(i));
      }
    }
    if (content.isComplete()) {
      stored.set(FieldName.CONTENT_LENGTH, Long.toString(content.completeLength()));
    }
  }

  /**
   * Turns the request of a client into one for what is missing. The client's own conditions go: the
   * answer is to be of use to the cache. If-Range makes it the whole new representation should it
   * have changed; without a strong validator there is none, and a 206 then cannot be combined, so
   * that the request has to be repeated without a range.
   *
   * @param request the fields of the request
   * @param range what to ask for ({@link PartialContent#toAsk})
   * @param stored the fields of the stored response
   * @param now the present, to read dates with two digits of the year
   */
  public static void ask(FieldEdits request, ByteRange range, Fields stored, long now) {
    CONDITIONS.forEach(request::remove);
    request.set(FieldName.RANGE, "bytes=" + range.text());
    String validator = Validators.forRange(stored, now);
    if (validator != null) {
      request.set(FieldName.IF_RANGE, validator);
    }
  }
}
