package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.RequestHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ranges that a request asks for (RFC 9110 §14.2), not yet held against a representation. */
public final class ByteRanges {
  /** Ranges no further apart are sent as one: a part's head would cost more than the gap. */
  private static final long LEAST_GAP = 80; // RFC 9110 §15.3.7.2

  private static final String UNIT = "bytes=";

  /**
   * A range as it was written.
   *
   * @param first the first position, or -1 for a suffix
   * @param last the last position, or the length of a suffix; at most {@link ByteRange#OPEN}
   */
  private record Spec(long first, long last) {
    boolean isSuffix() {
      return first < 0;
    }
  }

  private final List<Spec> specs;

  private ByteRanges(List<Spec> specs) {
    this.specs = specs;
  }

  /**
   * The ranges of a request, or null if it asks for the whole: the method is neither GET nor QUERY
   * (RFC 10008 §2.8), there is no Range field or more than one, or {@link #parse} makes nothing of
   * it. If-Range is not looked at.
   */
  public static @Nullable ByteRanges of(RequestHead request) {
    List<String> values = request.fields().all(FieldName.RANGE);
    boolean hasRanges = request.method().equals("GET") || request.method().equals("QUERY");
    return hasRanges && values.size() == 1 ? parse(values.get(0)) : null;
  }

  /**
   * Parses the value of a Range field. Positions beyond 63 bits count as the largest there are.
   *
   * @return the ranges, or null if the unit is not {@code bytes} or the syntax is wrong: the field
   *     is then to be ignored
   */
  public static @Nullable ByteRanges parse(String value) {
    if (!value.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return null;
    }
    List<Spec> specs = new ArrayList<>(2);
    for (String member : value.substring(UNIT.length()).split(",", -1)) {
      String text = member.strip();
      Spec spec = text.isEmpty() ? null : spec(text);
      if (spec != null) {
        specs.add(spec);
      } else if (!text.isEmpty()) {
        return null;
      }
    }
    return specs.isEmpty() ? null : new ByteRanges(specs);
  }

  private static @Nullable Spec spec(String text) {
    int dash = text.indexOf('-');
    boolean open = dash == text.length() - 1;
    if (dash < 0 || (dash == 0 && open)) {
      return null;
    }
    long first = dash == 0 ? -1 : position(text, 0, dash);
    long last = open ? ByteRange.OPEN : position(text, dash + 1, text.length());
    boolean valid = dash == 0 ? last >= 0 : first >= 0 && first <= last;
    return valid ? new Spec(first, last) : null;
  }

  private static long position(String text, int from, int to) {
    return Math.min(Digits.parse(text, from, to), ByteRange.OPEN);
  }

  /**
   * Holds the ranges against a representation (RFC 9110 §14.1.2). Those that overlap or nearly
   * touch become one, so what is sent is never more than the whole (§17.15); if nothing had to be
   * joined, the order is that of the request.
   *
   * @param completeLength the length of the representation, or {@link ContentRange#UNKNOWN}, to
   *     which only ranges with both ends can be resolved
   * @param limit how many ranges may be asked for; with more of them the field is ignored
   */
  public RangeSelection select(long completeLength, int limit) {
    if (specs.size() > limit) {
      return RangeSelection.ALL;
    }
    return completeLength == ContentRange.UNKNOWN ? selectUnsized() : selectSized(completeLength);
  }

  private RangeSelection selectUnsized() {
    List<ByteRange> ranges = new ArrayList<>(specs.size());
    for (Spec spec : specs) {
      if (spec.isSuffix() || spec.last == ByteRange.OPEN) {
        return RangeSelection.UNKNOWN;
      }
      ranges.add(new ByteRange(spec.first, spec.last));
    }
    return RangeSelection.of(joined(ranges));
  }

  private RangeSelection selectSized(long length) {
    List<ByteRange> ranges = new ArrayList<>(specs.size());
    for (Spec spec : specs) {
      long first = spec.isSuffix() ? Math.max(length - spec.last, 0) : spec.first;
      long last = spec.isSuffix() ? length - 1 : Math.min(spec.last, length - 1);
      if (spec.isSuffix() && spec.last > 0 && length == 0) {
        return RangeSelection.ALL; // satisfied by nothing, which no Content-Range can say
      }
      if (first <= last) {
        ranges.add(new ByteRange(first, last));
      }
    }
    return ranges.isEmpty() ? RangeSelection.NOT_SATISFIABLE : RangeSelection.of(joined(ranges));
  }

  private static List<ByteRange> joined(List<ByteRange> ranges) {
    List<ByteRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(ByteRange::first));
    List<ByteRange> joined = new ArrayList<>(sorted.size());
    for (ByteRange range : sorted) {
      ByteRange before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (before != null && range.first() - before.last() <= LEAST_GAP) {
        joined.set(joined.size() - 1, before.span(range));
      } else {
        joined.add(range);
      }
    }
    return joined.size() == ranges.size() ? ranges : joined;
  }
}
