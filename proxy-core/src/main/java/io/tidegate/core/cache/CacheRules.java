package io.tidegate.core.cache;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestHead;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a shared cache (RFC 9111): what is stored, what is used, what is asked of the
 * origin, and what is thrown away. Immutable; every answer follows from the arguments.
 */
public final class CacheRules {
  private final CacheSettings settings;

  /** The rules with these settings. */
  public CacheRules(CacheSettings settings) {
    this.settings = settings;
  }

  /** The cache directives of a response, from the first target that has some or Cache-Control. */
  public CacheControl directives(Fields response) {
    return CacheControl.ofResponse(response, settings.targets());
  }

  /**
   * What becomes of a request (RFC 9111 §4).
   *
   * @param directives the directives of the request
   * @param variants what is stored for its key, the one that was stored last first
   * @param now the time in milliseconds since the epoch
   */
  public CacheDecision decide(
      RequestHead request, CacheControl directives, List<StoredResponse> variants, long now) {
    return Lookup.decide(request, directives, variants, settings, now);
  }

  /**
   * Whether a stale response may be used, now that the origin has answered 500, 502, 503 or 504
   * (RFC 5861 §4).
   *
   * @param directives the directives of the request
   * @param now the time in milliseconds since the epoch
   */
  public boolean mayUseOnError(StoredResponse stored, CacheControl directives, long now) {
    return Staleness.ifError(stored, directives, settings, now);
  }

  /**
   * Whether a stale response may be used, now that the origin cannot be reached or has not answered
   * (RFC 9111 §4.2.4).
   *
   * @param directives the directives of the request
   * @param now the time in milliseconds since the epoch
   */
  public boolean mayUseUnreached(StoredResponse stored, CacheControl directives, long now) {
    return Staleness.ifUnreachable(stored, directives, settings, now)
        || Staleness.ifError(stored, directives, settings, now);
  }

  /**
   * Whether a response may be stored (RFC 9111 §3), and as what (§3.1): without fields about the
   * proxies on its way, those that only a private cache may store, and those that would need
   * validation before each use. What it invalidates goes first.
   */
  public StoreDecision store(Answer answer) {
    return StoreRules.decide(answer, settings);
  }

  /**
   * Whether a stored response may take on the fields of a newer one (RFC 9111 §4.3.4, §4.3.5): not
   * if the request for that forbids to store anything, or if it was for one user or for content.
   *
   * @param newer a 304 or the response to a HEAD request
   */
  public boolean mayUpdate(StoredResponse stored, Answer newer) {
    return StoreRules.mayUpdate(stored, newer);
  }

  /**
   * Whether the answer to a request about a stored response shows that this is no longer good (RFC
   * 9111 §4.3.3): not if it is about the request, about its user, or an error of the server.
   */
  public boolean isOutdatedBy(StoredResponse stored, Answer newer) {
    return StoreRules.isOutdatedBy(stored, newer);
  }

  /** Whether a response may stay in the store after {@link #freshen} has changed its fields. */
  public boolean mayKeep(StoredResponse freshened) {
    return StoreRules.allowsStoring(freshened.directives())
        && StoreRules.allowsCookies(freshened.fields(), freshened.directives(), settings)
        && !freshened.vary().isAny();
  }

  /**
   * The stored responses that a 304 is about (RFC 9111 §4.3.4). If there is none, it is about what
   * the client has, or about nothing that is known.
   *
   * @param candidates those that the request selects or, if it selects none, that were named to the
   *     origin; the one that was stored last comes first
   * @param sent what was added to the request
   * @param notModified the fields of the 304
   */
  public List<StoredResponse> selected(
      List<StoredResponse> candidates, Conditions sent, Fields notModified) {
    return Validation.selected(candidates, sent, notModified);
  }

  /**
   * A stored response with the fields and the times of a newer one (RFC 9111 §3.2). What describes
   * the stored content stays: Content-Length, Content-Encoding, Content-Range.
   *
   * @param newer a 304 that is about it
   */
  public StoredResponse freshen(StoredResponse stored, Answer newer) {
    return Validation.freshen(stored, newer, settings);
  }

  /**
   * Turns the fields of a client's request into those of one for what is missing of a stored part.
   *
   * @param now the time in milliseconds since the epoch
   */
  public void ask(FieldEdits request, CacheDecision.Complete what, long now) {
    PartialResponses.ask(request, what.missing(), what.stored(), now);
  }

  /**
   * A stored part together with the part that a 206 has brought (RFC 9111 §3.4), or null if the two
   * do not belong together, or if that may not be stored.
   *
   * @param stored a 206 response
   * @param newer another one, that was asked for next to it
   */
  public @Nullable StoredResponse combine(StoredResponse stored, Answer newer) {
    return PartialResponses.combine(stored, newer, settings);
  }

  /**
   * A stored response with the fields and the times of the response to a HEAD request (RFC 9111
   * §4.3.5), or null if that shows that the stored one is out of date.
   *
   * @param head the response to a HEAD request that selects it
   */
  public @Nullable StoredResponse freshenByHead(StoredResponse stored, Answer head) {
    return Validation.freshenByHead(stored, head, settings);
  }

  /** By what a stored response is found besides its key: its groups (RFC 9875) and its tags. */
  public Set<String> labels(TargetUri target, Fields response) {
    Set<String> groups = CacheGroups.of(response);
    Set<String> tags = settings.tagField().map(field -> field.tags(response)).orElse(Set.of());
    if (groups.isEmpty() && tags.isEmpty()) {
      return Set.of();
    }
    Set<String> labels = new HashSet<>();
    groups.forEach(group -> labels.add(CacheGroups.label(target, group)));
    tags.forEach(tag -> labels.add(TagField.label(tag)));
    return labels;
  }

  /**
   * The URIs of which nothing stored may be used any more (RFC 9111 §4.4): the target of a request
   * whose method is not safe, and where its response points to within the same origin.
   */
  public Set<TargetUri> invalidates(Answer answer) {
    int status = answer.response().status();
    if (answer.request().isSafe() || status < 200 || status > 399) {
      return Set.of();
    }
    Set<TargetUri> invalid = new LinkedHashSet<>();
    invalid.add(answer.target());
    for (FieldName name : List.of(FieldName.LOCATION, FieldName.CONTENT_LOCATION)) {
      String reference = answer.response().fields().first(name);
      TargetUri named = reference == null ? null : answer.target().resolve(reference);
      if (named != null && named.hasOriginOf(answer.target())) {
        invalid.add(named);
      }
    }
    return invalid;
  }
}
