package io.tidegate.reverse.route;

/**
 * What becomes of a path that servers are known to read in different ways: one with an escaped
 * slash ({@code /a%2Fb}), a backslash or its escape, empty segments ({@code /a//b}), parameters of
 * segments ({@code /a;x/b}), escaped escapes ({@code /%2561}) or an escaped zero octet.
 *
 * <p>Whatever is chosen, dot segments that only some servers would see are refused.
 */
public enum AmbiguousPaths {
  /**
   * The path is taken as this proxy reads it. Safe only where every upstream reads paths in this
   * way.
   */
  AS_SPELLED,
  /**
   * The path is refused with 400 if another reading of it would take another route, or none: so
   * nobody gets round a route's rules by a spelling that its upstream undoes. The default.
   */
  SAME_ROUTE,
  /** Every such path is refused with 400. */
  REFUSED
}
