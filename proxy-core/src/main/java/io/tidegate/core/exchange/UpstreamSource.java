package io.tidegate.core.exchange;

import io.tidegate.core.http.Authority;
import io.tidegate.core.spi.Destination;

/** Where a stored response came from, as the store keeps it: {@code http://host:port}. */
final class UpstreamSource {
  private UpstreamSource() {}

  static Destination parse(String source) {
    boolean secure = source.startsWith("https:");
    Authority authority = Authority.parseOrNull(source.substring(source.indexOf("//") + 2));
    if (authority == null) {
      throw new IllegalStateException("a source that is none: " + source);
    }
    return new Destination(
        secure, authority.bareHost(), authority.portOr(secure ? "https" : "http"), null);
  }
}
