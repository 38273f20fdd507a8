package io.tidegate.core.tls;

import io.tidegate.core.spi.UpstreamTls;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The trust and keys of the platform, as they are when they are first wanted: reading the
 * authorities takes longer than all else that a proxy does when it starts.
 */
public final class PlatformTls implements UpstreamTls.Source {
  /** Of all proxies, as the platform has one context. */
  public static final PlatformTls SOURCE = new PlatformTls();

  private volatile @Nullable SSLContext known;

  private PlatformTls() {}

  @Override
  public boolean isReady() {
    return known != null;
  }

  /**
   * Trust and keys; it blocks unless they are ready.
   *
   * @throws IllegalStateException if the platform has none
   */
  @Override
  public SSLContext context() {
    SSLContext context = known;
    if (context == null) {
      context = platform();
      known = context;
    }
    return context;
  }

  private static SSLContext platform() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the platform has no trust and keys for TLS", e);
    }
  }
}
