package io.tidegate.core.cache;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The preconditions by which a cache asks whether what it has is still good (RFC 9111 §4.3.1).
 *
 * @param ifNoneMatch the value of If-None-Match, or null for none
 * @param ifModifiedSince the value of If-Modified-Since, or null for none
 * @param isAboutOne whether all of it comes from one stored response, so that a 304 without
 *     validators can only mean that one
 */
public record Conditions(
    @Nullable String ifNoneMatch, @Nullable String ifModifiedSince, boolean isAboutOne) {
  /** No precondition: what the client sent, if anything, stays as it is. */
  public static final Conditions NONE = new Conditions(null, null, false);

  /** Whether there is none. */
  public boolean isEmpty() {
    return ifNoneMatch == null && ifModifiedSince == null;
  }

  /** Puts them in the place of those of the client, unless there is none. */
  public void applyTo(FieldEdits request) {
    if (isEmpty()) {
      return;
    }
    request.remove(FieldName.IF_NONE_MATCH).remove(FieldName.IF_MODIFIED_SINCE);
    if (ifNoneMatch != null) {
      request.add(FieldName.IF_NONE_MATCH, ifNoneMatch);
    }
    if (ifModifiedSince != null) {
      request.add(FieldName.IF_MODIFIED_SINCE, ifModifiedSince);
    }
  }

  /** What asks for one stored response, by all the validators that it has. */
  static Conditions about(StoredResponse stored) {
    return stored.hasValidator()
        ? new Conditions(stored.etag(), stored.lastModified(), true)
        : NONE;
  }

  /**
   * What asks for one stored response, and for those that the client has (RFC 9111 §4.3.2). Its
   * entity tags are only of use together with one of ours; its date never is, because the answer
   * could be told from the answer to ours.
   */
  static Conditions about(StoredResponse stored, Fields request) {
    String etag = stored.etag();
    if (etag == null || !request.contains(FieldName.IF_NONE_MATCH)) {
      return about(stored);
    }
    Set<String> tags = new LinkedHashSet<>(List.of(etag));
    addValid(request, tags);
    return tags.size() == 1 ? about(stored) : new Conditions(String.join(", ", tags), null, false);
  }

  /**
   * What asks which of several stored responses a request selects, none of which is known to be
   * (RFC 9111 §4.1). A client that asks by date only is left alone: an entity tag would silence its
   * own condition.
   */
  static Conditions aboutAny(List<StoredResponse> variants, Fields request) {
    Set<String> tags = new LinkedHashSet<>();
    for (StoredResponse variant : variants) {
      String etag = variant.part() == null ? variant.etag() : null;
      if (etag != null) {
        tags.add(etag);
      }
    }
    boolean byTag = request.contains(FieldName.IF_NONE_MATCH);
    if (tags.isEmpty() || (!byTag && request.contains(FieldName.IF_MODIFIED_SINCE))) {
      return NONE;
    }
    boolean one = tags.size() == 1 && variants.size() == 1;
    addValid(request, tags);
    return new Conditions(String.join(", ", tags), null, one && tags.size() == 1);
  }

  private static void addValid(Fields request, Set<String> tags) {
    for (String line : request.all(FieldName.IF_NONE_MATCH)) {
      EntityTag.parseList(line).forEach(tag -> tags.add(tag.text()));
    }
  }
}
