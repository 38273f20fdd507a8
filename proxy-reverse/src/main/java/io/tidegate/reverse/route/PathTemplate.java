package io.tidegate.reverse.route;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.Checks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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

  private final List<Segment> segments;
  private final String prefix;
  private final List<Segment> tail;
  private final boolean open;

  /**
   * A segment of a template.
   *
   * @param text literal text in the spelling of {@link RequestPath}, or null for any
   * @param spelled the segment as it was written
   */
  public record Segment(@Nullable String text, String spelled) {
    /** What the segment is called, or null if it is literal or nameless. */
    public @Nullable String name() {
      return text == null && !spelled.equals("*")
          ? spelled.substring(1, spelled.length() - 1)
          : null;
    }
  }

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
      segments.add(new Segment(literal, parts[i]));
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

  /** The segments, without {@code **}. */
  public List<Segment> segments() {
    return segments;
  }

  /** Whether this ends in {@code **}. */
  public boolean isOpen() {
    return open;
  }

  /** The one path this takes, or null if there are several. */
  @Nullable String onlyPath() {
    return open || !tail.isEmpty() ? null : prefix;
  }

  /** The literal segments in front, each with its slash; empty if there are none. */
  public String front() {
    return prefix;
  }

  /**
   * This template as a path, its named segments and its {@code **} filled with what they are in a
   * path that {@code from} takes. They are filled in as they are spelled there; a query stays.
   */
  public String filled(PathTemplate from, String pathAndQuery) {
    int end = RequestPath.end(pathAndQuery);
    String[] values = new String[from.segments.size()];
    int at = 0;
    for (int i = 0; i < values.length; i++) {
      int next = pathAndQuery.indexOf('/', at + 1);
      next = next < 0 || next > end ? end : next;
      values[i] = pathAndQuery.substring(at + 1, next);
      at = next;
    }
    StringBuilder filled = new StringBuilder();
    for (Segment segment : segments) {
      String name = segment.name();
      filled.append('/').append(name == null ? segment.spelled : values[from.indexOf(name)]);
    }
    if (open) {
      filled.append(pathAndQuery, at, end);
    }
    return (filled.isEmpty() ? "/" : filled) + pathAndQuery.substring(end);
  }

  /** Notes why {@code text} cannot be filled from paths that {@code from} takes. */
  public static void checkFilling(
      Checks checks, String setting, @Nullable PathTemplate from, String text) {
    PathTemplate to = parse(text);
    if (to == null) {
      checks.reject(setting, text, EXPECTED);
    } else if (from != null && !fits(from, to)) {
      checks.reject(
          setting, text, "only {names} that the route's path has once, and ** only if it has that");
    }
  }

  private static boolean fits(PathTemplate from, PathTemplate to) {
    List<String> known =
        from.segments.stream().map(s -> Objects.requireNonNullElse(s.name(), "")).toList();
    for (Segment segment : to.segments) {
      String name = segment.name();
      boolean once =
          name != null && known.contains(name) && known.indexOf(name) == known.lastIndexOf(name);
      if (segment.text() == null && !once) {
        return false;
      }
    }
    return from.open || !to.open;
  }

  private int indexOf(String name) {
    for (int i = 0; i < segments.size(); i++) {
      if (name.equals(segments.get(i).name())) {
        return i;
      }
    }
    throw new IllegalArgumentException("no segment is called " + name);
  }

  /** Whether this takes {@code path}, which is in the spelling of {@link RequestPath}. */
  public boolean matches(String path) {
    int at = prefix.length();
    if (!path.startsWith(prefix)) {
      return false;
    }
    for (Segment segment : tail) {
      if (at >= path.length() || path.charAt(at) != '/') {
        return false;
      }
      int from = at + 1;
      int next = path.indexOf('/', from);
      at = next < 0 ? path.length() : next;
      String text = segment.text();
      if (text == null ? at == from : !path.substring(from, at).equals(text)) {
        return false;
      }
    }
    return at == path.length() || (open && path.charAt(at) == '/');
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

  /** As it was written. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    segments.forEach(segment -> text.append('/').append(segment.spelled()));
    return text.append(open ? "/**" : "").toString();
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
