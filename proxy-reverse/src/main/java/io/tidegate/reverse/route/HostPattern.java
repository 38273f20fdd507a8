package io.tidegate.reverse.route;

import io.tidegate.core.http.Authority;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts a route takes: one name or address, every name below one ({@code *.example.com}, not
 * {@code example.com} itself), or any. Ports do not count, case neither, nor does the dot that ends
 * a fully qualified name.
 *
 * @param kind what kind of pattern this is
 * @param text the host for {@link Kind#EXACT}, {@code .example.com} for {@link Kind#BELOW}, else
 *     empty
 */
public record HostPattern(Kind kind, String text) {
  /** The pattern that takes every host. */
  public static final String ANY = "*";

  /** What a pattern looks like. */
  public static final String EXPECTED =
      "a host like shop.example.com or *.example.com, or *; without port";

  /** The kinds, most specific first. */
  public enum Kind {
    EXACT,
    BELOW,
    ANY
  }

  /** The pattern spelled {@code text}, or null if it is none. */
  public static @Nullable HostPattern parse(String text) {
    if (text.equals(ANY)) {
      return new HostPattern(Kind.ANY, "");
    }
    boolean below = text.startsWith("*.");
    Authority authority = Authority.parseOrNull(below ? text.substring(2) : text);
    if (authority == null || text.endsWith(":")) {
      return null;
    }
    String host = withoutFinalDot(authority.host());
    boolean valid =
        !host.isEmpty()
            && authority.port() < 0
            && host.indexOf('*') < 0
            && !host.startsWith(".")
            && !(below && host.startsWith("["));
    if (!valid) {
      return null;
    }
    return below ? new HostPattern(Kind.BELOW, "." + host) : new HostPattern(Kind.EXACT, host);
  }

  /** Whether this takes {@code host}, in lower case, with or without a final dot. */
  public boolean takes(String host) {
    return matches(withoutFinalDot(host));
  }

  /** Whether this takes {@code host}, in lower case and without the final dot. */
  public boolean matches(String host) {
    return switch (kind) {
      case EXACT -> host.equals(text);
      case BELOW -> host.length() > text.length() && host.endsWith(text);
      case ANY -> true;
    };
  }

  /** {@code host}, in lower case, without the dot of a fully qualified name. */
  public static String withoutFinalDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
