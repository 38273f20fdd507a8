package io.tidegate.reverse;

import io.tidegate.core.spi.UpstreamHttp;

/**
 * How the endpoints of a cluster are spoken to.
 *
 * @param http which versions of HTTP
 */
public record TransportSettings(UpstreamHttp http) {
  /** What uncalled builder methods mean. */
  public static final TransportSettings DEFAULT = new TransportSettings(UpstreamHttp.HTTP_1_1);
}
