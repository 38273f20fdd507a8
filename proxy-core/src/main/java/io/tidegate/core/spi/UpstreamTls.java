package io.tidegate.core.spi;

import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How TLS connections to a destination are made: whom they trust, what they prove themselves with.
 * Connections are pooled by it, so equal ones must mean the same.
 *
 * @param context trust and keys
 * @param serverName the host to ask for in SNI and to expect in the certificate, null for the host
 *     of the destination
 */
public record UpstreamTls(SSLContext context, @Nullable String serverName) {
  /** Rejects one without a context. */
  public UpstreamTls {
    Objects.requireNonNull(context);
  }

  /** Trust and keys of {@code context}, for whichever host is gone to. */
  public static UpstreamTls of(SSLContext context) {
    return new UpstreamTls(context, null);
  }
}
