package io.tidegate.core.cache;

import java.util.List;

/**
 * What the Range field of a request comes to for one representation (RFC 9110 §14.2).
 *
 * @param kind how to answer
 * @param ranges the octets to send, disjoint, in the order in which to send them; empty unless kind
 *     is {@link Kind#SOME}
 */
public record RangeSelection(Kind kind, List<ByteRange> ranges) {
  /** How a request with ranges is answered. */
  public enum Kind {
    /** With the whole representation: the field is ignored. */
    ALL,
    /** With 206 and the ranges. */
    SOME,
    /** With 416 and {@link ContentRange#unsatisfied}. */
    NOT_SATISFIABLE,
    /** Not from here: the ranges depend on the complete length, which is unknown. */
    UNKNOWN
  }

  static final RangeSelection ALL = new RangeSelection(Kind.ALL, List.of());
  static final RangeSelection NOT_SATISFIABLE = new RangeSelection(Kind.NOT_SATISFIABLE, List.of());
  static final RangeSelection UNKNOWN = new RangeSelection(Kind.UNKNOWN, List.of());

  /** Copies the ranges. */
  public RangeSelection {
    ranges = List.copyOf(ranges);
  }

  static RangeSelection of(List<ByteRange> ranges) {
    return new RangeSelection(Kind.SOME, ranges);
  }
}
