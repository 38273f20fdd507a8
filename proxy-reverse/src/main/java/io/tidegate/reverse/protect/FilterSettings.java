package io.tidegate.reverse.protect;

import io.tidegate.core.spi.Checks;

/**
 * Which of the built-in filters are on. Sizes are in octets.
 *
 * @param pathTraversal refuses {@code ..} in paths, also in those of query parameters
 * @param controlOctets refuses escaped control octets
 * @param lineBreaks refuses escaped line breaks in the query
 * @param unknownHosts refuses hosts that no route names
 * @param debugMethods refuses TRACE, TRACK and DEBUG
 * @param overrideFields what becomes of fields that replace path, host or method
 * @param maxPathBytes the longest path, or {@link #ANY}
 * @param maxQueryBytes the longest query, or {@link #ANY}
 * @param maxQueryParameters the most query parameters, or {@link #ANY}
 * @param maxFieldBytes the longest field other than Cookie, as {@code name: value} and a line end,
 *     or {@link #ANY}
 * @param maxCookieBytes the longest Cookie, all its lines together, counted alike, or {@link #ANY}
 */
public record FilterSettings(
    boolean pathTraversal,
    boolean controlOctets,
    boolean lineBreaks,
    boolean unknownHosts,
    boolean debugMethods,
    OverrideHandling overrideFields,
    int maxPathBytes,
    int maxQueryBytes,
    int maxQueryParameters,
    int maxFieldBytes,
    int maxCookieBytes) {
  /** No limit. */
  public static final int ANY = Integer.MAX_VALUE;

  /** No filter is on. */
  public static final FilterSettings NONE =
      new FilterSettings(
          false, false, false, false, false, OverrideHandling.PASS, ANY, ANY, ANY, ANY, ANY);

  /** What becomes of request fields that replace the path, the host or the method. */
  public enum OverrideHandling {
    /** The upstream gets them. */
    PASS,
    /** They are removed. */
    REMOVE,
    /** A request with one is refused. */
    REFUSE
  }

  /** Rejects what cannot work. */
  public FilterSettings {
    new Checks()
        .atLeast("maxPathBytes", maxPathBytes, 1)
        .atLeast("maxQueryBytes", maxQueryBytes, 0)
        .atLeast("maxQueryParameters", maxQueryParameters, 0)
        .atLeast("maxFieldBytes", maxFieldBytes, 1)
        .atLeast("maxCookieBytes", maxCookieBytes, 0)
        .done();
  }

  boolean limitsSizes() {
    return Math.min(maxPathBytes, Math.min(maxQueryBytes, maxQueryParameters)) < ANY
        || Math.min(maxFieldBytes, maxCookieBytes) < ANY;
  }
}
