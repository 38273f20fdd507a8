package io.tidegate.core.cache;

import io.tidegate.core.http.Authority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The URI of a resource (RFC 9110 §7.1). Path and query are raw: nothing is decoded, no dot segment
 * removed, and no percent-encoding changed, so that two resources never become one.
 *
 * @param scheme {@code http} or {@code https}, in lower case
 * @param authority host and port; the default port of the scheme is dropped
 * @param pathAndQuery as in the request; starts with a slash
 */
public record TargetUri(String scheme, Authority authority, String pathAndQuery) {
  /** Drops the default port. */
  public TargetUri {
    authority = authority.withoutDefaultPort(scheme);
  }

  /** {@code scheme://authority/path?query}; the query may hold secrets. */
  public String text() {
    return scheme + "://" + authority + pathAndQuery;
  }

  /** Whether scheme, host and port are the same (RFC 9110 §4.3.1). */
  public boolean hasOriginOf(TargetUri other) {
    return scheme.equals(other.scheme) && authority.equals(other.authority);
  }

  /**
   * The URI that {@code reference} names relative to this one (RFC 3986 §5.2), without its
   * fragment, or null if it is no http or https URI.
   */
  public @Nullable TargetUri resolve(String reference) {
    int fragment = reference.indexOf('#');
    String text = fragment < 0 ? reference : reference.substring(0, fragment);
    int colon = schemeEnd(text);
    if (colon >= 0) {
      String other = text.substring(0, colon).toLowerCase(Locale.ROOT);
      boolean http = other.equals("http") || other.equals("https");
      return http && text.startsWith("//", colon + 1) ? network(other, text, colon + 3) : null;
    }
    return text.startsWith("//") ? network(scheme, text, 2) : path(text);
  }

  private static int schemeEnd(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ':') {
        return i;
      }
      if (c == '/' || c == '?') {
        return -1;
      }
    }
    return -1;
  }

  private static @Nullable TargetUri network(String scheme, String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) != '/' && text.charAt(end) != '?') {
      end++;
    }
    Authority authority = Authority.parseOrNull(text.substring(start, end));
    if (authority == null || authority.host().isEmpty()) {
      return null;
    }
    String rest = text.substring(end);
    String absolute = rest.startsWith("/") ? rest : "/" + rest;
    return new TargetUri(scheme, authority, withoutDots(absolute));
  }

  private TargetUri path(String reference) {
    if (reference.isEmpty()) {
      return this;
    }
    int query = pathAndQuery.indexOf('?');
    String base = query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
    String merged = reference;
    if (reference.startsWith("?")) {
      return new TargetUri(scheme, authority, base + reference);
    }
    if (!reference.startsWith("/")) {
      merged = base.substring(0, base.lastIndexOf('/') + 1) + reference;
    }
    return new TargetUri(scheme, authority, withoutDots(merged));
  }

  /** Removes dot segments (RFC 3986 §5.2.4) from the path before the query. */
  private static String withoutDots(String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    String path = query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
    if (!path.contains("/.")) {
      return pathAndQuery;
    }
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean dots = segments[i].equals(".") || segments[i].equals("..");
      if (segments[i].equals("..")) {
        kept.pollLast();
      }
      if (!dots) {
        kept.addLast(segments[i]);
      } else if (i == segments.length - 1) {
        kept.addLast("");
      }
    }
    return join(kept) + (query < 0 ? "" : pathAndQuery.substring(query));
  }

  private static String join(Deque<String> segments) {
    StringBuilder path = new StringBuilder();
    for (String segment : segments) {
      path.append('/').append(segment);
    }
    return path.toString();
  }

  /** The URI without its query, which may hold secrets. */
  @Override
  public String toString() {
    int query = text().indexOf('?');
    return query < 0 ? text() : text().substring(0, query) + "?…";
  }
}
