package io.tidegate.core.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The four forms of a request target (RFC 9112 §3.2). Paths and queries are raw: nothing is
 * decoded.
 */
public sealed interface RequestTarget {
  /**
   * {@code /path?query}.
   *
   * @param pathAndQuery as received; starts with a slash
   */
  record OriginForm(String pathAndQuery) implements RequestTarget {
    /** The path without the query, which may hold secrets. */
    @Override
    public String toString() {
      return path(pathAndQuery);
    }
  }

  /**
   * {@code scheme://authority/path?query}.
   *
   * @param scheme in lower case
   * @param authority with a non-empty host
   * @param pathAndQuery never empty: a missing path is {@code /}, or {@code *} for OPTIONS
   */
  record AbsoluteForm(String scheme, Authority authority, String pathAndQuery)
      implements RequestTarget {
    /** The URI without the query, which may hold secrets. */
    @Override
    public String toString() {
      return scheme + "://" + authority + path(pathAndQuery);
    }
  }

  /**
   * {@code host:port} of a CONNECT request.
   *
   * @param authority with host and port
   */
  record AuthorityForm(Authority authority) implements RequestTarget {}

  /** {@code *} of an OPTIONS request for the server as a whole. */
  record AsteriskForm() implements RequestTarget {}

  /**
   * Parses the target of a request with {@code method}: authority-form for CONNECT and for nothing
   * else, {@code *} for OPTIONS and for nothing else.
   *
   * @throws BadMessageException if it is in none of the forms, or in one that the method does not
   *     take
   */
  static RequestTarget parse(String method, String target) throws BadMessageException {
    if (method.equals("CONNECT")) {
      Authority authority = Authority.parse(target);
      if (authority.port() <= 0 || authority.host().isEmpty()) {
        throw BadMessageException.syntax("CONNECT target without host or port");
      }
      return new AuthorityForm(authority);
    }
    if (target.startsWith("/")) {
      return new OriginForm(target);
    }
    if (target.equals("*")) {
      if (!method.equals("OPTIONS")) {
        throw BadMessageException.syntax("asterisk-form is for OPTIONS only");
      }
      return new AsteriskForm();
    }
    return absolute(method, target);
  }

  private static AbsoluteForm absolute(String method, String target) throws BadMessageException {
    int colon = target.indexOf("://");
    if (colon <= 0 || !isScheme(target, colon)) {
      throw BadMessageException.syntax("request target in no known form");
    }
    int start = colon + 3;
    int end = start;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    Authority authority = Authority.parse(target.substring(start, end));
    if (authority.host().isEmpty()) {
      throw BadMessageException.syntax("request target without host");
    }
    String rest = target.substring(end);
    if (rest.isEmpty() && method.equals("OPTIONS")) {
      rest = "*"; // RFC 9112 §3.2.4: the last proxy sends it on in asterisk-form
    }
    return new AbsoluteForm(
        target.substring(0, colon).toLowerCase(Locale.ROOT),
        authority,
        rest.startsWith("/") || rest.equals("*") ? rest : "/" + rest);
  }

  private static boolean isScheme(String target, int end) {
    for (int i = 0; i < end; i++) {
      char c = target.charAt(i);
      boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!letter && (i == 0 || !other)) {
        return false;
      }
    }
    return true;
  }

  /** The path of {@code pathAndQuery}: everything before the question mark. */
  static String path(String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    return query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
  }

  /** The query of {@code pathAndQuery} without its question mark, or null if there is none. */
  static @Nullable String query(String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    return query < 0 ? null : pathAndQuery.substring(query + 1);
  }
}
