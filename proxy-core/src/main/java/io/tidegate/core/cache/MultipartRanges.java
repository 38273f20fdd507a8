package io.tidegate.core.cache;

import io.tidegate.core.http.Ascii;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a multipart/byteranges body (RFC 9110 §14.6): for each range a head and its octets,
 * and the closing delimiter. A response with it has no Content-Range of its own (§15.3.7.2).
 */
public final class MultipartRanges {
  private static final int MAX_BOUNDARY = 70; // RFC 2046 §5.1.1
  private static final String BOUNDARY_MARKS = "'()+_,-./:=?";

  private final String boundary;
  private final @Nullable String contentType;
  private final List<ByteRange> ranges;
  private final List<ContentRange> contentRanges;

  /**
   * The frame of some ranges.
   *
   * @param boundary what divides the parts; must not occur in them, so is best random
   * @param contentType the Content-Type of the representation, or null if it has none
   * @param ranges the ranges, in the order of the parts
   * @param completeLength the length of the representation, or {@link ContentRange#UNKNOWN}
   * @throws IllegalArgumentException if the boundary is not one to 70 letters, digits and marks, or
   *     a range is not one of the representation
   */
  public MultipartRanges(
      String boundary, @Nullable String contentType, List<ByteRange> ranges, long completeLength) {
    if (boundary.isEmpty()
        || boundary.length() > MAX_BOUNDARY
        || !boundary.chars().allMatch(MultipartRanges::isBoundary)) {
      throw new IllegalArgumentException(
          "boundary: '" + boundary + "' (expected: 1 to 70 letters, digits and marks)");
    }
    this.boundary = boundary;
    this.contentType = contentType;
    this.ranges = List.copyOf(ranges);
    this.contentRanges =
        ranges.stream().map(range -> new ContentRange(range, completeLength)).toList();
  }

  /** The ranges, in the order of the parts. */
  public List<ByteRange> ranges() {
    return ranges;
  }

  /** The Content-Type of the response. */
  public String contentType() {
    boolean token = Ascii.isToken(boundary);
    return "multipart/byteranges; boundary=" + (token ? boundary : '"' + boundary + '"');
  }

  /** The octets before those of range {@code index}. */
  public byte[] partHead(int index) {
    String type = contentType == null ? "" : "Content-Type: " + contentType + "\r\n";
    String range = contentRanges.get(index).text();
    return Ascii.octets(
        (index == 0 ? "--" : "\r\n--")
            + boundary
            + "\r\n"
            + type
            + "Content-Range: "
            + range
            + "\r\n\r\n");
  }

  /** The octets after those of the last range. */
  public byte[] end() {
    return Ascii.octets("\r\n--" + boundary + "--\r\n");
  }

  /** The length of the whole body: heads, ranges and the closing delimiter. */
  public long length() {
    long length = end().length;
    for (int i = 0; i < ranges.size(); i++) {
      length += partHead(i).length + ranges.get(i).length();
    }
    return length;
  }

  private static boolean isBoundary(int c) {
    return Ascii.isLetter(c) || Ascii.isDigit(c) || BOUNDARY_MARKS.indexOf(c) >= 0;
  }
}
