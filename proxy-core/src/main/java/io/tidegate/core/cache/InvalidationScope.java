package io.tidegate.core.cache;

import java.util.Set;

/** Which stored responses are to be invalidated. */
public sealed interface InvalidationScope {
  /**
   * Those with a URI, whatever else is in their keys.
   *
   * @param uri the URI as it was asked for
   */
  record Uri(TargetUri uri) implements InvalidationScope {}

  /**
   * Those whose URI begins like this.
   *
   * @param start the beginning as it is in keys; empty for all responses
   */
  record Prefix(String start) implements InvalidationScope {
    /** The beginning without a query, which may hold secrets. */
    @Override
    public String toString() {
      int query = start.indexOf('?');
      return query < 0 ? start : start.substring(0, query) + "?…";
    }
  }

  /**
   * Those of an origin that belong to one of these groups (RFC 9875 §2).
   *
   * @param origin a URI of the origin; its path does not count
   * @param names the groups
   */
  record Groups(TargetUri origin, Set<String> names) implements InvalidationScope {
    /** Copies the names. */
    public Groups {
      names = Set.copyOf(names);
    }
  }

  /**
   * Those of all origins that have one of these tags.
   *
   * @param names the tags
   */
  record Tags(Set<String> names) implements InvalidationScope {
    /** Copies the names. */
    public Tags {
      names = Set.copyOf(names);
    }
  }
}
