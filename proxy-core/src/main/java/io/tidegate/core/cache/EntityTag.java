package io.tidegate.core.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entity tag (RFC 9110 §8.8.3).
 *
 * @param opaque what stands between the quotes, one character an octet
 * @param weak whether it says no more than that two representations are equivalent
 */
public record EntityTag(String opaque, boolean weak) {
  /**
   * Parses one entity tag.
   *
   * @return the tag, or null if {@code value} is anything else
   */
  public static @Nullable EntityTag parse(String value) {
    return endOf(value, 0) == value.length() ? between(value, 0, value.length()) : null;
  }

  /**
   * Parses a list of entity tags, in which commas within quotes divide nothing. What is no entity
   * tag is left out, up to the next comma: it can be no one's tag.
   */
  public static List<EntityTag> parseList(String value) {
    List<EntityTag> tags = new ArrayList<>(2);
    int at = 0;
    while (at < value.length()) {
      at = skipSpace(value, at);
      int end = endOf(value, at);
      int next = skipSpace(value, Math.max(end, at));
      boolean divided = next == value.length() || value.charAt(next) == ',';
      if (end > 0 && divided) {
        tags.add(between(value, at, end));
      }
      int comma = value.indexOf(',', next);
      at = comma < 0 ? value.length() : comma + 1;
    }
    return tags;
  }

  /** Whether both are strong and the same (RFC 9110 §8.8.3.2). */
  public boolean matchesStrongly(EntityTag other) {
    return !weak && !other.weak && opaque.equals(other.opaque);
  }

  /** Whether both are the same, weak or not (RFC 9110 §8.8.3.2). */
  public boolean matchesWeakly(EntityTag other) {
    return opaque.equals(other.opaque);
  }

  /** The tag as it stands in a field. */
  public String text() {
    return (weak ? "W/\"" : "\"") + opaque + '"';
  }

  private static EntityTag between(String value, int from, int to) {
    boolean weak = value.charAt(from) == 'W';
    return new EntityTag(value.substring(from + (weak ? 3 : 1), to - 1), weak);
  }

  /** Where the tag that starts here ends, or -1 if none does. */
  private static int endOf(String value, int start) {
    int quote = value.startsWith("W/", start) ? start + 2 : start;
    if (!value.startsWith("\"", quote)) {
      return -1;
    }
    int at = quote + 1;
    while (at < value.length() && isPart(value.charAt(at))) {
      at++;
    }
    return value.startsWith("\"", at) ? at + 1 : -1;
  }

  private static boolean isPart(char c) {
    return c > 0x20 && c <= 0xff && c != '"' && c != 0x7f;
  }

  private static int skipSpace(String value, int from) {
    int at = from;
    while (at < value.length() && (value.charAt(at) == ' ' || value.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }
}
