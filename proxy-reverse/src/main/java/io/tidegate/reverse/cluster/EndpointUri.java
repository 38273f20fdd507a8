package io.tidegate.reverse.cluster;

import io.tidegate.core.http.Authority;
import io.tidegate.core.spi.Destination;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The URIs that name endpoints: {@code http} or {@code https}, host, perhaps a port, and nothing
 * else.
 */
public final class EndpointUri {
  /** What such a URI looks like. */
  public static final String EXPECTED =
      "http://host, https://host or with a port; no path, query or user";

  private EndpointUri() {}

  /** The URI as it may be shown: a password does not belong there, but may have got there. */
  public static String withoutUser(String uri) {
    int at = uri.lastIndexOf('@');
    int start = uri.indexOf("://");
    return at < 0 ? uri : uri.substring(0, start < 0 ? 0 : start + 3) + "…" + uri.substring(at);
  }

  /** The destination that {@code uri} names, or null if it is no such URI. */
  public static @Nullable Destination parse(String uri) {
    int colon = uri.indexOf("://");
    String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return null;
    }
    Authority authority = Authority.parseOrNull(uri.substring(colon + 3));
    boolean valid =
        authority != null
            && !authority.host().isEmpty()
            && authority.host().indexOf('%') < 0
            && authority.port() != 0
            && !uri.endsWith(":");
    return valid && authority != null
        ? new Destination(
            scheme.equals("https"), authority.bareHost(), authority.portOr(scheme), null)
        : null;
  }
}
