package io.tidegate.reverse.route;

import io.tidegate.core.http.Ascii;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which paths a route takes. Segments are literal, {@code *} or {@code {name}} for any one
 * non-empty segment, and at the end {@code **} for anything below, or nothing: {@code /a/**} takes
 * {@code /a}, {@code /a/} and {@code /a/b/c}.
 */
public final class PathTemplate {
  /** What a template looks like. */
  public static final String EXPECTED =
      "a path like /a, /a/{id}/b, /a/* or /a/**, other characters than those of a path percent-encoded";

  /*
   * Paths are compared piece by piece where they stand, nothing is cut out of them: first with the
   * literal segments in front as a whole, then with the other segments one by one.
   */
  private final List<Segment> segments;
  private final String prefix;
  private final List<Segment> tail;
  private final boolean open;

  /** A segment: literal text, or null for any. */
  private record Segment(@Nullable String text) {}

  private PathTemplate(List<Segment> segments, boolean open) {
    StringBuilder front = new StringBuilder();
    int literal = 0;
    while (literal < segments.size() && segments.get(literal).text() != null) {
      front.append('/').append(segments.get(literal).text());
      literal++;
    }
    this.segments = List.copyOf(segments);
    this.prefix = front.toString();
    this.tail = this.segments.subList(literal, segments.size());
    this.open = open;
  }

  /** The template spelled {@code text}, or null if it is none. */
  public static @Nullable PathTemplate parse(String text) {
    if (!text.startsWith("/")) {
      return null;
    }
    String[] parts = text.substring(1).split("/", -1);
    boolean open = parts[parts.length - 1].equals("**");
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < parts.length - (open ? 1 : 0); i++) {
      boolean any = parts[i].equals("*") || isVariable(parts[i]);
      String literal = any ? null : literal(parts[i]);
      if (!any && literal == null) {
        return null;
      }
      segments.add(new Segment(literal));
    }
    return new PathTemplate(segments, open);
  }

  private static boolean isVariable(String part) {
    return part.length() > 2
        && part.startsWith("{")
        && part.endsWith("}")
        && Ascii.isToken(part.substring(1, part.length() - 1));
  }

  private static @Nullable String literal(String part) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (!Ascii.isTarget(c) || "?*{}\\".indexOf(c) >= 0) {
        return null;
      }
      boolean escape =
          i + 2 < part.length()
              && Ascii.hex(part.charAt(i + 1)) >= 0
              && Ascii.hex(part.charAt(i + 2)) >= 0;
      if (c == '%' && !escape) {
        return null;
      }
    }
    RequestPath path = RequestPath.parse("/" + part);
    return path == null || path.dotSegments() ? null : path.matched().substring(1);
  }

  /**
   * Whether this takes the path that ends at {@code end}; the spelling is that of {@link
   * RequestPath}.
   */
  boolean matches(String path, int end) {
    int at = prefix.length();
    if (end < at || !path.startsWith(prefix)) {
      return false;
    }
    for (int i = 0; i < tail.size(); i++) {
      if (at >= end || path.charAt(at) != '/') {
        return false;
      }
      int from = at + 1;
      int next = path.indexOf('/', from);
      at = next < 0 || next > end ? end : next;
      String text = tail.get(i).text();
      boolean same =
          text == null ? at > from : at - from == text.length() && path.startsWith(text, from);
      if (!same) {
        return false;
      }
    }
    return at == end || (open && path.charAt(at) == '/');
  }

  /** Whether this takes every path, and requests for the server as a whole ({@code *}) too. */
  boolean takesAll() {
    return open && segments.isEmpty();
  }

  /** Whether every path this takes is {@code path} or lies below it. */
  public boolean isBelow(String path) {
    return prefix.equals(path) || prefix.startsWith(path + "/");
  }

  /** What two templates that take exactly the same paths have in common. */
  public String shape() {
    StringBuilder shape = new StringBuilder();
    for (Segment segment : segments) {
      shape.append('/').append(segment.text() == null ? "*" : segment.text());
    }
    return shape.append(open ? "/**" : "").toString();
  }

  /**
   * The more specific one first. From the left, segment by segment: literal before any, any before
   * the end or {@code **}, so the longer one first; of two that differ in the end only, the one
   * without {@code **}.
   */
  static final Comparator<PathTemplate> MOST_SPECIFIC_FIRST = PathTemplate::compare;

  private static int compare(PathTemplate a, PathTemplate b) {
    int most = Math.max(a.segments.size(), b.segments.size());
    for (int i = 0; i <= most; i++) {
      int difference = Integer.compare(a.rank(i), b.rank(i));
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }

  private int rank(int index) {
    if (index < segments.size()) {
      return segments.get(index).text() != null ? 0 : 1;
    }
    return index == segments.size() && open ? 3 : 2;
  }
}
