package io.tidegate.core.cache;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which octets of a representation are held (RFC 9111 §3.3). Immutable. */
public final class PartialContent {
  private final List<ByteRange> held; // ascending, with gaps between them
  private final long completeLength;
  private final boolean combinable;

  private PartialContent(List<ByteRange> held, long completeLength, boolean combinable) {
    this.held = List.copyOf(held);
    this.completeLength = completeLength;
    this.combinable = combinable;
  }

  /**
   * Nothing yet of a representation.
   *
   * @param completeLength its length, or {@link ContentRange#UNKNOWN}
   */
  public static PartialContent none(long completeLength) {
    return new PartialContent(List.of(), completeLength, true);
  }

  /**
   * What a 206 response that arrived whole has brought.
   *
   * <p>Some origin servers count one octet too many up to the end. If the content is shorter than a
   * range that is said to reach the end, the content is believed: the representation ends where the
   * content does. Then it may be served, but not {@linkplain #with combined}.
   *
   * @param said the Content-Range of the response
   * @param contentLength how many octets its content had
   * @return what is held; null if the content does not fit the range
   */
  public static @Nullable PartialContent of(ContentRange said, long contentLength) {
    ByteRange range = said.range();
    if (range == null || contentLength <= 0 || contentLength > range.length()) {
      return null;
    }
    if (contentLength == range.length()) {
      return none(said.completeLength()).add(range);
    }
    long end = range.first() + contentLength;
    return range.last() + 1 == said.completeLength()
        ? new PartialContent(List.of(new ByteRange(range.first(), end - 1)), end, false)
        : null;
  }

  /** The length of the representation, or {@link ContentRange#UNKNOWN}. */
  public long completeLength() {
    return completeLength;
  }

  /** The ranges that are held: ascending, and none touches the next. */
  public List<ByteRange> held() {
    return held;
  }

  /** Whether more may be added to it from another response; if not, the rest is of no use. */
  public boolean isCombinable() {
    return combinable;
  }

  /** Whether nothing is missing. */
  public boolean isComplete() {
    return completeLength != ContentRange.UNKNOWN && missing(ByteRange.from(0)).isEmpty();
  }

  /**
   * This and one range more, joined with those it touches.
   *
   * @throws IllegalArgumentException if the range is open or ends behind the representation
   */
  public PartialContent add(ByteRange range) {
    if (range.isOpen() || range.last() > lastPosition()) {
      throw new IllegalArgumentException(
          "range: " + range.text() + " (expected: one within " + completeLength + " octets)");
    }
    ByteRange added = range;
    List<ByteRange> ranges = new ArrayList<>(held.size() + 1);
    for (ByteRange other : held) {
      if (other.last() + 1 < added.first() || added.last() + 1 < other.first()) {
        ranges.add(other);
      } else {
        added = added.span(other);
      }
    }
    ranges.add(added);
    ranges.sort(Comparator.comparingLong(ByteRange::first));
    return new PartialContent(ranges, completeLength, combinable);
  }

  /**
   * What both hold together. The caller has made sure that they belong to the same representation
   * ({@link PartialResponses#mayCombine}).
   *
   * @return the union; null if one of them is not combinable, or if they contradict each other on
   *     the complete length
   */
  public @Nullable PartialContent with(PartialContent other) {
    long length = Math.max(completeLength, other.completeLength);
    if (!combinable || !other.combinable || !allows(length) || !other.allows(length)) {
      return null;
    }
    PartialContent union = new PartialContent(held, length, true);
    for (ByteRange range : other.held) {
      union = union.add(range);
    }
    return union;
  }

  /** Whether the representation may have this length, by all that is known of it. */
  private boolean allows(long length) {
    return completeLength == length
        || (completeLength == ContentRange.UNKNOWN
            && (held.isEmpty() || held.get(held.size() - 1).last() < length));
  }

  /**
   * Whether all of a range is held, and so can be served (RFC 9111 §3.3). What it has beyond the
   * end of the representation does not count.
   */
  public boolean covers(ByteRange range) {
    long last = Math.min(range.last(), lastPosition());
    return range.first() <= last
        && held.stream().anyMatch(own -> own.contains(new ByteRange(range.first(), last)));
  }

  /** Those parts of a range that are not held, ascending; open ones if the length is unknown. */
  public List<ByteRange> missing(ByteRange range) {
    List<ByteRange> missing = new ArrayList<>();
    long last = Math.min(range.last(), lastPosition());
    long at = range.first();
    for (ByteRange own : held) {
      long gapEnd = Math.min(own.first() - 1, last);
      if (at <= gapEnd) {
        missing.add(new ByteRange(at, gapEnd));
      }
      at = Math.max(at, own.last() + 1);
    }
    if (at <= last) {
      missing.add(new ByteRange(at, last));
    }
    return missing;
  }

  /**
   * The one range to ask for so that another is held whole: from the first octet that is missing of
   * it to the last. It is open if it goes on to the end of the representation.
   *
   * @return the range, or null if nothing is missing
   */
  public @Nullable ByteRange toAsk(ByteRange range) {
    List<ByteRange> missing = missing(range);
    if (missing.isEmpty()) {
      return null;
    }
    long first = missing.get(0).first();
    long last = missing.get(missing.size() - 1).last();
    return last == lastPosition() ? ByteRange.from(first) : new ByteRange(first, last);
  }

  /**
   * What to answer a request for ranges with. If it is {@link RangeSelection.Kind#UNKNOWN}, the
   * origin server must be asked: octets are missing, or where the ranges are is not known.
   *
   * @param limit how many ranges may be asked for, as in {@link ByteRanges#select}
   */
  public RangeSelection select(ByteRanges asked, int limit) {
    RangeSelection selection = asked.select(completeLength, limit);
    boolean held =
        switch (selection.kind()) {
          case ALL -> isComplete();
          case SOME -> selection.ranges().stream().allMatch(this::covers);
          case NOT_SATISFIABLE, UNKNOWN -> true;
        };
    return held ? selection : RangeSelection.UNKNOWN;
  }

  private long lastPosition() {
    return completeLength == ContentRange.UNKNOWN ? ByteRange.OPEN : completeLength - 1;
  }
}
