package io.tidegate.forward.egress;

import io.tidegate.core.http.Authority;
import io.tidegate.core.spi.Parent;
import io.tidegate.forward.address.TargetHost;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a parent proxy is: {@code http://proxy.example:3128}. */
final class ParentUri {
  static final String EXPECTED =
      "http://, https://, socks5:// or socks4a:// with a host and a port, and nothing more";

  private ParentUri() {}

  /** The parent proxy that {@code uri} names, or null if it names none. */
  static @Nullable Parent parse(String uri, Parent.@Nullable Credentials credentials) {
    int colon = uri.indexOf("://");
    Parent.Kind kind = colon < 0 ? null : kind(uri.substring(0, colon));
    Authority authority = kind == null ? null : Authority.parseOrNull(uri.substring(colon + 3));
    TargetHost host = authority == null ? null : TargetHost.of(authority);
    return kind == null || authority == null || host == null || authority.port() <= 0
        ? null
        : new Parent(kind, host.name(), authority.port(), null, credentials);
  }

  private static Parent.@Nullable Kind kind(String scheme) {
    for (Parent.Kind kind : Parent.Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(scheme.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    return null;
  }
}
