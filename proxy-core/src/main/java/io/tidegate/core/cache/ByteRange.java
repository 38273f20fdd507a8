package io.tidegate.core.cache;

/**
 * Octets of a representation (RFC 9110 §14.1.2), both ends included.
 *
 * @param first the position of the first, from 0
 * @param last the position of the last; {@link #OPEN} if it is the representation's, unknown
 */
public record ByteRange(long first, long last) {
  /** The last position of a range that goes on to the end, wherever that is. */
  public static final long OPEN = Long.MAX_VALUE - 1;

  /**
   * Checks the positions.
   *
   * @throws IllegalArgumentException if they are negative, in the wrong order or too great
   */
  public ByteRange {
    if (first < 0 || last < first || last > OPEN) {
      throw new IllegalArgumentException(
          "range: " + first + "-" + last + " (expected: 0 <= first <= last)");
    }
  }

  /** From {@code first} to the end of the representation. */
  public static ByteRange from(long first) {
    return new ByteRange(first, OPEN);
  }

  /** Whether it goes on to the end of the representation. */
  public boolean isOpen() {
    return last == OPEN;
  }

  /** How many octets it has; of no meaning if it is open. */
  public long length() {
    return last - first + 1;
  }

  /** Whether all of {@code other} lies in it. */
  public boolean contains(ByteRange other) {
    return first <= other.first && other.last <= last;
  }

  /** From the first octet of both to the last, with all that lies between. */
  public ByteRange span(ByteRange other) {
    return new ByteRange(Math.min(first, other.first), Math.max(last, other.last));
  }

  /** The range as the Range field has it: {@code 0-4}, or {@code 5-} if it is open. */
  public String text() {
    return first + "-" + (isOpen() ? "" : last);
  }
}
