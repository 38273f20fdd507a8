package io.tidegate.forward.access;

import io.tidegate.forward.access.RequestMatcher.Match;
import org.jspecify.annotations.Nullable;

/** Which paths a rule is about; {@link RequestPattern#path} tells the forms. */
final class PathPattern {
  static final String EXPECTED =
      "a path like /status, or /api/** for all below, that all servers read in one way";

  private static final String BELOW = "/**";

  private final String exact;
  private final String loose;
  private final boolean below;

  private PathPattern(String exact, String loose, boolean below) {
    this.exact = exact;
    this.loose = loose;
    this.below = below;
  }

  static boolean isPattern(String text) {
    return parse(text) != null;
  }

  /** The pattern that {@code text} spells out, or null if it is none. */
  static @Nullable PathPattern parse(String text) {
    boolean below = text.endsWith(BELOW);
    String path = below ? text.substring(0, text.length() - BELOW.length()) : text;
    if (below && path.isEmpty()) {
      return new PathPattern("", "", true);
    }
    PathReadings readings =
        path.indexOf('?') >= 0 || path.indexOf('*') >= 0 || path.indexOf(';') >= 0
            ? null
            : PathReadings.of(path);
    return readings == null || (below && path.endsWith("/"))
        ? null
        : new PathPattern(readings.exact(), readings.loose(), below);
  }

  /** Whether the path of a request matches: unclear if that depends on who reads it. */
  Match matches(String pathAndQuery) {
    if (!pathAndQuery.startsWith("/")) {
      return Match.NO;
    }
    int query = pathAndQuery.indexOf('?');
    int end = query < 0 ? pathAndQuery.length() : query;
    if (PathReadings.isPlain(pathAndQuery, end)) {
      int bare = pathAndQuery.charAt(end - 1) == '/' ? end - 1 : end;
      return match(covers(exact, pathAndQuery, end), covers(loose, pathAndQuery, bare));
    }
    PathReadings readings = PathReadings.of(pathAndQuery.substring(0, end));
    return readings == null
        ? Match.UNCLEAR
        : match(
            covers(exact, readings.exact(), readings.exact().length()),
            covers(loose, readings.loose(), readings.loose().length()));
  }

  private static Match match(boolean exactly, boolean loosely) {
    return exactly && loosely ? Match.YES : exactly || loosely ? Match.UNCLEAR : Match.NO;
  }

  /** Whether the first {@code end} characters of {@code path} match. */
  private boolean covers(String pattern, String path, int end) {
    int length = pattern.length();
    return end >= length
        && path.startsWith(pattern)
        && (end == length || (below && path.charAt(length) == '/'));
  }
}
