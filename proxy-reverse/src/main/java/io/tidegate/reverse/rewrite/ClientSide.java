package io.tidegate.reverse.rewrite;

import io.tidegate.core.http.Authority;

/**
 * How the client knows us, as far as we know.
 *
 * @param scheme http or https; empty if a proxy in front of us may speak another
 * @param authority what the client asked for; its host may be empty
 * @param secure whether the client's own connection is TLS
 */
record ClientSide(String scheme, Authority authority, boolean secure) {
  /** {@code scheme://authority}, or empty if either is not known. */
  String origin() {
    return scheme.isEmpty() || authority.host().isEmpty() ? "" : scheme + "://" + authority;
  }

  /** As {@link #origin}, for another of our hosts; without the scheme if that is not known. */
  String originOf(String host) {
    String prefix = scheme.isEmpty() ? "//" : scheme + "://";
    return prefix + new Authority(host, authority.port());
  }
}
