package io.tidegate.core.tls;

import java.security.Provider;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/** TLS by Conscrypt, where that is on the class path and runs on this platform. */
final class ConscryptTls {
  private static final @Nullable Provider PROVIDER = load();

  /**
   * So many sessions with upstreams are kept to be resumed. They lie outside the heap, where
   * nothing makes room for others, and every connection brings some. Those with clients are in
   * tickets.
   */
  private static final int SESSIONS = 1024;

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

  /** Limits what a context keeps. */
  static void bound(SSLContext context) {
    context.getClientSessionContext().setSessionCacheSize(SESSIONS);
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
