package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.StructuredFields;
import io.tidegate.core.http.StructuredValue.Item;
import io.tidegate.core.http.StructuredValue.Member;
import io.tidegate.core.http.StructuredValue.Text;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of groups that a response carries (RFC 9875), without repetition, in the order
 * received. A field that is not a list of strings is ignored; parameters mean nothing.
 */
public final class CacheGroups {
  /** How many groups of a field are read; RFC 9875 §2 asks for 32 at least. */
  public static final int MAX_GROUPS = 128;

  /** How long a name may be to be read; RFC 9875 §2 asks for 32 characters at least. */
  public static final int MAX_LENGTH = 256;

  private CacheGroups() {}

  /** By what the stored responses of a group are found; it belongs to an origin (RFC 9875 §2). */
  public static String label(TargetUri origin, String name) {
    return origin.scheme() + "://" + origin.authority() + "\n" + name;
  }

  /** The groups that a response belongs to: its Cache-Groups (RFC 9875 §2). */
  public static Set<String> of(Fields response) {
    return names(response, FieldName.CACHE_GROUPS, MAX_GROUPS, MAX_LENGTH);
  }

  /** The groups that a request to invalidate some names in Cache-Groups: every one. */
  static Set<String> named(Fields request) {
    return names(request, FieldName.CACHE_GROUPS, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * The groups whose responses are to be invalidated: Cache-Group-Invalidation of a response to a
   * request with an unsafe method, and none for a safe one (RFC 9875 §3).
   */
  public static Set<String> invalidatedBy(RequestHead request, Fields response) {
    return request.isSafe()
        ? Set.of()
        : names(response, FieldName.CACHE_GROUP_INVALIDATION, MAX_GROUPS, MAX_LENGTH);
  }

  private static Set<String> names(Fields response, FieldName field, int maxGroups, int maxLength) {
    List<Member> members =
        response.contains(field) ? StructuredFields.parseList(response.all(field)) : null;
    if (members == null) {
      return Set.of();
    }
    Set<String> names = new LinkedHashSet<>();
    for (Member member : members) {
      if (!(member instanceof Item item && item.value() instanceof Text name)) {
        return Set.of();
      }
      if (names.size() < maxGroups && name.value().length() <= maxLength) {
        names.add(name.value());
      }
    }
    return names;
  }
}
