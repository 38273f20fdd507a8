package io.tidegate.reverse.protect;

import io.tidegate.core.http.Authority;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which origins may ask: one, or those of every host below one. Compared in the spelling of
 * browsers (RFC 6454 §6.2): lower case, without a default port.
 *
 * @param prefix what an origin begins with: all of it, or {@code https://}
 * @param suffix what it ends with, {@code .app.example}; null for one origin
 */
record OriginPattern(String prefix, @Nullable String suffix) {
  static final String EXPECTED =
      "an origin like https://app.example or https://*.app.example, without default port, or null,"
          + " or *";

  /** The pattern spelled {@code text}, or null if it is none. */
  static @Nullable OriginPattern parse(String text) {
    if (text.equals("null") || text.equals(CorsSettings.ANY)) {
      return new OriginPattern(text, null);
    }
    String origin = text.toLowerCase(Locale.ROOT);
    int host = origin.indexOf("://") + 3;
    String scheme = origin.substring(0, Math.max(0, host - 3));
    if (!scheme.matches("[a-z][a-z0-9+.-]*")) {
      return null;
    }
    boolean below = origin.startsWith("*.", host);
    Authority authority = Authority.parseOrNull(origin.substring(below ? host + 2 : host));
    boolean valid =
        authority != null
            && !authority.host().isEmpty()
            && authority.host().indexOf('*') < 0
            && !authority.host().startsWith(".")
            && !origin.endsWith(":")
            && authority.withoutDefaultPort(scheme).equals(authority);
    if (!valid) {
      return null;
    }
    return below
        ? new OriginPattern(origin.substring(0, host), origin.substring(host + 1))
        : new OriginPattern(origin, null);
  }

  /** Whether this takes the value of an Origin field. */
  boolean takes(String origin) {
    String end = suffix;
    if (end == null) {
      return origin.equals(prefix);
    }
    int host = origin.length() - prefix.length() - end.length();
    return host > 0
        && origin.startsWith(prefix)
        && origin.endsWith(end)
        && isHostPart(origin, prefix.length(), prefix.length() + host);
  }

  /** Whether only labels and dots stand between the two: nothing that would end the host there. */
  private static boolean isHostPart(String origin, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = origin.charAt(i);
      boolean label = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      if (!label && (c != '.' || i == from)) {
        return false;
      }
    }
    return true;
  }
}
