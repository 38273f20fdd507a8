package io.tidegate.core.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Decides how TLS is spoken with a client. Thread-safe; never blocks. */
public interface ServerTls {
  /** Speaks TLS with nobody: where every connection is passed on undecrypted, or refused. */
  ServerTls NONE =
      new ServerTls() {
        @Override
        public boolean serves(@Nullable String serverName) {
          return false;
        }

        @Override
        public SSLEngine engine(@Nullable String serverName, boolean http2) {
          throw new IllegalStateException("TLS is not spoken here");
        }
      };

  /**
   * Whether TLS is spoken at all with a client that wants {@code serverName}, null if it does not
   * say; who is not served is told that its name is unknown (RFC 6066 §3).
   */
  default boolean serves(@Nullable String serverName) {
    return true;
  }

  /**
   * Whether a client that has proved itself with {@code chain} is served: it may have resumed a
   * session that began when that was good.
   */
  default boolean accepts(List<X509Certificate> chain) {
    return true;
  }

  /**
   * The engine for one connection: a server's, with everything set but what the connection knows.
   *
   * @param serverName the host that the client wants, in lower case; null if it does not say
   * @param http2 whether HTTP/2 may be chosen (ALPN)
   */
  SSLEngine engine(@Nullable String serverName, boolean http2);
}
