package io.tidegate.core.tls;

import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Decides how TLS is spoken with a client. Thread-safe; never blocks. */
public interface ServerTls {
  /**
   * The engine for one connection: a server's, with everything set but what the connection knows.
   *
   * @param serverName the host that the client wants, in lower case; null if it does not say
   * @param http2 whether HTTP/2 may be chosen (ALPN)
   */
  SSLEngine engine(@Nullable String serverName, boolean http2);
}
