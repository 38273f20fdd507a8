package io.tidegate.core.cache;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpDate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The fields of a response on their way into the store (RFC 9111 §3.1, §3.2). */
final class StoredFields {
  private static final Set<FieldName> NEVER_STORED =
      Set.of(
          FieldName.AGE, // it is computed anew whenever the response is used
          FieldName.PROXY_AUTHENTICATE,
          FieldName.PROXY_AUTHENTICATION_INFO,
          FieldName.PROXY_AUTHORIZATION,
          FieldName.TRAILER); // trailers are not stored

  /** They describe the content as it is stored, which an update does not bring along. */
  private static final Set<FieldName> NEVER_UPDATED =
      Set.of(FieldName.CONTENT_LENGTH, FieldName.CONTENT_ENCODING, FieldName.CONTENT_RANGE);

  private StoredFields() {}

  /**
   * What of the fields is stored: not those that only a private cache may store, nor those that
   * would need validation before each use. A missing or invalid Date becomes {@code date} (RFC 9110
   * §6.6.1).
   */
  static Fields of(Fields received, CacheControl directives, long date) {
    FieldEdits edits = new FieldEdits(received);
    NEVER_STORED.forEach(edits::remove);
    directives.unstoredFields().forEach(edits::remove);
    if (Freshness.date(received, FieldName.DATE, date) == null) {
      edits.set(FieldName.DATE, HttpDate.format(Instant.ofEpochMilli(date)));
    }
    return edits.toFields();
  }

  /**
   * The stored fields, those of a newer response in the place of theirs. A Date that the newer one
   * does not have is no longer true.
   */
  static Fields updated(Fields stored, Fields newer) {
    FieldEdits edits = new FieldEdits(stored).remove(FieldName.DATE);
    List<FieldName> names = new ArrayList<>(newer.size());
    for (int i = 0; i < newer.size(); i++) {
      names.add(FieldName.of(newer.name(i)));
    }
    names.stream().filter(name -> !NEVER_UPDATED.contains(name)).forEach(edits::remove);
    for (int i = 0; i < newer.size(); i++) {
      if (!NEVER_UPDATED.contains(names.get(i))) {
        edits.add(names.get(i), newer.value(i));
      }
    }
    return edits.toFields();
  }
}
