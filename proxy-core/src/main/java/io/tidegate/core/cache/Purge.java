package io.tidegate.core.cache;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.StructuredFields;
import io.tidegate.core.http.StructuredValue.Item;
import io.tidegate.core.http.StructuredValue.Member;
import io.tidegate.core.http.StructuredValue.Token;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a PURGE request asks for: the responses of its target, or those of all URIs that begin like
 * its target, or those that have the tags or belong to the groups that it names. No standard knows
 * the method; nothing that can be read in two ways is taken for either.
 *
 * @param scope which responses are invalidated
 * @param soft whether they become stale; else they are forgotten
 */
public record Purge(InvalidationScope scope, boolean soft) {
  /** The method. */
  public static final String METHOD = "PURGE";

  /** The request field that says how: a list of the tokens {@code prefix} and {@code soft}. */
  public static final FieldName HOW = FieldName.of("Cache-Purge");

  private static final String PREFIX = "prefix";
  private static final String SOFT = "soft";

  /**
   * What a request asks for.
   *
   * @param request the fields of the request
   * @param tagField the field in which responses, and here the request, name tags
   * @throws BadMessageException if that is not clear
   */
  public static Purge of(Fields request, TargetUri target, Optional<TagField> tagField)
      throws BadMessageException {
    Set<String> how = how(request);
    boolean prefix = how.contains(PREFIX);
    boolean groups = request.contains(FieldName.CACHE_GROUPS);
    TagField tags = tagField.filter(field -> request.contains(field.name())).orElse(null);
    if ((prefix && groups) || (tags != null && (prefix || groups))) {
      throw BadMessageException.syntax("more than one of prefix, groups and tags is asked for");
    }
    InvalidationScope scope;
    if (tags != null) {
      scope = new InvalidationScope.Tags(some(tags.named(request), "tags"));
    } else if (groups) {
      scope = new InvalidationScope.Groups(target, some(CacheGroups.named(request), "groups"));
    } else {
      scope =
          prefix ? new InvalidationScope.Prefix(target.text()) : new InvalidationScope.Uri(target);
    }
    return new Purge(scope, how.contains(SOFT));
  }

  private static Set<String> some(Set<String> names, String what) throws BadMessageException {
    if (names.isEmpty()) {
      throw BadMessageException.syntax("the field for " + what + " names none");
    }
    return names;
  }

  private static Set<String> how(Fields request) throws BadMessageException {
    List<Member> members = StructuredFields.parseList(request.all(HOW));
    if (members == null) {
      throw BadMessageException.syntax(HOW + " is no list");
    }
    Set<String> how = new HashSet<>();
    for (Member member : members) {
      if (!(member instanceof Item item
          && item.parameters().isEmpty()
          && item.value() instanceof Token token
          && (token.value().equals(PREFIX) || token.value().equals(SOFT)))) {
        throw BadMessageException.syntax(HOW + " has a member other than prefix and soft");
      }
      how.add(token.value());
    }
    return how;
  }
}
