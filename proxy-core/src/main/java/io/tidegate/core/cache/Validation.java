package io.tidegate.core.cache;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a response does to those that are stored (RFC 9111 §3.2, §4.3.3 to §4.3.5). */
final class Validation {
  private Validation() {}

  static StoredResponse store(Answer answer, CacheSettings settings) {
    Fields received = answer.response().fields();
    return stored(
        answer.response().status(),
        answer.response().reason(),
        received,
        Vary.of(received, answer.request().fields()),
        answer,
        settings);
  }

  private static StoredResponse stored(
      int status, String reason, Fields fields, Vary vary, Answer answer, CacheSettings settings) {
    CacheControl directives = CacheControl.ofResponse(fields, settings.targets());
    long responseTime = answer.responseTime();
    Freshness freshness =
        Freshness.of(status, fields, directives, settings, answer.requestTime(), responseTime);
    return new StoredResponse(
        status,
        reason,
        StoredFields.of(fields, directives, responseTime),
        directives,
        vary,
        freshness,
        answer.requestTime(),
        responseTime);
  }

  /** Which responses a 304 is about (RFC 9111 §4.3.4). */
  static List<StoredResponse> selected(
      List<StoredResponse> candidates, Conditions sent, Fields notModified) {
    EntityTag etag = Validators.entityTag(notModified);
    if (etag != null && !etag.weak()) {
      return candidates.stream().filter(stored -> etag.text().equals(stored.etag())).toList();
    }
    String modified = notModified.first(FieldName.LAST_MODIFIED);
    List<StoredResponse> selected = new ArrayList<>();
    for (StoredResponse stored : candidates) {
      boolean named =
          etag != null
              ? isLike(stored, etag)
              : modified != null
                  ? modified.equals(stored.lastModified())
                  : isMeant(stored, candidates, sent);
      if (named && (selected.isEmpty() || stored.date() > selected.get(0).date())) {
        selected = List.of(stored);
      }
    }
    return selected;
  }

  private static boolean isLike(StoredResponse stored, EntityTag etag) {
    EntityTag own = Validators.entityTag(stored.fields());
    return own != null && own.matchesWeakly(etag);
  }

  /** Whether a 304 without validators can only be about this one. */
  private static boolean isMeant(
      StoredResponse stored, List<StoredResponse> candidates, Conditions sent) {
    if (sent.isEmpty()) {
      return candidates.size() == 1 && !stored.hasValidator();
    }
    boolean dated =
        sent.ifModifiedSince() == null || sent.ifModifiedSince().equals(stored.lastModified());
    boolean tagged = Objects.equals(sent.ifNoneMatch(), stored.etag());
    return sent.isAboutOne() && tagged && dated;
  }

  static StoredResponse freshen(StoredResponse stored, Answer newer, CacheSettings settings) {
    Fields update = newer.response().fields();
    Fields fields = StoredFields.updated(stored.fields(), update);
    Vary vary = Vary.of(fields, newer.request().fields());
    boolean varies =
        update.contains(FieldName.VARY)
            && (vary.isAny() || !vary.names().equals(stored.vary().names()));
    return stored(
        stored.status(), stored.reason(), fields, varies ? vary : stored.vary(), newer, settings);
  }

  /** The response with the content of two parts, and the fields that the newer one brought. */
  static StoredResponse combined(
      StoredResponse stored, Answer newer, PartialContent both, CacheSettings settings) {
    Fields update = newer.response().fields();
    FieldEdits fields = new FieldEdits(StoredFields.updated(stored.fields(), update));
    fields.set(FieldName.CONTENT_LENGTH, Long.toString(both.held().length()));
    if (both.isComplete()) {
      fields.remove(FieldName.CONTENT_RANGE);
    } else {
      fields.set(FieldName.CONTENT_RANGE, both.range().text());
    }
    Fields combined = fields.toFields();
    int status = both.isComplete() ? 200 : 206;
    String reason = both.isComplete() ? "OK" : newer.response().reason();
    Vary vary = Vary.of(combined, newer.request().fields());
    return stored(status, reason, combined, vary, newer, settings);
  }

  static @Nullable StoredResponse freshenByHead(
      StoredResponse stored, Answer head, CacheSettings settings) {
    Fields fields = head.response().fields();
    boolean same =
        head.response().status() == 200
            && stored.status() == 200
            && isSame(fields, FieldName.ETAG, stored.etag())
            && isSame(fields, FieldName.LAST_MODIFIED, stored.lastModified())
            && isSame(fields, FieldName.CONTENT_LENGTH, length(stored));
    return same ? freshen(stored, head, settings) : null;
  }

  private static @Nullable String length(StoredResponse stored) {
    return stored.contentLength() < 0 ? null : Long.toString(stored.contentLength());
  }

  private static boolean isSame(Fields fields, FieldName name, @Nullable String stored) {
    String value = fields.first(name);
    return value == null || value.equals(stored);
  }
}
