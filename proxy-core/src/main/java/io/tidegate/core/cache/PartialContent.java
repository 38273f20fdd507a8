package io.tidegate.core.cache;

import org.jspecify.annotations.Nullable;

/**
 * Which octets of a representation a stored 206 response holds (RFC 9111 §3.3).
 *
 * @param held the octets
 * @param completeLength the length of the representation, or {@link ContentRange#UNKNOWN}
 * @param isCombinable whether others may be added; if not, the rest is of no use
 */
public record PartialContent(ByteRange held, long completeLength, boolean isCombinable) {
  /**
   * What a 206 response has brought.
   *
   * <p>Some origin servers count one octet too many up to the end. If the content is shorter than a
   * range that is said to reach the end, the content is believed: the representation ends where the
   * content does. Then it may be served, but not combined.
   *
   * @param said the Content-Range of the response
   * @param contentLength how many octets its content has
   * @return what is held; null if the content does not fit the range
   */
  static @Nullable PartialContent of(ContentRange said, long contentLength) {
    ByteRange range = said.range();
    if (range == null || contentLength <= 0 || contentLength > range.length()) {
      return null;
    }
    if (contentLength == range.length()) {
      return new PartialContent(range, said.completeLength(), true);
    }
    long end = range.first() + contentLength;
    return range.last() + 1 == said.completeLength()
        ? new PartialContent(new ByteRange(range.first(), end - 1), end, false)
        : null;
  }

  /** Whether nothing is missing. */
  public boolean isComplete() {
    return held.first() == 0 && held.last() == completeLength - 1;
  }

  /** The Content-Range of all that is held. */
  public ContentRange range() {
    return new ContentRange(held, completeLength);
  }

  /**
   * The one range to ask for so that another one, which can be satisfied, is held as well. It is
   * open if it goes on to the end of the representation.
   *
   * @return null if nothing is missing, or if it is not one range that is missing next to this one
   */
  @Nullable ByteRange missing(ByteRange wanted) {
    long last = Math.min(wanted.last(), lastPosition());
    boolean before = wanted.first() < held.first();
    boolean behind = last > held.last();
    if (before == behind || !touches(new ByteRange(wanted.first(), last))) {
      return null;
    }
    if (before) {
      return new ByteRange(wanted.first(), held.first() - 1);
    }
    long first = held.last() + 1;
    return last == lastPosition() ? ByteRange.from(first) : new ByteRange(first, last);
  }

  /** How many octets are held with another range; {@link Long#MAX_VALUE} if nobody knows. */
  long lengthWith(ByteRange other) {
    long last = Math.min(other.last(), lastPosition());
    return last == ByteRange.OPEN
        ? Long.MAX_VALUE
        : Math.max(last, held.last()) - Math.min(other.first(), held.first()) + 1;
  }

  private boolean touches(ByteRange other) {
    return held.first() <= other.last() + 1 && other.first() <= held.last() + 1;
  }

  /**
   * What both hold together. The caller has made sure that they belong to the same representation.
   *
   * @return null if that is not one range, if one of them is not combinable, or if they contradict
   *     each other on the complete length
   */
  @Nullable PartialContent with(PartialContent other) {
    long length = Math.max(completeLength, other.completeLength);
    boolean combinable = isCombinable && other.isCombinable && touches(other.held);
    return combinable && allows(length) && other.allows(length)
        ? new PartialContent(held.span(other.held), length, true)
        : null;
  }

  /** Whether the representation may have this length, by all that is known of it. */
  private boolean allows(long length) {
    return completeLength == length
        || (completeLength == ContentRange.UNKNOWN && held.last() < length);
  }

  /**
   * What to answer a request for ranges with. If it is {@link RangeSelection.Kind#UNKNOWN}, the
   * origin server must be asked: octets are missing, or where the ranges are is not known.
   *
   * @param limit how many ranges may be asked for, as in {@link ByteRanges#select}
   */
  public RangeSelection select(ByteRanges asked, int limit) {
    RangeSelection selection = asked.select(completeLength, limit);
    boolean answered =
        switch (selection.kind()) {
          case ALL -> isComplete();
          case SOME -> selection.ranges().stream().allMatch(held::contains);
          case NOT_SATISFIABLE, UNKNOWN -> true;
        };
    return answered ? selection : RangeSelection.UNKNOWN;
  }

  private long lastPosition() {
    return completeLength == ContentRange.UNKNOWN ? ByteRange.OPEN : completeLength - 1;
  }
}
