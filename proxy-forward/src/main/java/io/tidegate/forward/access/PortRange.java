package io.tidegate.forward.access;

import io.tidegate.core.spi.Checks;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ports next to each other.
 *
 * @param first the lowest
 * @param last the highest, which belongs to the range
 */
public record PortRange(int first, int last) {
  /** Every port there is. */
  public static final PortRange ANY = new PortRange(1, 65535);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

  /** One port. */
  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /**
   * The range that {@code text} spells out: {@code 443} or {@code 8000-8999}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static PortRange parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "ports: " + text + " (expected: a port or a range like 8000-8999)");
    }
    int first = Integer.parseInt(matcher.group(1));
    String last = matcher.group(2);
    return new PortRange(first, last == null ? first : Integer.parseInt(last));
  }

  /** Whether {@code port} is among them. */
  public boolean contains(int port) {
    return first <= port && port <= last;
  }

  /** Whether {@code port} is in one of {@code ranges}. */
  public static boolean contains(List<PortRange> ranges, int port) {
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).contains(port)) {
        return true;
      }
    }
    return false;
  }

  /** Notes what cannot work. */
  public void check(Checks checks, String setting) {
    if (first < 1 || last > 65535 || first > last) {
      checks.reject(setting, this, "1 to 65535" + (first > last ? ", the lower one first" : ""));
    }
  }

  /** {@code 443} or {@code 1024-65535}. */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
