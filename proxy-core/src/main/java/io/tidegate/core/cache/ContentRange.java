package io.tidegate.core.cache;

import org.jspecify.annotations.Nullable;

/**
 * The value of a Content-Range field (RFC 9110 §14.4).
 *
 * @param range the octets that are enclosed, with both ends; null if none are, as in a 416
 * @param completeLength the length of the representation, or {@link #UNKNOWN}
 */
public record ContentRange(@Nullable ByteRange range, long completeLength) {
  /** The complete length if nobody knows it. */
  public static final long UNKNOWN = -1;

  private static final String UNIT = "bytes ";

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the range is open or does not end before the complete
   *     length, or if nothing is known
   */
  public ContentRange {
    if (!isValid(range, completeLength)) {
      throw new IllegalArgumentException(
          "content range: " + range + " of " + completeLength + " (expected: a range within)");
    }
  }

  /** What a 416 says: no range, only the complete length. */
  public static ContentRange unsatisfied(long completeLength) {
    return new ContentRange(null, completeLength);
  }

  /**
   * Parses the value of the field.
   *
   * @return the range, or null if the unit is not {@code bytes} or the value is invalid; content is
   *     then not to be combined with what is stored
   */
  public static @Nullable ContentRange parse(String value) {
    int slash = value.indexOf('/');
    if (slash < 0 || !value.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return null;
    }
    boolean unknown = value.substring(slash + 1).equals("*");
    long length = unknown ? UNKNOWN : Digits.parse(value, slash + 1, value.length());
    boolean lengthIsValid = unknown || length >= 0;
    if (value.startsWith("*/", UNIT.length())) {
      return lengthIsValid && isValid(null, length) ? unsatisfied(length) : null;
    }
    int dash = value.indexOf('-');
    long first = Digits.parse(value, UNIT.length(), dash);
    long last = Digits.parse(value, dash + 1, slash);
    if (!lengthIsValid || first < 0 || last < first || last >= ByteRange.OPEN) {
      return null;
    }
    ByteRange range = new ByteRange(first, last);
    return isValid(range, length) ? new ContentRange(range, length) : null;
  }

  /** The value of the field. */
  public String text() {
    return UNIT
        + (range == null ? "*" : range.text())
        + "/"
        + (completeLength == UNKNOWN ? "*" : completeLength);
  }

  private static boolean isValid(@Nullable ByteRange range, long completeLength) {
    boolean lengthIsValid = completeLength >= 0 && completeLength <= ByteRange.OPEN;
    if (range == null) {
      return lengthIsValid;
    }
    return !range.isOpen()
        && (completeLength == UNKNOWN || (lengthIsValid && range.last() < completeLength));
  }
}
