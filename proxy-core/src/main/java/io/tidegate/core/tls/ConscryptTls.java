package io.tidegate.core.tls;

import java.security.Provider;
import javax.net.ssl.SSLEngine;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/** TLS by Conscrypt, where that is on the class path and runs on this platform. */
final class ConscryptTls {
  private static final @Nullable Provider PROVIDER = load();

  private ConscryptTls() {}

  private static @Nullable Provider load() {
    try {
      return Conscrypt.isAvailable() ? Conscrypt.newProvider() : null;
    } catch (LinkageError e) {
      return null;
    }
  }

  /** Null if it is not there. */
  static @Nullable Provider provider() {
    return PROVIDER;
  }

  /**
   * Has an engine of a server send tickets (RFC 8446 §4.6.1), without which 1.3 resumes nothing.
   */
  static void useTickets(SSLEngine engine) {
    if (PROVIDER != null && Conscrypt.isConscrypt(engine)) {
      Conscrypt.setUseSessionTickets(engine, true);
    }
  }
}
