package io.tidegate.reverse.route;

import io.tidegate.core.http.Ascii;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The other ways in which servers are known to read a path, so that nobody gets round a route by a
 * spelling that an upstream undoes.
 */
final class PathReadings {
  /** How much text all readings of one path may be: a stranger shall not make us read for long. */
  private static final int MOST_CHARACTERS = 100_000;

  private static final Pattern BACKSLASH = Pattern.compile("%5C|\\\\");
  private static final Pattern PARAMETERS = Pattern.compile("(?:;|%3B)[^/]*+");
  private static final Pattern EMPTY_SEGMENTS = Pattern.compile("/{2,}+");

  /*
   * Each is what some servers do and others do not. A server does any of them, in this order; those
   * that cut parameters do so before or after they decode slashes.
   */
  private static final List<UnaryOperator<String>> HABITS =
      List.of(
          PathReadings::endedByZero,
          PathReadings::withoutParameters,
          path -> path.replace("%2F", "/"),
          path -> BACKSLASH.matcher(path).replaceAll("/"),
          PathReadings::withoutParameters,
          path -> EMPTY_SEGMENTS.matcher(path).replaceAll("/"));

  private PathReadings() {}

  /**
   * Whether there are other readings of a path, which is in the spelling of {@link RequestPath}.
   */
  static boolean exist(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean escape =
          c == '%'
              && (path.startsWith("2F", i + 1)
                  || path.startsWith("5C", i + 1)
                  || path.startsWith("3B", i + 1)
                  || path.startsWith("00", i + 1)
                  || isEscapedEscape(path, i));
      if (escape || c == ';' || c == '\\' || (c == '/' && path.startsWith("/", i + 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEscapedEscape(String path, int at) {
    return path.startsWith("%25", at)
        && at + 4 < path.length()
        && Ascii.hex(path.charAt(at + 3)) >= 0
        && Ascii.hex(path.charAt(at + 4)) >= 0;
  }

  /**
   * The readings of a path, itself the first one; null if one of them has a dot segment that only
   * some servers would see, or if there are too many.
   */
  static @Nullable Set<String> of(String path) {
    Set<String> readings = new LinkedHashSet<>();
    readings.add(path);
    String once = decodedOnce(path);
    if (!once.equals(path)) {
      RequestPath twice = RequestPath.parse(once);
      if (twice == null) {
        return null;
      }
      readings.add(twice.matched());
    }
    for (UnaryOperator<String> habit : HABITS) {
      for (String reading : new ArrayList<>(readings)) {
        RequestPath read = RequestPath.parse(habit.apply(reading));
        if (read == null) {
          return null;
        }
        readings.add(read.matched());
        if (readings.size() * path.length() > MOST_CHARACTERS) {
          return null;
        }
      }
    }
    return readings;
  }

  private static String decodedOnce(String path) {
    StringBuilder decoded = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      decoded.append(path.charAt(i));
      i += isEscapedEscape(path, i) ? 2 : 0;
    }
    return decoded.toString();
  }

  private static String endedByZero(String path) {
    int zero = path.indexOf("%00");
    return zero < 0 ? path : path.substring(0, zero);
  }

  private static String withoutParameters(String path) {
    return PARAMETERS.matcher(path).replaceAll("");
  }
}
