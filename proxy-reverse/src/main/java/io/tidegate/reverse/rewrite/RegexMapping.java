package io.tidegate.reverse.rewrite;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.route.RequestPath;
import io.tidegate.reverse.route.SafeRegex;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites paths that fit a regular expression as a whole, in the one spelling of {@link
 * RequestPath}: no other spelling gets round it. The replacement may hold {@code $1} to {@code $9}
 * for what the groups were, and a query, to which the client's own is appended.
 */
public final class RegexMapping implements PathMapping {
  private final SafeRegex regex;
  private final String replacement;

  /** Replaces what fits {@code regex}; both were checked. */
  public RegexMapping(String regex, String replacement) {
    this.regex = SafeRegex.of(regex);
    RequestPath path = RequestPath.parse(replacement);
    int query = replacement.indexOf('?');
    this.replacement =
        (path == null ? "" : path.matched()) + (query < 0 ? "" : replacement.substring(query));
  }

  /** Notes what is wrong with the two. */
  public static void check(Checks checks, String setting, String regex, String replacement) {
    SafeRegex parsed = SafeRegex.check(checks, setting, regex);
    int groups = parsed == null ? 9 : parsed.groups();
    RequestPath path = RequestPath.parse(replacement);
    boolean clean = path != null && !path.dotSegments() && replacement.startsWith("/");
    if (!clean || !Ascii.isTarget(replacement) || highest(replacement) > groups) {
      checks.reject(
          setting + " to",
          replacement,
          "a path like /a/$1, with $1 to $9 for groups that there are");
    }
  }

  /** The highest group named, or more than there can be if a dollar sign names none. */
  private static int highest(String replacement) {
    int highest = 0;
    for (int i = replacement.indexOf('$'); i >= 0; i = replacement.indexOf('$', i + 1)) {
      int group = i + 1 < replacement.length() ? replacement.charAt(i + 1) - '0' : 0;
      highest = Math.max(highest, group >= 1 && group <= 9 ? group : Integer.MAX_VALUE);
    }
    return highest;
  }

  @Override
  public @Nullable String toUpstream(String pathAndQuery) {
    RequestPath path = RequestPath.parse(pathAndQuery);
    Matcher groups =
        path == null || !pathAndQuery.startsWith("/")
            ? null
            : regex.match(path.matched(), path.matched().length());
    if (groups == null) {
      return pathAndQuery;
    }
    String made = filled(groups);
    RequestPath clean = RequestPath.parse(made);
    // Groups side by side can make a dot segment, or an escape, of what was none.
    if (clean == null || !RequestTarget.path(made).equals(clean.matched())) {
      return null;
    }
    int query = pathAndQuery.indexOf('?');
    if (query < 0) {
      return made;
    }
    return made + (made.indexOf('?') < 0 ? "?" : "&") + pathAndQuery.substring(query + 1);
  }

  private String filled(Matcher groups) {
    StringBuilder made = new StringBuilder();
    boolean inQuery = false;
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      inQuery |= c == '?';
      if (c == '$') {
        String group = groups.group(replacement.charAt(++i) - '0');
        append(made, group == null ? "" : group, inQuery);
      } else {
        made.append(c);
      }
    }
    return made.toString();
  }

  /**
   * In a query, what parts parameters is escaped: a path must not bring in parameters of its own.
   */
  private static void append(StringBuilder made, String text, boolean inQuery) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      String escape =
          switch (c) {
            case '&' -> "%26";
            case '=' -> "%3D";
            case '+' -> "%2B";
            case ';' -> "%3B";
            default -> "";
          };
      if (inQuery && !escape.isEmpty()) {
        made.append(escape);
      } else {
        made.append(c);
      }
    }
  }

  /** Nobody can tell what the client's path was. */
  @Override
  public @Nullable String toClient(String reference) {
    return null;
  }

  @Override
  public String cookieToClient(String path) {
    return path;
  }
}
