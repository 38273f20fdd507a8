package io.tidegate.reverse.rewrite;

import io.tidegate.core.http.Authority;
import io.tidegate.core.spi.Checks;

/** What the upstream gets as Host (RFC 9110 §7.2). */
public sealed interface UpstreamHost {
  /**
   * The host the client asked for, so that the application knows its public name; the endpoint's if
   * it named none.
   */
  record OfClient() implements UpstreamHost {}

  /** The endpoint's own host and port. */
  record OfEndpoint() implements UpstreamHost {}

  /**
   * Always the same one.
   *
   * @param name a host, with a port if it is not the default one
   */
  record Named(String name) implements UpstreamHost {
    /** Rejects what is no host. */
    public Named {
      Authority authority = Authority.parseOrNull(name);
      if (authority == null || authority.host().isEmpty()) {
        new Checks().reject("host", name, "a host, or a host and port").done();
      }
    }
  }
}
