package io.tidegate.reverse.health;

import io.tidegate.core.spi.Checks;
import java.util.List;

/**
 * Status codes from one to another, both included.
 *
 * @param from the first, 100 to 599
 * @param to the last, not below the first
 */
public record StatusRange(int from, int to) {
  /** Rejects what is no range of status codes (RFC 9110 §15). */
  public StatusRange {
    if (from < 100 || to > 599 || from > to) {
      new Checks().reject("statuses", from + " to " + to, "a range within 100 to 599").done();
    }
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
