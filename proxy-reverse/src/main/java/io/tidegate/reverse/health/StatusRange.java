package io.tidegate.reverse.health;

import io.tidegate.core.spi.Checks;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Status codes from one to another, both included.
 *
 * @param from the first, 100 to 599
 * @param to the last, not below the first
 */
public record StatusRange(int from, int to) {
  private static final Pattern TEXT = Pattern.compile("[0-9]{3}(-[0-9]{3})?");

  /** Rejects what is no range of status codes (RFC 9110 §15). */
  public StatusRange {
    if (from < 100 || to > 599 || from > to) {
      new Checks().reject("statuses", from + " to " + to, "a range within 100 to 599").done();
    }
  }

  /**
   * {@code 404}, or {@code 200-299}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static StatusRange parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "statuses: " + text + " (expected: a status code or a range like 200-299)");
    }
    return new StatusRange(
        Integer.parseInt(text.substring(0, 3)),
        Integer.parseInt(text.substring(text.length() - 3)));
  }

  /** Whether {@code status} is in one of {@code ranges}. */
  static boolean holds(List<StatusRange> ranges, int status) {
    for (int i = 0; i < ranges.size(); i++) {
      StatusRange range = ranges.get(i);
      if (status >= range.from && status <= range.to) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return from == to ? Integer.toString(from) : from + "-" + to;
  }
}
