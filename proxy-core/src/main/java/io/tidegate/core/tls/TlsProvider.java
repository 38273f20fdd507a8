package io.tidegate.core.tls;

import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Who computes TLS. */
public enum TlsProvider {
  /** Conscrypt, if it is on the class path and runs on this platform; else the Java platform. */
  FASTEST,
  /** The Java platform. */
  JDK;

  private static final String TLS = "TLS";

  /**
   * A context that proves itself with {@code keys}.
   *
   * @param keys null for none
   * @param trusted null for what the platform trusts
   * @throws GeneralSecurityException if they cannot be used
   */
  public SSLContext context(KeyManager @Nullable [] keys, TrustManager @Nullable [] trusted)
      throws GeneralSecurityException {
    Provider fast = this == FASTEST ? ConscryptTls.provider() : null;
    SSLContext context =
        fast == null ? SSLContext.getInstance(TLS) : SSLContext.getInstance(TLS, fast);
    context.init(keys, trusted, null);
    if (fast != null) {
      ConscryptTls.bound(context);
    }
    return context;
  }

  /** Lets clients of {@code engine}, which is a server's, resume their sessions. */
  static void resumable(SSLEngine engine) {
    if (Engines.computesAtOnce(engine)) {
      ConscryptTls.useTickets(engine);
    }
  }
}
